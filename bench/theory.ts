import { type QueueFrame, type QueueRun, runQueues } from '../engine/api/queue-run.fixture.ts';
import { table } from '../engine/cli/table.ts';
import { type Batch, batchMean, batchPercentile, type Estimate } from '../engine/metrics/batch-means.ts';
import { eachValue } from '../engine/metrics/histogram.ts';
import { chanceRange, type Queue, type WaitFigures, waitingTimeOf } from '../engine/metrics/played-queue.fixture.ts';
import { littlesLaw } from '../engine/metrics/queueing.ts';

const UTILISATIONS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const MODELS: Record<string, Omit<Queue, 'ratePerSec'>> = {
  'M/M/1': { slots: 1, service: 'exponential', meanServiceMs: 5 },
  'M/M/4': { slots: 4, service: 'exponential', meanServiceMs: 10 },
  'M/D/1': { slots: 1, service: 'fixed', meanServiceMs: 5 },
};
const FIGURES = ['meanMs', 'p95Ms', 'p99Ms'] as const;
const SPAN = { warmUpMs: 3000, durationMs: 60_000 };
const BATCHES = 15;
const ATTEMPTS = 3;
/** A loop that stood still for longer was kept from running by the computer. */
const MAX_LAG_MS = 25;

/** All comparisons together are wrong by chance with at most this probability, if every queue is perfect. */
const FALSE_ALARM = 0.05;
const COMPARISONS = UTILISATIONS.length * Object.keys(MODELS).length * FIGURES.length;
/** One queue more than these is an extreme of all with a probability of 2 / (PLAYS + 1): Bonferroni's share of the alarm. */
const PLAYS = Math.ceil((2 * COMPARISONS) / FALSE_ALARM) - 1;

interface Row {
  model: string;
  utilisation: number;
  figure: (typeof FIGURES)[number];
  formula: number;
  measured: Estimate;
  residualPercent: number | null;
  chance: { low: number; high: number };
  holds: boolean;
}

function batchesOf(frames: readonly QueueFrame[]): QueueFrame[][] {
  const from = frames[0]?.atMs ?? 0;
  const batches: QueueFrame[][] = Array.from({ length: BATCHES }, () => []);
  for (const frame of frames)
    batches[Math.min(BATCHES - 1, Math.floor(((frame.atMs - from) / SPAN.durationMs) * BATCHES))]?.push(frame);
  return batches;
}

/** The three figures, each with its interval by batch means. */
function estimatesOf(run: QueueRun): Record<keyof WaitFigures, Estimate> {
  const batches = batchesOf(run.frames);
  const sums = batches.map(
    (frames): Batch => ({
      sum: frames.reduce((sum, { waitedMs }) => sum + waitedMs, 0),
      count: frames.reduce((count, { started }) => count + started, 0),
    }),
  );
  const values = batches.map((frames) => {
    const list: [number, number][] = [];
    for (const { waits } of frames) eachValue(waits, (valueMs, count) => list.push([valueMs, count]));
    return list;
  });
  const at = (percentile: number, value: number): Estimate => ({ ...batchPercentile(values, percentile, 0.95), value });
  return {
    meanMs: batchMean(sums, 0.95),
    p95Ms: at(95, run.figures.p95Ms),
    p99Ms: at(99, run.figures.p99Ms),
  };
}

/** A run in which the computer kept up, if there is one. */
async function runQuietly(queues: Record<string, Queue>, seed: number): Promise<Record<string, QueueRun>> {
  for (let attempt = 1; ; attempt += 1) {
    const runs = await runQueues(queues, { ...SPAN, seed });
    const lagMs = Math.max(...Object.values(runs).map(({ longestLagMs }) => longestLagMs));
    if (lagMs <= MAX_LAG_MS || attempt === ATTEMPTS) return runs;
    console.error(`  an event loop stood still for ${Math.round(lagMs)} ms: once more`);
  }
}

function rowsOf(model: string, utilisation: number, queue: Queue, run: QueueRun): Row[] {
  const theory = waitingTimeOf(queue);
  const chance = chanceRange(queue, SPAN, { plays: PLAYS, seed: 1 });
  const estimates = estimatesOf(run);
  const formulas = { meanMs: theory.meanMs, p95Ms: theory.percentileMs(95), p99Ms: theory.percentileMs(99) };
  return FIGURES.map((figure) => {
    const { value } = estimates[figure];
    const { low, high } = chance[figure];
    const formula = formulas[figure];
    return {
      model,
      utilisation,
      figure,
      formula,
      measured: estimates[figure],
      residualPercent: formula > 0 ? (value / formula - 1) * 100 : null,
      chance: chance[figure],
      holds: value >= low && value <= high,
    };
  });
}

const ms = (value: number): string => value.toFixed(2);

const printed = (rows: readonly Row[]): string[] =>
  table(
    ['queue', 'utilisation', 'wait', 'formula', 'measured', '95 % by batches', 'residual', 'perfect queues', ''],
    rows.map(({ model, utilisation, figure, formula, measured, residualPercent, chance, holds }) => [
      model,
      utilisation.toFixed(1),
      figure.replace('Ms', ''),
      ms(formula),
      ms(measured.value),
      `${ms(measured.low)} – ${ms(measured.high)}`,
      residualPercent === null ? '–' : `${residualPercent.toFixed(1)} %`,
      `${ms(chance.low)} – ${ms(chance.high)}`,
      holds ? 'holds' : 'BROKEN',
    ]),
  );

/**
 * Real clients and services through the engine, against the formulas. Times are those from a request's arrival in the
 * service until it has a slot, as the service itself measures them: the network is not in them.
 *
 * The intervals by batch means are printed, and not judged by: at high utilisation a run of a minute has too few
 * independent stretches, and such intervals of a perfect queue miss the formula far more often than 5 % of the time. So a
 * figure holds when it lies between the extremes of what perfect queues showed in runs of the same length, each of them
 * played request by request; how often that fails by chance is exact, and corrected for the number of comparisons.
 */
export default async function theory() {
  const rows: Row[] = [];
  const littles: number[] = [];
  const lags: number[] = [];
  for (const [index, utilisation] of UTILISATIONS.entries()) {
    const queues = Object.fromEntries(
      Object.entries(MODELS).map(([model, queue]): [string, Queue] => [
        model.toLowerCase().replaceAll('/', ''),
        { ...queue, ratePerSec: (utilisation * queue.slots * 1000) / queue.meanServiceMs },
      ]),
    );
    const runs = await runQuietly(queues, index + 1);
    for (const model of Object.keys(MODELS)) {
      const name = model.toLowerCase().replaceAll('/', '');
      const run = runs[name] as QueueRun;
      rows.push(...rowsOf(model, utilisation, queues[name] as Queue, run));
      littles.push(Math.abs(run.meanQueued / littlesLaw(run.ratePerSec, run.figures.meanMs) - 1));
      lags.push(run.longestLagMs);
      console.error(
        `  ${model} at ${utilisation}: ${run.ratePerSec.toFixed(1)}/s, mean service ${run.meanServiceMs.toFixed(3)} ms, ${run.failed} failed, longest lag ${run.longestLagMs.toFixed(0)} ms`,
      );
    }
  }
  for (const line of printed(rows)) console.error(`  ${line}`);

  const outside = rows.filter(({ holds }) => !holds).length;
  const inBatches = rows.filter(({ formula, measured }) => measured.low <= formula && formula <= measured.high).length;
  const worstLittle = Math.max(...littles) * 100;
  return {
    name: 'theory',
    results: [
      {
        metric: `waiting times outside of what a perfect queue shows, of ${COMPARISONS}`,
        value: outside,
        limit: 0,
        comparison: '<=' as const,
        holds: outside === 0,
        detail: `${PLAYS} perfect queues each, false alarm of all together at most ${FALSE_ALARM * 100} %; the formula lies in ${inBatches} of ${COMPARISONS} 95 % intervals by ${BATCHES} batches of ${SPAN.durationMs / BATCHES / 1000} s; longest stand-still of an event loop ${Math.max(...lags).toFixed(0)} ms`,
      },
      {
        metric: "Little's law: requests in the queue against arrivals × waiting time, worst of all runs (%)",
        value: Number(worstLittle.toFixed(2)),
        limit: 5,
        comparison: '<=' as const,
        holds: worstLittle <= 5,
        detail: 'both counted by the service; they differ by what is in the queue as the measurement begins and ends',
      },
    ],
    table: rows,
  };
}

if (import.meta.main) console.log(JSON.stringify(await theory(), null, 2));
