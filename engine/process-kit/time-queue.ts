/** Jobs by due time; of two with the same time the one added first comes first. A binary heap. */
export interface TimeQueue {
  add(atMs: number, run: () => void): Job;
  /** Due time of the earliest job, or Infinity. */
  earliestMs(): number;
  /** Due time of the job after that one, or Infinity. */
  secondMs(): number;
  /** Removes the earliest job and returns it. Only when there is one. */
  take(): () => void;
  clear(): void;
}

export interface Job {
  readonly atMs: number;
  readonly order: number;
  /** May be replaced until it is taken. */
  run: () => void;
}

const before = (a: Job, b: Job): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

export function createTimeQueue(): TimeQueue {
  const heap: Job[] = [];
  let order = 0;

  const timeAt = (index: number): number => heap[index]?.atMs ?? Number.POSITIVE_INFINITY;

  function siftDown(job: Job): void {
    let hole = 0;
    for (;;) {
      const left = hole * 2 + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && before(heap[right] as Job, heap[left] as Job) ? right : left;
      if (!before(heap[child] as Job, job)) break;
      heap[hole] = heap[child] as Job;
      hole = child;
    }
    heap[hole] = job;
  }

  return {
    add(atMs, run) {
      const job = { atMs, order: order++, run };
      let hole = heap.length;
      heap.push(job);
      while (hole > 0) {
        const parent = (hole - 1) >> 1;
        if (!before(job, heap[parent] as Job)) break;
        heap[hole] = heap[parent] as Job;
        hole = parent;
      }
      heap[hole] = job;
      return job;
    },
    earliestMs: () => timeAt(0),
    secondMs: () => Math.min(timeAt(1), timeAt(2)),
    take() {
      const first = heap[0];
      if (!first) throw new Error('take from an empty time queue');
      const last = heap.pop() as Job;
      if (heap.length > 0) siftDown(last);
      return first.run;
    },
    clear() {
      heap.length = 0;
    },
  };
}
