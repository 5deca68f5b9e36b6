import type { PreciseTimer } from '../process-kit/precise-timer.ts';
import type { Arrivals } from './arrivals.ts';

export interface Pacer {
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
  issue(sinceZeroMs: number, route: number, nowMs: number): void;
  onEnd(): void;
}): Pacer {
  const { timer, arrivals, zeroMs, issue, onEnd } = options;
  const durationMs = options.durationMs ?? Number.POSITIVE_INFINITY;
  const cancels: (() => void)[] = [];
  let stopped = false;
  let ended = false;

  function scheduleNext(place: number): void {
    if (ended || stopped) return;
    if (arrivals.atMs >= durationMs) {
      ended = true;
      cancels.push(timer.schedule(zeroMs + durationMs, onEnd));
      return;
    }
    const { atMs, route } = arrivals;
    arrivals.advance();
    cancels[place] = timer.schedule(zeroMs + atMs, () => {
      issue(atMs, route, performance.now());
      scheduleNext(place);
    });
  }

  for (let place = 0; place < AHEAD; place += 1) scheduleNext(place);

  return {
    stop() {
      stopped = true;
      for (const cancel of cancels) cancel();
    },
  };
}
