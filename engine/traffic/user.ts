import type { Draws } from './draws.ts';

/** Whoever waits for the outcome of a request. */
export interface User {
  /** Its request is decided, whichever way. */
  settled(nowMs: number): void;
}

/** What a virtual user needs of the traffic that it is part of. Times are those of `performance.now()`. */
export interface UserLife {
  /** Requests of one iteration. */
  length: number;
  /** Sends the request that is this step of the iteration. */
  send(user: User, draws: Draws, step: number, intendedMs: number, nowMs: number): void;
  /** Calls back at this time; returns what cancels it. */
  wait(user: VirtualUser, untilMs: number, nowMs: number, then: (nowMs: number) => void): () => void;
  begun(): void;
  ended(how: 'completed' | 'interrupted'): void;
}

/** Draws of the iteration after this one; null when there is none. */
export type NextIteration = () => Draws | null;

/**
 * One virtual user: sends a request, waits for its outcome, thinks, sends the next. Its requests never overlap, and it
 * thinks between two iterations as within one.
 */
export class VirtualUser implements User {
  /** Intended start of its next request; infinite unless it thinks. */
  dueMs = Number.POSITIVE_INFINITY;
  /** No iteration follows the one that it is in. */
  leaving = false;
  gone = false;
  private step = 0;
  private inIteration = false;
  private stopWaiting: () => void = () => {};
  private readonly life: UserLife;
  private draws: Draws;
  private readonly next: NextIteration;

  constructor(life: UserLife, draws: Draws, next: NextIteration) {
    this.life = life;
    this.draws = draws;
    this.next = next;
  }

  begin(intendedMs: number, nowMs: number): void {
    this.inIteration = true;
    this.step = 0;
    this.life.begun();
    this.life.send(this, this.draws, 0, intendedMs, nowMs);
  }

  settled(nowMs: number): void {
    // Interrupted while the request was on its way.
    if (!this.inIteration) return;
    this.step += 1;
    if (this.step < this.life.length) {
      this.think(nowMs, (dueMs, wokeMs) => this.life.send(this, this.draws, this.step, dueMs, wokeMs));
      return;
    }
    this.inIteration = false;
    this.life.ended('completed');
    const draws = this.leaving ? null : this.next();
    if (!draws) {
      this.gone = true;
      return;
    }
    this.think(nowMs, (dueMs, wokeMs) => {
      this.draws = draws;
      this.begin(dueMs, wokeMs);
    });
  }

  /** Goes at the end of its iteration, or now when it is in none. */
  leave(): void {
    this.leaving = true;
    if (!this.inIteration) this.interrupt();
  }

  /** Goes now. A request on its way gets its outcome, and nothing follows it. */
  interrupt(): void {
    this.stopWaiting();
    this.dueMs = Number.POSITIVE_INFINITY;
    if (this.inIteration) this.life.ended('interrupted');
    this.inIteration = false;
    this.gone = true;
  }

  private think(nowMs: number, then: (dueMs: number, nowMs: number) => void): void {
    const dueMs = nowMs + this.draws.thinkMs();
    this.dueMs = dueMs;
    this.stopWaiting = this.life.wait(this, dueMs, nowMs, (wokeMs) => {
      this.dueMs = Number.POSITIVE_INFINITY;
      then(dueMs, wokeMs);
    });
  }
}
