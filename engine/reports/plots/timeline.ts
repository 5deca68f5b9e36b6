import type { Span } from '../course.ts';
import { type Markup, markup } from '../markup.ts';
import { fitted, widthOf } from '../topology/text-width.ts';
import { PLOT, round, type TimeAxis, timeLines } from './frame.ts';

const ROW = 22;
const FONT = 11.5;
const lanes: [Span['lane'], string][] = [
  ['phase', 'phases'],
  ['step', 'steps'],
  ['fault', 'faults'],
  ['change', 'changes'],
  ['process', 'processes'],
];
/** More rows than this say less than the table of what happened. */
const MAX_ROWS = 8;

/** What was going on when, above the plots and in their time. Null when nothing was. */
export function timeline(spans: readonly Span[], axis: TimeAxis): Markup | null {
  if (spans.length === 0) return null;
  let y = 6;
  const drawn = lanes.flatMap(([lane, title]) => {
    const rows = inRows(
      spans.filter((span) => span.lane === lane),
      axis,
    );
    if (rows.length === 0) return [];
    const top = y;
    const shown = rows.slice(0, MAX_ROWS);
    y += shown.length * ROW + 6;
    return [
      markup`<text class="p-tick" x="${PLOT.left - 8}" y="${top + 14}" text-anchor="end">${title}</text>${shown.map(
        (row, index) => row.map((span) => bar(span, axis, top + index * ROW)),
      )}`,
    ];
  });
  const height = y + 20;
  return markup`<figure class="plot"><figcaption><b>What happened when</b></figcaption>
<svg viewBox="0 0 ${PLOT.width} ${height}" role="img" aria-label="Timeline: ${spans.map(({ title, fromMs, toMs }) => `${title} from ${since(axis, fromMs)} to ${since(axis, toMs)}`).join('; ')}">
${timeLines(axis, 2, y)}${drawn}</svg></figure>`;
}

const since = (axis: TimeAxis, atMs: number): string => `${((atMs - axis.fromMs) / 1000).toFixed(1)} s`;

interface Placed {
  span: Span;
  from: number;
  width: number;
  /** Where its words begin: in the bar, or beside it where they do not fit. */
  text: { x: number; inside: boolean; words: string };
}

/** Spans whose bars and words would meet go into different rows. */
function inRows(spans: readonly Span[], axis: TimeAxis): Placed[][] {
  const rows: { items: Placed[]; endsAt: number }[] = [];
  for (const span of spans) {
    const item = placed(span, axis);
    const start = Math.min(item.from, item.text.x);
    const row = rows.find(({ endsAt }) => endsAt <= start) ?? { items: [], endsAt: 0 };
    if (row.items.length === 0) rows.push(row);
    row.items.push(item);
    row.endsAt = item.text.inside
      ? item.from + item.width
      : Math.max(item.from + item.width, item.text.x + widthOf(item.text.words, FONT)) + 6;
  }
  return rows.map(({ items }) => items);
}

function placed(span: Span, axis: TimeAxis): Placed {
  const from = axis.x(span.fromMs);
  const width = Math.max(3, round(axis.x(span.toMs) - from));
  const needed = widthOf(span.title, FONT) + 14;
  if (needed <= width) return { span, from, width, text: { x: from + 7, inside: true, words: span.title } };
  const right = from + width + 5;
  const fits = right + needed <= PLOT.right;
  const words = fits ? span.title : fitted(span.title, Math.max(60, from - PLOT.left - 6), FONT);
  const x = fits ? right : from - widthOf(words, FONT) - 2;
  return { span, from, width, text: { x: Math.max(PLOT.left, round(x)), inside: false, words } };
}

const bar = ({ span, from, width, text }: Placed, axis: TimeAxis, y: number): Markup =>
  markup`<g><title>${`${span.title}: ${since(axis, span.fromMs)} to ${since(axis, span.toMs)} (${span.detail})`}</title><rect class="s-${span.tone}" x="${from}" y="${y}" width="${width}" height="${ROW - 4}" rx="4"/><text class="${text.inside ? `s-in s-in-${span.tone}` : 's-by'}" x="${text.x}" y="${y + 13}">${text.words}</text></g>`;
