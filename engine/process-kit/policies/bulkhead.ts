import type { Bulkhead as Settings } from '../../model/policies.ts';

/** Bounds what is under way at the same time; the rest waits in the order in which it came, or is turned away. */
export interface Bulkhead {
  /**
   * Calls `go` as soon as there is a place: now, or later. Null: no place and no room to wait. Else a function that gives
   * up the wait; once `go` was called, `leave` must be called instead.
   */
  enter(go: () => void): (() => void) | null;
  leave(): void;
  busy(): number;
  waiting(): number;
}

export function createBulkhead({ maxConcurrent, maxQueued }: Settings): Bulkhead {
  let busy = 0;
  let admitting = false;
  const waiting = new Set<() => void>();

  /** A loop: what is let in may leave again before `go` returns. */
  const admit = (): void => {
    if (admitting) return;
    admitting = true;
    for (const go of waiting) {
      if (busy >= maxConcurrent) break;
      waiting.delete(go);
      busy += 1;
      go();
    }
    admitting = false;
  };

  return {
    enter(go) {
      if (busy >= maxConcurrent && waiting.size >= maxQueued) return null;
      // Of its own, so that the same function may wait twice.
      const turn = (): void => go();
      waiting.add(turn);
      admit();
      return () => void waiting.delete(turn);
    },
    leave() {
      busy -= 1;
      admit();
    },
    busy: () => busy,
    waiting: () => waiting.size,
  };
}
