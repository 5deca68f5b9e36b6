const BUCKETS = 10;

/** Successes and failures of the last `windowMs`, in ten steps: at times a tenth of the window less is counted. */
export interface SlidingRatio {
  add(failed: boolean): void;
  total(): number;
  failureRatio(): number;
}

export function createSlidingRatio(windowMs: number, now: () => number): SlidingRatio {
  const bucketMs = windowMs / BUCKETS;
  const total = new Array<number>(BUCKETS).fill(0);
  const failures = new Array<number>(BUCKETS).fill(0);
  let newest = Math.floor(now() / bucketMs);

  const roll = (): number => {
    const current = Math.floor(now() / bucketMs);
    for (let number = Math.max(newest + 1, current - BUCKETS + 1); number <= current; number += 1) {
      total[number % BUCKETS] = 0;
      failures[number % BUCKETS] = 0;
    }
    newest = current;
    return current % BUCKETS;
  };
  const sum = (counts: number[]): number => {
    roll();
    return counts.reduce((all, count) => all + count, 0);
  };

  return {
    add(failed) {
      const bucket = roll();
      total[bucket] = (total[bucket] as number) + 1;
      if (failed) failures[bucket] = (failures[bucket] as number) + 1;
    },
    total: () => sum(total),
    failureRatio: () => sum(failures) / Math.max(1, sum(total)),
  };
}
