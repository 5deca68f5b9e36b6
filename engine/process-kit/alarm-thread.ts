import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';

/*
 * A thread that sleeps until a time given in microseconds and then rings. The event loop itself can only sleep whole
 * milliseconds; `Atomics.wait` sleeps to some tens of microseconds, but must not block the thread that reads answers.
 */

/** Cells of the shared memory. Times are microseconds of `performance.now()` modulo 2^32, compared by difference. */
const CELLS = {
  /** Counts what the owner published. */
  published: 0,
  /** How many of the next two are set. */
  pending: 1,
  earliest: 2,
  second: 3,
  /** What the thread sleeps for now. */
  target: 4,
  /** 1 while it sleeps for nothing in particular. */
  parked: 5,
  /** 1 from a ring until the owner answers it. */
  ringing: 6,
  /** Least time between two rings, in microseconds. */
  rest: 7,
} as const;

/** Two rings are at least this far apart: what falls due in between waits so long, and costs no wake-up of its own. */
const REST_US = 180;
const BUSY_REST_US = 1000;

/** An alarm rings so much before its time, since it takes at least that long until the owner hears it. */
export const RING_LEAD_US = 25;

/**
 * So long before its time the thread stops sleeping and looks at the clock instead. Windows wakes a sleeper at its next
 * tick, up to 15.6 ms late: there precise jobs cost up to the time of one core while they are due.
 */
const SPIN_US = process.platform === 'win32' ? 17_000 : 0;

interface ThreadStart {
  cells: Int32Array;
  cell: typeof CELLS;
  port: MessagePort;
  /** Monotonic system clock minus the owner's `performance.now()`, in microseconds. */
  originUs: number;
  leadUs: number;
  spinUs: number;
}

/** Runs in the thread; it is handed over as text, so it may use nothing from outside. */
function ringAtTimes({ cells, cell, port, originUs, leadUs, spinUs }: ThreadStart): never {
  const nowUs = (): number => {
    const [seconds, nanoseconds] = process.hrtime();
    return (seconds * 1e6 + nanoseconds / 1e3 - originUs) | 0;
  };
  try {
    // Linux lets a thread's timers be 50 µs late to save wake-ups, unless the thread asks for less.
    const fs: typeof import('node:fs') = require('node:fs');
    const thread = fs.readlinkSync('/proc/thread-self').split('/').pop();
    fs.writeFileSync(`/proc/${thread}/timerslack_ns`, '1');
  } catch {
    // Not Linux, or not allowed: alarms are some 50 µs later.
  }
  let rangUs = nowUs();
  let rangFor = rangUs;
  let answeredBy = -1;
  for (;;) {
    const published = Atomics.load(cells, cell.published);
    const pending = Atomics.load(cells, cell.pending);
    const second = Atomics.load(cells, cell.second);
    let target: number;
    if (pending > 0 && published !== answeredBy) target = Atomics.load(cells, cell.earliest);
    else if (pending > 1 && ((second - rangFor) | 0) > 0) target = second;
    else {
      Atomics.store(cells, cell.parked, 1);
      Atomics.wait(cells, cell.published, published);
      Atomics.store(cells, cell.parked, 0);
      continue;
    }
    Atomics.store(cells, cell.target, target);
    const now = nowUs();
    const restLeftUs = (rangUs + Atomics.load(cells, cell.rest) - now) | 0;
    const leftUs = Math.max((target - leadUs - now) | 0, restLeftUs);
    if (leftUs > spinUs) {
      const woken = Atomics.wait(cells, cell.published, published, (leftUs - spinUs) / 1000) !== 'timed-out';
      if (woken || spinUs > 0) continue;
    } else if (leftUs > 0) continue;
    // The owner was awake by itself meanwhile, and has set something else.
    if (Atomics.load(cells, cell.published) !== published) continue;
    rangFor = target;
    rangUs = nowUs();
    // What was published up to now is covered by this ring: the owner runs all that is due when it hears it.
    answeredBy = Atomics.load(cells, cell.published);
    if (Atomics.exchange(cells, cell.ringing, 1) === 0) port.postMessage(0);
  }
}

/** The two clocks are read one after the other; the smallest difference is the one with the least in between. */
function clockOriginUs(): number {
  let origin = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 50; i += 1) {
    const nowMs = performance.now();
    const [seconds, nanoseconds] = process.hrtime();
    origin = Math.min(origin, seconds * 1e6 + nanoseconds / 1e3 - nowMs * 1000);
  }
  return origin;
}

export interface AlarmThread {
  /** Rings at the earliest time and, unless it was set anew, at the second. Replaces what was set before. */
  set(pending: 0 | 1 | 2, earliestMs: number, secondMs: number): void;
  /** Where very many jobs fall due, they are to share rings: each ring wakes two threads. */
  setBusy(busy: boolean): void;
  close(): void;
}

/** `onRing` runs on this thread's event loop. `onReady` may set the first alarm; `onLost` says that none will ring any more. */
export function startAlarmThread(options: { onReady(): void; onRing(): void; onLost(): void }): AlarmThread {
  const cells = new Int32Array(new SharedArrayBuffer(4 * Object.keys(CELLS).length));
  cells[CELLS.rest] = REST_US;
  const { port1, port2 } = new MessageChannel();
  const start: ThreadStart = {
    cells,
    cell: CELLS,
    port: port2,
    originUs: clockOriginUs(),
    leadUs: RING_LEAD_US,
    spinUs: SPIN_US,
  };
  const source = `(${ringAtTimes.toString()})(require('node:worker_threads').workerData)`;
  const worker = new Worker(source, { eval: true, workerData: start, transferList: [port2], execArgv: [] });
  const toUs = (ms: number): number => Math.ceil(ms * 1000) | 0;

  worker.once('online', options.onReady);
  worker.once('error', options.onLost);
  port1.on('message', () => {
    // Before the owner looks at the clock: a ring that comes later is a new one.
    Atomics.store(cells, CELLS.ringing, 0);
    options.onRing();
  });
  // The work that is waited for keeps the process alive, not the thread that waits.
  worker.unref();
  port1.unref();

  return {
    set(pending, earliestMs, secondMs) {
      if (pending > 0) Atomics.store(cells, CELLS.earliest, toUs(earliestMs));
      if (pending > 1) Atomics.store(cells, CELLS.second, toUs(secondMs));
      Atomics.store(cells, CELLS.pending, pending);
      Atomics.add(cells, CELLS.published, 1);
      if (pending === 0) return;
      const sooner = ((Atomics.load(cells, CELLS.earliest) - Atomics.load(cells, CELLS.target)) | 0) < 0;
      if (sooner || Atomics.load(cells, CELLS.parked) === 1) Atomics.notify(cells, CELLS.published);
    },
    setBusy(busy) {
      Atomics.store(cells, CELLS.rest, busy ? BUSY_REST_US : REST_US);
    },
    close() {
      port1.close();
      void worker.terminate();
    },
  };
}
