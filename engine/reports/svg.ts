import { type Markup, markup } from './markup.ts';
import { type Report, titleOf } from './report.ts';
import { colours } from './topology/palette.ts';
import { drawTopology } from './topology/picture.ts';

export const FONT = 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const CAPTION = 40;

/** The topology as a picture of its own: on white, with what it shows and when beneath it. */
export function topologySvg(report: Report): Markup {
  const { size, content, description } = drawTopology(report);
  const { result } = report;
  const width = Math.max(size.width, 520);
  const height = size.height + CAPTION;
  const caption = `${new Date(result.startedAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC · seed ${result.seed} · Archipel ${result.host.versions.archipel}`;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" role="img">
<title>${titleOf(report)}</title>
<desc>${description}</desc>
<rect width="${width}" height="${height}" fill="${colours.paper}"/>
<g transform="translate(${(width - size.width) / 2} 0)">${content}</g>
<text x="24" y="${height - 20}" font-size="12" fill="${colours.muted}">${report.document.name} · ${caption}</text>
</svg>
`;
}
