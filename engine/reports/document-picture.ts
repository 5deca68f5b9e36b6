import type { ExportedFile, PictureFormat } from '../api/engine.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { markup } from './markup.ts';
import { mermaid } from './mermaid.ts';
import { svgPng } from './png.ts';
import { FONT } from './svg.ts';
import { colours } from './topology/palette.ts';
import { sketchTopology } from './topology/sketch.ts';

const endings = { svg: 'svg', png: 'png', mermaid: 'mmd' } as const;
const mediaTypes = { svg: 'image/svg+xml', png: 'image/png', mermaid: 'text/plain' } as const;

/** A document as a picture, to be put into a page or a chat. */
export async function documentPicture({
  document,
  format,
}: {
  document: ArchipelDocument;
  format: PictureFormat;
}): Promise<ExportedFile> {
  const root =
    document.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'topology';
  const file = { fileName: `${root}.${endings[format]}`, mediaType: mediaTypes[format] };
  switch (format) {
    case 'svg':
      return { ...file, content: documentSvg(document), encoding: 'utf8' };
    case 'png':
      return {
        ...file,
        content: Buffer.from(await svgPng(documentSvg(document))).toString('base64'),
        encoding: 'base64',
      };
    case 'mermaid':
      return { ...file, content: `${mermaid(document).slice(1, -1).join('\n')}\n`, encoding: 'utf8' };
  }
}

function documentSvg(document: ArchipelDocument): string {
  const { size, content, description } = sketchTopology(document);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="${FONT}" role="img">
<title>${document.name}</title>
<desc>${description}</desc>
<rect width="${size.width}" height="${size.height}" fill="${colours.paper}"/>
${content}
</svg>
`.text;
}
