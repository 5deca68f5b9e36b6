import type { PreciseTimer } from '../../process-kit/precise-timer.ts';
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
  /** Iterations in progress, and all that ever began. */
  running(): number;
  started(): number;
  /** An iteration of one request, without a user of its own. `sinceMs` counts from the start of the source. */
  sendOne(draws: Draws, sinceMs: number, nowMs: number): void;
  /** The same with a request that somebody recorded. */
  sendRecorded(request: { route: number; path: string; bodyBytes: number }, sinceMs: number, nowMs: number): void;
  createUser(draws: Draws, next: NextIteration): VirtualUser;
  /** An iteration that is due, and nobody is free for it: the request that it would have begun with is dropped. */
  dropOne(draws: Draws, sinceMs: number, nowMs: number): void;
  /** Iterations that will never start. */
  dropIterations(count: number): void;
  /** The executor is at its end. */
  end(): void;
}
