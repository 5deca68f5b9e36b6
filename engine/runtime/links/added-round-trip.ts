import type { Protocol } from '../../model/edge.ts';
import { measureRoundTrip } from './round-trip.ts';

/** Two ways to the same process: through a link, and beside it. */
export interface Ways {
  protocol: Protocol;
  throughPort: number;
  directPort: number;
}

/** Finds out, while everything runs, how much longer a round trip takes because of the links. */
export interface AddedRoundTrip {
  /** Median over the pairs so far, and how many there were; null with fewer than five. */
  result(): { addedP50Ms: number | null; pairs: number };
  stop(): void;
}

const SAMPLES = 3;
const TIMEOUT_MS = 1000;
const LEAST_PAIRS = 5;

/**
 * Every `intervalMs` one link in its turn: a few health checks, or what else its protocol answers at once, through it and as many beside it, in changing order, right after
 * each other. Both meet the same load of the process, so that their difference is the link's.
 */
export function startAddedRoundTrip(options: { ways(): readonly Ways[]; intervalMs: number }): AddedRoundTrip {
  const differencesMs: number[] = [];
  let turn = 0;
  let measuring = false;

  const ask = (protocol: Protocol, port: number): Promise<number | null> =>
    measureRoundTrip({ protocol, port, samples: SAMPLES, timeoutMs: TIMEOUT_MS });

  const measureOne = async (): Promise<void> => {
    const ways = options.ways();
    const way = ways[turn % ways.length];
    turn += 1;
    if (!way) return;
    const { protocol, throughPort, directPort } = way;
    const throughFirst = turn % 2 === 0;
    const first = await ask(protocol, throughFirst ? throughPort : directPort);
    const second = await ask(protocol, throughFirst ? directPort : throughPort);
    if (first !== null && second !== null) differencesMs.push(throughFirst ? first - second : second - first);
  };

  const timer = setInterval(() => {
    // One that hangs must not pile up others.
    if (measuring) return;
    measuring = true;
    void measureOne().finally(() => {
      measuring = false;
    });
  }, options.intervalMs);
  timer.unref();

  return {
    result() {
      const sorted = [...differencesMs].sort((a, b) => a - b);
      const enough = sorted.length >= LEAST_PAIRS;
      return { addedP50Ms: enough ? (sorted[sorted.length >> 1] as number) : null, pairs: sorted.length };
    },
    stop: () => clearInterval(timer),
  };
}
