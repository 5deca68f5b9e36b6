import { type Markup, markup } from '../markup.ts';
import { type Band, bandsBehind, PLOT, round, type TimeAxis, timeLines } from './frame.ts';
import { linearScale, logScale, type Scale } from './scale.ts';
import { type Point, thinned } from './thinned.ts';

export interface Curve {
  name: string;
  /** Which colour of the page it has. */
  tone: 'ok' | 'failed' | 'sent' | 'p50' | 'p95' | 'p99' | 'node';
  points: readonly Point[];
  filled?: boolean;
}

const HEIGHT = 190;
const TOP = 10;
const BOTTOM = HEIGHT - 24;

/** Curves over the time of the run. Powers of ten where the values span them: a line at the bottom would tell nothing. */
export function linePlot(options: {
  title: string;
  axis: TimeAxis;
  curves: readonly Curve[];
  bands: readonly Band[];
  format(value: number): string;
  spansPowers?: boolean;
}): Markup {
  const { title, axis, bands, format } = options;
  const curves = options.curves.map((curve) => ({ ...curve, points: thinned(curve.points) }));
  const values = curves.flatMap(({ points }) => points.flatMap(({ value }) => value ?? []));
  const positive = values.filter((value) => value > 0);
  const [min, max] = [Math.min(...positive), Math.max(0, ...values)];
  const y =
    options.spansPowers && positive.length > 0 && max / min > 30
      ? logScale(min, max, BOTTOM, TOP)
      : linearScale(max, BOTTOM, TOP);
  return markup`<figure class="plot"><figcaption><b>${title}</b>${curves.map(
    ({ name, tone }) => markup` <span class="key key-${tone}">${name}</span>`,
  )}</figcaption>
<svg viewBox="0 0 ${PLOT.width} ${HEIGHT}" role="img" aria-label="${title}: ${summary(curves, format)}">
${bandsBehind(axis, bands, TOP, BOTTOM)}
${timeLines(axis, TOP, BOTTOM)}
${y.ticks.map((tick) => {
  const at = round(y.at(tick));
  return markup`<path class="p-grid" d="M${PLOT.left} ${at}H${PLOT.right}"/><text class="p-tick" x="${PLOT.left - 8}" y="${at + 4}" text-anchor="end">${format(tick)}</text>`;
})}
${curves.map(({ tone, points, filled }) => drawn(points, axis, y, tone, filled === true))}
${readings(curves, axis, format)}
</svg></figure>`;
}

function drawn(points: readonly Point[], axis: TimeAxis, y: Scale, tone: Curve['tone'], filled: boolean): Markup {
  // A gap where nothing was measured: a line across it would be made up.
  const pieces: { x: number; y: number }[][] = [[]];
  for (const { atMs, value } of points)
    if (value === null) pieces.push([]);
    else pieces.at(-1)?.push({ x: axis.x(atMs), y: round(y.at(value)) });
  return markup`${pieces
    .filter((piece) => piece.length > 0)
    .map((piece) => {
      const [first, last] = [piece[0] as { x: number; y: number }, piece.at(-1) as { x: number; y: number }];
      const line = piece.map(({ x, y: at }) => `${x} ${at}`).join('L');
      if (piece.length === 1) return markup`<circle class="p-dot p-${tone}" cx="${first.x}" cy="${first.y}" r="2.5"/>`;
      return markup`${filled && markup`<path class="p-area p-${tone}" d="M${first.x} ${BOTTOM}L${line}L${last.x} ${BOTTOM}Z"/>`}<path class="p-line p-${tone}" d="M${line}"/>`;
    })}`;
}

/** What each moment reads, where a pointer rests on it. Works without a script. */
function readings(curves: readonly Curve[], axis: TimeAxis, format: (value: number) => string): Markup {
  const [first] = curves;
  if (!first) return markup``;
  const moments = first.points.map(({ atMs }) => atMs);
  return markup`${moments.map((atMs, index) => {
    const before = moments[index - 1] ?? axis.fromMs;
    const after = moments[index + 1] ?? axis.toMs;
    const [from, to] = [axis.x((before + atMs) / 2), axis.x((after + atMs) / 2)];
    const read = curves.map(({ name, points }) => {
      const value = points[index]?.value ?? null;
      return `${name} ${value === null ? '–' : format(value)}`;
    });
    return markup`<g class="p-moment"><title>${`${((atMs - axis.fromMs) / 1000).toFixed(1)} s: ${read.join(', ')}`}</title><rect x="${from}" y="${TOP}" width="${Math.max(0.5, round(to - from))}" height="${BOTTOM - TOP}"/><path d="M${axis.x(atMs)} ${TOP}V${BOTTOM}"/></g>`;
  })}`;
}

function summary(curves: readonly Curve[], format: (value: number) => string): string {
  return curves
    .map(({ name, points }) => {
      const values = points.flatMap(({ value }) => value ?? []);
      return values.length === 0
        ? `${name} was never measured`
        : `${name} between ${format(Math.min(...values))} and ${format(Math.max(...values))}`;
    })
    .join('; ');
}
