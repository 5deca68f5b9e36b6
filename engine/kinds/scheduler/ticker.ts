import type { Timetable } from '../../model/timetable.ts';
import type { Clock } from '../../process-kit/clock.ts';

export interface TickerOptions {
  timetable: Timetable;
  clock: Clock;
  /** The clock on the wall, in epoch milliseconds. It may jump. */
  wallMs(): number;
  /** One that is later than that is missed. */
  graceMs: number;
  onDue(dueMs: number): void;
  onMissed(dueMs: number): void;
}

/** The wall clock is looked at so often at least: it may have been set. */
const LOOK_MS = 1000;
/** After a jump of the clock, so many are counted as missed. */
const MOST_MISSED = 1000;

/** Tells of each time that is due, once: in time, or as missed. Returns its end. */
export function startTicker({ timetable, clock, wallMs, graceMs, onDue, onMissed }: TickerOptions): () => void {
  let cancel: () => void = () => {};
  let isStopped = false;
  /** Everything up to here has been told. */
  let toldMs = wallMs();
  let nextMs = timetable.next(toldMs);

  const look = (): void => {
    const nowMs = wallMs();
    for (let told = 0; nextMs !== null && nextMs <= nowMs; told += 1) {
      // A clock that was set far ahead would keep us here.
      if (told >= MOST_MISSED && nowMs - nextMs > graceMs) {
        nextMs = timetable.next(nowMs - graceMs);
        continue;
      }
      const dueMs = nextMs;
      toldMs = dueMs;
      nextMs = timetable.next(toldMs);
      if (nowMs - dueMs > graceMs) onMissed(dueMs);
      else onDue(dueMs);
    }
    wait();
  };

  const wait = (): void => {
    if (isStopped || nextMs === null) return;
    cancel = clock.schedule(Math.min(LOOK_MS, Math.max(1, nextMs - wallMs())), look);
  };
  wait();

  return () => {
    isStopped = true;
    cancel();
  };
}
