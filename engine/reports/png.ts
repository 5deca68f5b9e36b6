import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Report } from './report.ts';
import { topologySvg } from './svg.ts';

/** For sharp letters on a screen of any density. */
const ZOOM = 2;
/** A picture of more pixels would take more memory than it is worth. */
const MAX_PIXELS = 40_000_000;

let ready: Promise<Buffer[]> | undefined;

/** The topology as pixels, drawn the same on every operating system: by resvg, in a font that comes along. */
export const reportPng = (report: Report): Promise<Uint8Array> => svgPng(topologySvg(report).text);

/** A drawing as pixels. Its size stands in its first tag. */
export async function svgPng(svg: string): Promise<Uint8Array> {
  ready ??= load();
  const fontBuffers = await ready;
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) as RegExpExecArray;
  const zoom = Math.min(ZOOM, Math.sqrt(MAX_PIXELS / (Number(width) * Number(height))));
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    font: { fontBuffers, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter', loadSystemFonts: false } as object,
  });
  const image = drawing.render();
  try {
    return image.asPng();
  } finally {
    image.free();
    drawing.free();
  }
}

async function load(): Promise<Buffer[]> {
  const directory = assets();
  await initWasm(await readFile(join(directory, 'resvg.wasm')));
  return Promise.all(['inter-400.ttf', 'inter-600.ttf'].map((name) => readFile(join(directory, name))));
}

/** Beside this file when it is bundled itself; `dist/engine` of the checkout when it runs from source. */
function assets(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return existsSync(join(here, 'resvg.wasm')) ? here : join(here, '..', '..', 'dist', 'engine');
}
