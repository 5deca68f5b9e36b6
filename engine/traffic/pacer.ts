import type { PreciseTimer } from '../process-kit/precise-timer.ts';
import type { Arrivals } from './arrivals/arrivals.ts';

export interface Pacer {
  /** No arrival that is still to come is before this, as a time since the zero. */
  nextMs(): number;
  /** No arrival comes after this. */
  stop(): void;
}

/** As many arrivals are set ahead as the timer looks ahead: it then sleeps on by itself while this one is issued. */
const AHEAD = 2;

/** Calls `issue` for each arrival at its time and never before, then `onEnd` once the duration is over. */
export function startPacer(options: {
  timer: PreciseTimer;
  arrivals: Arrivals;
  /** Time of `performance.now()` from which the arrivals count. */
  zeroMs: number;
  /** Null: no end but `stop`. */
  durationMs: number | null;
  /** `nowMs` and the zero are times of `performance.now()`; the arrival was due `sinceZeroMs` after the zero. */
  issue(sinceZeroMs: number, index: number, nowMs: number): void;
  onEnd(): void;
}): Pacer {
  const { timer, arrivals, zeroMs, issue, onEnd } = options;
  const durationMs = options.durationMs ?? Number.POSITIVE_INFINITY;
  const cancels: (() => void)[] = [];
  let stopped = false;
  let ended = false;
  let count = 0;
  let issuedMs = 0;

  function scheduleNext(place: number): void {
    if (ended || stopped) return;
    if (arrivals.atMs >= durationMs) {
      ended = true;
      if (durationMs < Number.POSITIVE_INFINITY) cancels.push(timer.schedule(zeroMs + durationMs, onEnd));
      return;
    }
    const { atMs } = arrivals;
    const index = count;
    count += 1;
    arrivals.advance();
    cancels[place] = timer.schedule(zeroMs + atMs, () => {
      issuedMs = atMs;
      issue(atMs, index, performance.now());
      scheduleNext(place);
    });
  }

  for (let place = 0; place < AHEAD; place += 1) scheduleNext(place);

  return {
    // Arrivals come in order: what was issued last is a bound for those that are set ahead.
    nextMs: () => issuedMs,
    stop() {
      stopped = true;
      for (const cancel of cancels) cancel();
    },
  };
}
