import type { PreciseTimer } from '../../process-kit/precise-timer.ts';
import type { Spike } from '../../process-kit/traffic-hooks.ts';
import type { Drawing, Draws } from '../draws.ts';
import type { NextIteration, VirtualUser } from '../user.ts';

/** Decides when iterations start, and how many. */
export interface Executor {
  /** Virtual users at work now; null where it does not count any. */
  vus(): number | null;
  /** No iteration that it has still to begin, but for those that follow answers, is due before this; since the start. */
  nextMs(): number;
  /** Starts no more iterations; those in progress go on. */
  stop(): void;
  /** Adds to what the plan brings, until the answer is stopped. */
  spike(spike: Spike): Added;
}

/** What comes beside a plan while a spike is on. */
export interface Added {
  /** The spike's factor is another one, or the plan has another number of users. */
  change(): void;
  /** As those of the executor. */
  vus(): number;
  nextMs(): number;
  stop(): void;
}

/** What executors work with. Times are those of `performance.now()`. */
export interface Ground {
  timer: PreciseTimer;
  /** When the source begins, and how long it lasts; null: until it is stopped. */
  startMs: number;
  durationMs: number | null;
  seed: number;
  /** Requests of one iteration. */
  length: number;
  drawing: Drawing;
  /** Iterations in progress, those that a spike added among them. */
  running(): number;
  /** Iterations of the plan in progress, and all that ever began. */
  planned(): { running: number; started: number };
  /** An iteration of one request, without a user of its own. `sinceMs` counts from the start of the source. */
  sendOne(draws: Draws, sinceMs: number, nowMs: number): void;
  /** The same with a request that somebody recorded. */
  sendRecorded(request: { route: number; path: string; bodyBytes: number }, sinceMs: number, nowMs: number): void;
  /** With the spike that it comes from, unless it is one of the plan. */
  createUser(draws: Draws, next: NextIteration, spike?: Spike): VirtualUser;
  /** An iteration that is due, and nobody is free for it: the request that it would have begun with is dropped. */
  dropOne(draws: Draws, sinceMs: number, nowMs: number): void;
  /** Iterations that will never start. */
  dropIterations(count: number): void;
  /** The executor is at its end. */
  end(): void;
}
