import { count, limit, percent, plural } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { kindOf } from '../measures.ts';
import { faultsIn, type Report } from '../report.ts';
import { actedOn } from './acted-on.ts';
import { type Box, CARD, type Layout, layOut, STRIP } from './layout.ts';
import { colours, families } from './palette.ts';
import { fitted, widthOf } from './text-width.ts';

export interface Picture {
  size: { width: number; height: number };
  /** What is between the tags of an `svg`. Its colours are those of paper; a page recolours it by its classes. */
  content: Markup;
  /** What the picture tells, in words. */
  description: string;
}

/** The topology with what was measured on each node and edge. */
export function drawTopology(report: Report): Picture {
  const { document, result } = report;
  const acted = actedOn(document, faultsIn(report));
  const stripsOf = (id: string): { text: string; tone: 'limit' | 'fault' }[] => {
    const found = result.nodes[id]?.limit ?? null;
    return [
      ...(found ? [{ text: `limited by ${limit(found)}`, tone: 'limit' as const }] : []),
      ...(acted.has(id) ? [{ text: (acted.get(id) as string[]).join(', '), tone: 'fault' as const }] : []),
    ];
  };
  const layout = layOut(document, (id) => stripsOf(id).length);
  return {
    size: layout.size,
    content: markup`
${document.groups.map(({ id, kind, name }) => frame(layout.groups.get(id) as Box, `${kind} ${name}`))}
${document.edges.map(({ id }) => line(layout, id, acted.has(id)))}
${document.nodes.map((node) => card(layout.nodes.get(node.id) as Box, node, result, stripsOf(node.id)))}
${document.edges.map(({ id }) => label(layout, id, result, acted.get(id)))}`,
    description: `${plural(document.nodes.length, 'node')} and ${plural(document.edges.length, 'edge')}; the tables of nodes and edges hold the same figures.`,
  };
}

const frame = ({ x, y, width, height }: Box, title: string): Markup => markup`<g>
<rect class="t-frame" x="${x}" y="${y}" width="${width}" height="${height}" rx="14" fill="none" stroke="${colours.line}" stroke-dasharray="6 5"/>
<text class="t-muted" x="${x + 12}" y="${y + 20}" font-size="12" fill="${colours.muted}">${fitted(title, width - 24, 12)}</text></g>`;

const line = ({ edges }: Layout, id: string, faulty: boolean): Markup | null => {
  const found = edges.get(id);
  if (!found) return null;
  const end = /(\S+) (\S+)$/.exec(found.path) as RegExpExecArray;
  const [x, y] = [Number(end[1]), Number(end[2])];
  const colour = faulty ? colours.fault : colours.edge;
  return markup`<path class="${faulty ? 't-edge t-hit' : 't-edge'}" d="${found.path}" fill="none" stroke="${colour}" stroke-width="2"/><path class="${faulty ? 't-tip t-tip-hit' : 't-tip'}" d="M${x + 7} ${y}l-9 -5v10z" fill="${colour}"/>`;
};

function card(
  { x, y, height }: Box,
  node: { id: string; kind: string; name: string },
  result: Report['result'],
  strips: readonly { text: string; tone: 'limit' | 'fault' }[],
): Markup {
  const kind = kindOf(node.kind);
  const measured = result.nodes[node.id];
  const perSec = measured && result.durationMs > 0 ? (measured.requests * 1000) / result.durationMs : null;
  const figures: [string, string, boolean][] = [
    ['requests', measured ? short(measured.requests) : '–', false],
    ['req/s', perSec === null ? '–' : short(Math.round(perSec * 10) / 10), false],
    ['errors', measured ? short(measured.errors) : '–', (measured?.errors ?? 0) > 0],
    ['CPU', measured ? percent(measured.cpu, 1).replace(/\.\d+/, '') : '–', false],
  ];
  const columns = [12, 74, 126, 176];
  const replicas = measured ? `× ${measured.replicas}` : '';
  const hit = strips.some(({ tone }) => tone === 'fault');
  return markup`<g><title>${node.name} (${node.id})</title>
<rect class="${hit ? 't-card t-card-hit' : 't-card'}" x="${x}" y="${y}" width="${CARD.width}" height="${height}" rx="12" fill="${colours.card}" stroke="${hit ? colours.fault : colours.line}" stroke-width="1.5"/>
<circle cx="${x + 24}" cy="${y + 26}" r="12" fill="${families[kind?.family ?? 'compute']}"/>
<text x="${x + 24}" y="${y + 30.5}" font-size="13" font-weight="600" fill="#ffffff" text-anchor="middle">${(kind?.title ?? node.kind).slice(0, 1).toUpperCase()}</text>
<text class="t-text" x="${x + 44}" y="${y + 23}" font-size="14" font-weight="600" fill="${colours.text}">${fitted(node.name, CARD.width - 56 - widthOf(replicas, 12) - 8, 14)}</text>
<text class="t-muted" x="${x + 44}" y="${y + 39}" font-size="11.5" fill="${colours.muted}">${fitted(kind?.title ?? node.kind, 150, 11.5)}</text>
<text class="t-muted" x="${x + CARD.width - 12}" y="${y + 23}" font-size="12" text-anchor="end" fill="${colours.muted}">${replicas}</text>
<path class="t-rule" d="M${x} ${y + 52}h${CARD.width}" stroke="${colours.line}"/>
${figures.map(
  (
    [title, value, bad],
    index,
  ) => markup`<text class="t-muted" x="${x + (columns[index] as number)}" y="${y + 67}" font-size="10" fill="${colours.muted}">${title}</text>
<text class="${bad ? 't-bad' : 't-text'}" x="${x + (columns[index] as number)}" y="${y + 85}" font-size="13" font-weight="600" fill="${bad ? colours.bad : colours.text}">${value}</text>`,
)}
${strips.map(({ text, tone }, index) => {
  const top = y + CARD.height + index * STRIP;
  return markup`<path class="t-rule" d="M${x} ${top}h${CARD.width}" stroke="${colours.line}"/>
<text class="${tone === 'fault' ? 't-fault' : 't-warn'}" x="${x + 12}" y="${top + 15}" font-size="11.5" font-weight="600" fill="${tone === 'fault' ? colours.fault : colours.warn}">${fitted(text, CARD.width - 24, 12)}</text>`;
})}</g>`;
}

function label({ edges }: Layout, id: string, result: Report['result'], faults: string[] | undefined): Markup | null {
  const found = edges.get(id);
  const measured = result.edges[id];
  // An edge that nobody used has nothing to tell.
  const used = measured !== undefined && measured.requests + measured.errors > 0;
  if (!found || (!used && !faults)) return null;
  const lines = [
    ...(used ? [{ text: `${short(measured.requests)} calls`, tone: 't-text', colour: colours.text }] : []),
    ...(used && measured.errors > 0
      ? [{ text: `${short(measured.errors)} failed`, tone: 't-bad', colour: colours.bad }]
      : []),
    ...(faults ? [{ text: faults.join(', '), tone: 't-fault', colour: colours.fault }] : []),
  ];
  const { x, y } = found.middle;
  const width = Math.min(180, Math.max(...lines.map(({ text }) => widthOf(text, 11.5))) + 18);
  const height = lines.length * 15 + 8;
  return markup`<g><title>${id}</title><rect class="t-card" x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="7" fill="${colours.card}" stroke="${colours.line}"/>
${lines.map(
  ({ text, tone, colour }, index) =>
    markup`<text class="${tone}" x="${x}" y="${y - height / 2 + 15 + index * 15}" font-size="11.5" font-weight="600" text-anchor="middle" fill="${colour}">${fitted(text, width - 12, 11.5)}</text>`,
)}</g>`;
}

/** A count that a card has room for. */
const short = (value: number): string =>
  value >= 1e6 ? `${(value / 1e6).toFixed(1)}M` : value >= 1e5 ? `${(value / 1000).toFixed(0)}k` : count(value);
