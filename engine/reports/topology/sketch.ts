import type { ArchipelDocument } from '../../model/document.ts';
import { type Markup, markup } from '../markup.ts';
import { kindOf } from '../measures.ts';
import { type Box, CARD, layOut } from './layout.ts';
import { colours, families } from './palette.ts';
import type { Picture } from './picture.ts';
import { fitted } from './text-width.ts';

const HEIGHT = 64;
const noteColours = { yellow: '#fff3bf', green: '#d3f9d8', blue: '#d0ebff', pink: '#ffdeeb' };
const LINE_SIGNS = 30;

/** The topology as it is drawn, without anything that was measured. */
export function sketchTopology(document: ArchipelDocument): Picture {
  const layout = layOut(document, () => 0);
  const box = (boxes: ReadonlyMap<string, Box>, id: string) => boxes.get(id) as Box;
  return {
    size: layout.size,
    content: markup`${document.groups.map(({ id, kind, name }) => frame(box(layout.groups, id), `${kind} ${name}`))}
${document.edges.map(({ id }) => line(layout.edges.get(id)?.path))}
${document.nodes.map((node) => card(box(layout.nodes, node.id), node))}
${document.notes.map(({ id, text, color }) => note(box(layout.notes, id), text, noteColours[color]))}`,
    description: `${document.nodes.length} nodes and ${document.edges.length} edges`,
  };
}

const frame = ({ x, y, width, height }: Box, title: string): Markup => markup`<g>
<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="14" fill="none" stroke="${colours.line}" stroke-width="1.5" stroke-dasharray="6 5"/>
<text x="${x + 12}" y="${y + 20}" font-size="12" fill="${colours.muted}">${fitted(title, width - 24, 12)}</text></g>`;

function line(path: string | undefined): Markup | null {
  const end = path === undefined ? null : /(\S+) (\S+)$/.exec(path);
  if (!path || !end) return null;
  const [x, y] = [Number(end[1]), Number(end[2])];
  return markup`<path d="${path}" fill="none" stroke="${colours.edge}" stroke-width="2"/><path d="M${x + 7} ${y}l-9 -5v10z" fill="${colours.edge}"/>`;
}

function card({ x, y }: Box, node: { name: string; kind: string }): Markup {
  const kind = kindOf(node.kind);
  const top = y + (CARD.height - HEIGHT) / 2;
  const title = kind?.title ?? node.kind;
  return markup`<g><title>${node.name}</title>
<rect x="${x}" y="${top}" width="${CARD.width}" height="${HEIGHT}" rx="12" fill="${colours.card}" stroke="${colours.line}" stroke-width="1.5"/>
<circle cx="${x + 32}" cy="${top + HEIGHT / 2}" r="17" fill="${families[kind?.family ?? 'compute']}"/>
<text x="${x + 32}" y="${top + HEIGHT / 2 + 6}" font-size="17" font-weight="600" fill="#ffffff" text-anchor="middle">${title.slice(0, 1).toUpperCase()}</text>
<text x="${x + 60}" y="${top + 29}" font-size="15" font-weight="600" fill="${colours.text}">${fitted(node.name, CARD.width - 72, 15)}</text>
<text x="${x + 60}" y="${top + 47}" font-size="12" fill="${colours.muted}">${fitted(title, CARD.width - 72, 12)}</text></g>`;
}

function note({ x, y, width, height }: Box, text: string, colour: string): Markup {
  const lines = text
    .split('\n')
    .flatMap((part) => part.match(new RegExp(`.{1,${LINE_SIGNS}}(\\s|$)|.{1,${LINE_SIGNS}}`, 'g')) ?? ['']);
  const shown = lines.slice(0, Math.max(1, Math.floor((height - 14) / 17)));
  return markup`<g><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${colour}" stroke="${colours.line}"/>
${shown.map((words, index) => markup`<text x="${x + 10}" y="${y + 20 + index * 17}" font-size="12" fill="${colours.text}">${fitted(words.trim(), width - 20, 12)}</text>`)}</g>`;
}
