import type {
  AbFigure,
  AbFindings,
  GridFindings,
  HysteresisFindings,
  KneeFindings,
  Measurement,
  RepeatFindings,
  ReplicasFindings,
  SweepResult,
} from '../../api/types.ts';
import { milliseconds } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { intervalBar } from '../plots/interval-bar.ts';
import { xyPlot } from './xy-plot.ts';

const perSec = (value: number): string => `${Number(value.toFixed(value < 10 ? 1 : 0))}/s`;
const number = (value: number): string => String(Number(value.toFixed(2)));
const ms = (value: number): string => milliseconds(value).replace(/\.0+ /, ' ');

/** The pictures of a sweep, in their order. */
export const sweepPlots = (result: SweepResult): Markup[] => plotsOf(result).filter((plot) => plot !== null);

function plotsOf(result: SweepResult): (Markup | null)[] {
  switch (result.type) {
    case 'knee':
      return kneePlots(result);
    case 'replicas':
      return [replicaPlot(result)];
    case 'retries-timeout':
      return [gridPicture(result)];
    case 'hysteresis':
      return hysteresisPlots(result);
    case 'repeat':
      return [repeatPicture(result)];
    // Different experiments have nothing in common to be drawn against each other.
    case 'batch':
      return [];
    case 'ab':
      return [abPicture(result)];
  }
}

const trusted = <Step extends Measurement>(steps: readonly Step[]): Step[] =>
  steps.filter(({ problems }) => problems.length === 0);

function kneePlots({ steps, knee }: KneeFindings): (Markup | null)[] {
  const sorted = trusted(steps).sort((a, b) => a.ratePerSec - b.ratePerSec);
  const band =
    knee && knee.low !== null && knee.high !== null
      ? { low: knee.low, high: knee.high, title: `the knee lies between ${perSec(knee.low)} and ${perSec(knee.high)}` }
      : null;
  const shared = { xTitle: 'arrivals per second', formatX: number, band };
  return [
    xyPlot({
      ...shared,
      title: 'Answered of what arrives',
      formatY: perSec,
      series: [
        {
          name: 'arrivals',
          tone: 'sent',
          isLine: true,
          points: sorted.map(({ ratePerSec: x }) => ({ x, y: x })),
        },
        { name: 'answered well', tone: 'ok', points: sorted.map((step) => ({ x: step.ratePerSec, y: step.okPerSec })) },
      ],
    }),
    latencyPlot(shared, sorted, ({ ratePerSec }) => ratePerSec),
  ];
}

function latencyPlot<Step extends Measurement>(
  shared: Pick<Parameters<typeof xyPlot>[0], 'xTitle' | 'formatX' | 'band'>,
  steps: readonly Step[],
  x: (step: Step) => number,
): Markup | null {
  const points = (name: 'p50' | 'p99') =>
    steps.flatMap((step) => (step.latencyMs[name] === null ? [] : [{ x: x(step), y: Number(step.latencyMs[name]) }]));
  return xyPlot({
    ...shared,
    title: 'Latency of good answers',
    formatY: ms,
    series: [
      { name: 'p50', tone: 'p50', points: points('p50') },
      { name: 'p99', tone: 'p99', points: points('p99') },
    ],
  });
}

function replicaPlot({ points, fit }: ReplicasFindings): Markup | null {
  const usable = trusted(points);
  const most = Math.max(1, ...usable.map(({ replicas }) => replicas));
  const law = (n: number): number =>
    fit ? (fit.lambda.value * n) / (1 + fit.sigma.value * (n - 1) + fit.kappa.value * n * (n - 1)) : Number.NaN;
  return xyPlot({
    title: 'Throughput by replicas',
    xTitle: 'replicas',
    formatX: number,
    formatY: perSec,
    series: [
      {
        name: 'answered',
        tone: 'ok',
        points: usable.map(({ replicas: x, answeredPerSec: y }) => ({ x, y })),
      },
      {
        name: 'Universal Scalability Law',
        tone: 'p99',
        isLine: true,
        points: fit
          ? Array.from({ length: 41 }, (_, index) => 1 + ((most - 1) * index) / 40).map((x) => ({ x, y: law(x) }))
          : [],
      },
    ],
  });
}

/** A cell of the grid is as green as the share that was answered well; the figure stands in it. */
function gridPicture({ cells, best }: GridFindings): Markup | null {
  if (cells.length === 0) return null;
  const timeouts = [...new Set(cells.map(({ timeoutMs }) => timeoutMs))];
  const attempts = [...new Set(cells.map((cell) => cell.attempts))];
  const [left, top, width, height] = [110, 30, 120, 40];
  const shares = cells.flatMap(({ problems, successRatio }) => (problems.length === 0 ? (successRatio ?? []) : []));
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  const shade = (share: number): string => (0.06 + (0.5 * (share - least)) / (most - least || 1)).toFixed(2);
  const text = (x: number, y: number, words: string, anchor = 'middle'): Markup =>
    markup`<text class="p-tick" x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
  return markup`<figure class="plot"><figcaption><b>Answered well, by timeout and attempts</b></figcaption>
<svg viewBox="0 0 960 ${top + attempts.length * height + 10}" role="img" aria-label="Share answered well by timeout and attempts; the table has the figures">
${timeouts.map((timeoutMs, column) => text(left + (column + 0.5) * width, top - 10, ms(timeoutMs)))}
${attempts.map((amount, row) => text(left - 10, top + (row + 0.5) * height + 4, `${amount} ${amount === 1 ? 'attempt' : 'attempts'}`, 'end'))}
${cells.map((cell, index) => {
  const [x, y] = [left + timeouts.indexOf(cell.timeoutMs) * width, top + attempts.indexOf(cell.attempts) * height];
  const isKnown = cell.problems.length === 0 && cell.successRatio !== null;
  return markup`<g>${isKnown && markup`<rect class="p-dot p-ok" x="${x + 2}" y="${y + 2}" width="${width - 4}" height="${height - 4}" rx="4" fill-opacity="${shade(Number(cell.successRatio))}"/>`}<rect class="p-grid" x="${x + 2}" y="${y + 2}" width="${width - 4}" height="${height - 4}" rx="4"/>${text(
    x + width / 2,
    y + height / 2 + 4,
    isKnown ? `${(100 * Number(cell.successRatio)).toFixed(1)} %${index === best ? ' ★' : ''}` : 'not measured',
  )}</g>`;
})}
</svg></figure>`;
}

function hysteresisPlots({ steps }: HysteresisFindings): (Markup | null)[] {
  const way = (wanted: 'up' | 'down') => trusted(steps).filter((step) => step.way === wanted);
  const points = (wanted: 'up' | 'down') =>
    way(wanted).map(({ ratePerSec: x, successRatio }) => ({ x, y: 100 * (successRatio ?? 0) }));
  return [
    xyPlot({
      title: 'Answered well, on the way up and down again',
      xTitle: 'arrivals per second',
      formatX: number,
      formatY: (value) => `${number(value)} %`,
      series: (['up', 'down'] as const).flatMap((name) => {
        const tone = name === 'up' ? ('ok' as const) : ('failed' as const);
        return [
          { name, tone, points: points(name), isLine: true },
          { name: `${name}, measured`, tone, points: points(name) },
        ];
      }),
    }),
  ];
}

/** The bars of intervals are drawn about zero: those that hold it show no difference. */
const bars = (title: string, rows: readonly { name: string; bar: Markup | null; words: string }[]): Markup | null =>
  rows.length === 0
    ? null
    : markup`<figure class="plot"><figcaption><b>${title}</b></figcaption><dl class="bars">${rows.map(
        ({ name, bar, words }) => markup`<dt>${name}</dt><dd>${bar} <small>${words}</small></dd>`,
      )}</dl></figure>`;

const barOf = (name: string, { value, low, high }: NonNullable<AbFigure['change']>): Markup | null =>
  low === null || high === null
    ? null
    : intervalBar({
        what: name,
        unit: 'ratio',
        a: null,
        b: null,
        difference: value,
        interval: { low, high },
        verdict: low > 0 ? 'a lower' : high < 0 ? 'b lower' : 'none shown',
      });

const abPicture = ({ figures }: AbFindings): Markup | null =>
  bars(
    'B against A, with the 95 % interval of the change',
    figures.flatMap(({ name, change, sentence }) =>
      change ? [{ name, bar: barOf(name, change), words: sentence }] : [],
    ),
  );

const repeatPicture = ({ effects }: RepeatFindings): Markup | null =>
  bars(
    'What became of the steady state, with the 95 % interval of the change',
    effects.map(({ name, to, change, effect }) => ({
      name: `${name}, ${to}`,
      bar: barOf(name, { ...change, isRelative: false }),
      words: `delta ${effect.delta.toFixed(2)}, ${effect.magnitude}`,
    })),
  );
