import { type Markup, markup } from '../markup.ts';
import { PLOT, round } from '../plots/frame.ts';
import { linearScale } from '../plots/scale.ts';

type Tone = 'ok' | 'failed' | 'sent' | 'p50' | 'p95' | 'p99';

export interface XySeries {
  name: string;
  tone: Tone;
  points: readonly { x: number; y: number; low?: number | null; high?: number | null }[];
  /** A line through the points; else each is a dot, with its interval where it has one. */
  isLine?: boolean;
}

const [HEIGHT, TOP] = [240, 12];
const BOTTOM = HEIGHT - 40;

/** Values over what was swept. The range of each series stands in words for who does not see it. */
export function xyPlot(options: {
  title: string;
  xTitle: string;
  series: readonly XySeries[];
  formatX(value: number): string;
  formatY(value: number): string;
  /** A stretch of x that matters, such as the interval of a knee. */
  band?: { low: number; high: number; title: string } | null;
}): Markup | null {
  const { title, xTitle, formatX, formatY, band = null } = options;
  const series = options.series.filter(({ points }) => points.length > 0);
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) return null;
  const x = linearScale(Math.max(...all.map((point) => point.x), band?.high ?? 0), PLOT.left, PLOT.right, 8);
  const y = linearScale(Math.max(...all.map((point) => point.high ?? point.y)), BOTTOM, TOP);
  const at = (point: { x: number; y: number }): string => `${round(x.at(point.x))} ${round(y.at(point.y))}`;
  return markup`<figure class="plot"><figcaption><b>${title}</b>${series.map(
    ({ name, tone }) => markup` <span class="key key-${tone}">${name}</span>`,
  )}</figcaption>
<svg viewBox="0 0 ${PLOT.width} ${HEIGHT}" role="img" aria-label="${title}: ${series.map((one) => words(one, formatY)).join('; ')}">
${band && markup`<rect class="p-band-change" x="${round(x.at(band.low))}" y="${TOP}" width="${Math.max(1.5, round(x.at(band.high) - x.at(band.low)))}" height="${BOTTOM - TOP}"><title>${band.title}</title></rect>`}
${x.ticks.map((tick) => markup`<path class="p-grid" d="M${round(x.at(tick))} ${TOP}V${BOTTOM}"/><text class="p-tick" x="${round(x.at(tick))}" y="${BOTTOM + 15}" text-anchor="middle">${formatX(tick)}</text>`)}
${y.ticks.map((tick) => markup`<path class="p-grid" d="M${PLOT.left} ${round(y.at(tick))}H${PLOT.right}"/><text class="p-tick" x="${PLOT.left - 8}" y="${round(y.at(tick)) + 4}" text-anchor="end">${formatY(tick)}</text>`)}
<text class="p-tick" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${xTitle}</text>
${series.map(({ name, tone, points, isLine }) =>
  isLine
    ? markup`<path class="p-line p-${tone}" d="M${[...points].map(at).join('L')}"/>`
    : points.map((point) => {
        const { low = null, high = null } = point;
        const [left, top] = at(point).split(' ');
        return markup`${low !== null && high !== null && markup`<path class="p-line p-${tone}" d="M${left} ${round(y.at(Math.max(0, low)))}V${round(y.at(high))}"/>`}<circle class="p-dot p-${tone}" cx="${left}" cy="${top}" r="4"><title>${`${name}, ${formatX(point.x)}: ${formatY(point.y)}`}</title></circle>`;
      }),
)}
</svg></figure>`;
}

function words({ name, points }: XySeries, format: (value: number) => string): string {
  const values = points.map(({ y }) => y);
  return `${name} between ${format(Math.min(...values))} and ${format(Math.max(...values))}`;
}
