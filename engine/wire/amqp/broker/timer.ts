/** The longest time that `setTimeout` knows. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** A timer that is set for one point in time at most, and keeps nothing alive. */
export class Timer {
  readonly #act: () => void;
  readonly #nowMs: () => number;
  #timeout: NodeJS.Timeout | null = null;
  #atMs = 0;

  constructor(nowMs: () => number, act: () => void) {
    this.#nowMs = nowMs;
    this.#act = act;
  }

  /** Acts then, or earlier if it was set so; who acts must look at the time. */
  noLaterThan(atMs: number): void {
    if (this.#timeout && this.#atMs <= atMs) return;
    this.set(atMs);
  }

  set(atMs: number): void {
    this.clear();
    this.#atMs = atMs;
    const delayMs = Math.min(MAX_DELAY_MS, Math.max(1, Math.ceil(atMs - this.#nowMs())));
    this.#timeout = setTimeout(() => {
      this.#timeout = null;
      this.#act();
    }, delayMs).unref();
  }

  clear(): void {
    if (this.#timeout) clearTimeout(this.#timeout);
    this.#timeout = null;
  }
}
