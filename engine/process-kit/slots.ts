import { createHistogram, record, reset, toSparse } from '../metrics/histogram.ts';
import type { WorkLimits } from '../model/work-limits.ts';
import { CallFailure } from './call-failure.ts';
import type { Measured } from './run-process.ts';
import { createWaitingLine, type Place } from './waiting-line.ts';

/** A request that waits for a slot. */
export interface Turn {
  /** Resolves when it has a slot; rejects with a `CallFailure`: `shed`, `expired`, `cancelled`. */
  granted: Promise<void>;
  /** Nobody waits for its answer any more. Does nothing once it has a slot. */
  leave(): void;
}

/** The slots of one replica, and the queue before them. */
export interface Slots {
  /**
   * Takes a slot for a request, or a place in the queue. Null when it has the slot at once. Throws a `CallFailure`:
   * `queue-full` when there is no place, `expired` when its deadline (on the clock of `performance.now()`) is over.
   */
  take(deadlineMs: number): Turn | null;
  /** Gives back a slot that was granted. */
  release(): void;
  /** What runs or waits stays; free slots are granted at once. */
  configure(limits: WorkLimits): void;
  measure(): Required<Pick<Measured, 'counters' | 'gauges' | 'histograms'>>;
}

interface Waiting {
  sinceMs: number;
  deadlineMs: number;
  grant(): void;
  refuse(failure: CallFailure): void;
}

export function createSlots(nodeId: string, initial: WorkLimits, now: () => number = () => performance.now()): Slots {
  let limits = initial;
  let busy = 0;
  const line = createWaitingLine<Waiting>();
  let shedTimer: NodeJS.Timeout | undefined;

  /** Waits of the requests that got a slot, those of 0 included; since the last measure. */
  const waits = createHistogram();
  const counters = { started: 0, waitedMs: 0, queueFull: 0, shed: 0, expired: 0, cancelled: 0 };
  /** Integrals over time, in slot-milliseconds and request-milliseconds: busy slots, all slots, requests in the queue. */
  const integrals = { busySlotMs: 0, slotMs: 0, queuedMs: 0, limitedMs: 0 };
  let countedMs = now();

  /** Brings the integrals up to now. Called before anything in them changes. */
  function count(): number {
    const nowMs = now();
    const elapsedMs = nowMs - countedMs;
    countedMs = nowMs;
    if (limits.concurrency !== null) {
      integrals.busySlotMs += busy * elapsedMs;
      integrals.slotMs += limits.concurrency * elapsedMs;
      integrals.queuedMs += line.length * elapsedMs;
      integrals.limitedMs += elapsedMs;
    }
    return nowMs;
  }

  function start(waitedMs: number): void {
    busy += 1;
    if (limits.concurrency === null) return;
    counters.started += 1;
    counters.waitedMs += waitedMs;
    record(waits, waitedMs);
  }

  function refuse(place: Place<Waiting>, reason: 'shed' | 'expired' | 'cancelled', why: string): void {
    line.leave(place);
    counters[reason] += 1;
    place.item.refuse(new CallFailure(reason, nodeId, why));
  }

  const hasFreeSlot = (): boolean => limits.concurrency === null || busy < limits.concurrency;

  /** Free slots go to those who wait. The work that nobody waits for any more is not begun. */
  function grantFree(nowMs: number): void {
    while (hasFreeSlot()) {
      const next = limits.queue.order === 'fifo' ? line.oldest() : line.newest();
      if (!next) return;
      const { sinceMs, deadlineMs, grant } = next.item;
      if (deadlineMs <= nowMs) refuse(next, 'expired', 'its deadline passed while it waited for a slot');
      else {
        line.leave(next);
        start(nowMs - sinceMs);
        grant();
      }
    }
  }

  /** Whatever the order of the queue, the oldest is the first that has waited too long. */
  function shedOld(): void {
    shedTimer = undefined;
    const { shedding } = limits;
    if (!shedding) return;
    const nowMs = count();
    for (let place = line.oldest(); place; place = line.oldest()) {
      const leftMs = place.item.sinceMs + shedding.maxWaitMs - nowMs;
      if (leftMs > 0) {
        shedTimer = setTimeout(shedOld, Math.ceil(leftMs));
        return;
      }
      refuse(place, 'shed', `waited ${shedding.maxWaitMs} ms for a slot`);
    }
  }

  return {
    take(deadlineMs) {
      const nowMs = count();
      if (deadlineMs <= nowMs) {
        counters.expired += 1;
        throw new CallFailure('expired', nodeId, 'its deadline had passed when it arrived');
      }
      if (hasFreeSlot()) {
        start(0);
        return null;
      }
      if (line.length >= limits.queue.limit) {
        counters.queueFull += 1;
        throw new CallFailure('queue-full', nodeId, `all slots are busy, and ${line.length} requests wait`);
      }
      let place: Place<Waiting>;
      let isWaiting = true;
      const granted = new Promise<void>((resolve, reject) => {
        const ended =
          <Result>(settle: (result: Result) => void) =>
          (result: Result): void => {
            isWaiting = false;
            settle(result);
          };
        place = line.join({ sinceMs: nowMs, deadlineMs, grant: ended<void>(resolve), refuse: ended(reject) });
      });
      if (limits.shedding) shedTimer ??= setTimeout(shedOld, Math.ceil(limits.shedding.maxWaitMs));
      return {
        granted,
        leave() {
          if (!isWaiting) return;
          const reason = deadlineMs <= count() ? 'expired' : 'cancelled';
          refuse(place, reason, 'its caller went away while it waited for a slot');
        },
      };
    },

    release() {
      const nowMs = count();
      busy -= 1;
      grantFree(nowMs);
    },

    configure(changed) {
      const nowMs = count();
      limits = changed;
      grantFree(nowMs);
      clearTimeout(shedTimer);
      shedOld();
    },

    measure() {
      count();
      const histograms = { waiting: toSparse(waits) };
      reset(waits);
      const gauges: Record<string, number> =
        limits.concurrency === null ? {} : { busySlots: busy, waiting: line.length };
      return { counters: { ...counters, ...integrals }, gauges, histograms };
    },
  };
}
