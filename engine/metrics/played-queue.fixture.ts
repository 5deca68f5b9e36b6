import { createRandom } from '../traffic/random.ts';
import { createHistogram, type Histogram, percentileMs, record } from './histogram.ts';
import { exponentialService, fixedService, type WaitingTime } from './queueing.ts';

/** A queue that theory knows: Poisson arrivals, one line, first come first served. */
export interface Queue {
  ratePerSec: number;
  slots: number;
  service: 'exponential' | 'fixed';
  meanServiceMs: number;
}

export function waitingTimeOf({ ratePerSec, slots, service, meanServiceMs }: Queue): WaitingTime {
  if (service === 'exponential') return exponentialService({ ratePerSec, meanMs: meanServiceMs, slots });
  if (slots !== 1) throw new RangeError('fixed service times: only with one slot');
  return fixedService({ ratePerSec, serviceMs: meanServiceMs });
}

/** What is compared of a run: of the times that requests waited for a slot. */
export interface WaitFigures {
  meanMs: number;
  p95Ms: number;
  p99Ms: number;
}

export const figuresOf = (waits: Histogram, sumMs: number): WaitFigures => ({
  meanMs: sumMs / Math.max(1, waits.total),
  p95Ms: percentileMs(waits, 95) ?? 0,
  p99Ms: percentileMs(waits, 99) ?? 0,
});

/** Plays a queue through, empty at first, by Lindley's recursion, and takes the requests that begin after the warm-up. */
export function playQueue(
  queue: Queue,
  span: { warmUpMs: number; durationMs: number },
  random: () => number,
): WaitFigures {
  const exponential = (meanMs: number): number => -Math.log(1 - random()) * meanMs;
  const free = new Float64Array(queue.slots);
  const waits = createHistogram();
  let sumMs = 0;
  let atMs = 0;
  for (;;) {
    atMs += exponential(1000 / queue.ratePerSec);
    let first = 0;
    for (let slot = 1; slot < queue.slots; slot += 1)
      if ((free[slot] as number) < (free[first] as number)) first = slot;
    const startMs = Math.max(atMs, free[first] as number);
    if (startMs >= span.warmUpMs + span.durationMs) return figuresOf(waits, sumMs);
    free[first] = startMs + (queue.service === 'fixed' ? queue.meanServiceMs : exponential(queue.meanServiceMs));
    if (startMs < span.warmUpMs) continue;
    record(waits, startMs - atMs);
    sumMs += startMs - atMs;
  }
}

/**
 * The least and the greatest that so many perfect queues showed in runs of this length. One more perfect queue lies
 * outside with a probability of 2 / (plays + 1), whatever the distribution: each of all of them is as likely to be the
 * extreme one.
 */
export function chanceRange(
  queue: Queue,
  span: { warmUpMs: number; durationMs: number },
  { plays, seed }: { plays: number; seed: number },
): Record<keyof WaitFigures, { low: number; high: number }> {
  const range = () => ({ low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY });
  const ranges = { meanMs: range(), p95Ms: range(), p99Ms: range() };
  const random = createRandom(seed);
  for (let play = 0; play < plays; play += 1) {
    const figures = playQueue(queue, span, random);
    for (const name of ['meanMs', 'p95Ms', 'p99Ms'] as const) {
      ranges[name].low = Math.min(ranges[name].low, figures[name]);
      ranges[name].high = Math.max(ranges[name].high, figures[name]);
    }
  }
  return ranges;
}
