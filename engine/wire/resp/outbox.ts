/** Answers that wait for so long are sent without those that other connections get in the same turn. */
const SLOW_MS = 0.2;

/**
 * Sends what connections have to say after all of them were read from, as Redis does before it sleeps: a client that is woken
 * by the first write finds the others' answers there too, instead of being woken once for each.
 */
export class Outbox {
  #sends: (() => void)[] = [];
  #sinceMs = 0;
  #scheduled = false;
  readonly #flush = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  /** `late`: what is sent has waited long enough. */
  post(send: () => void, late: boolean): void {
    this.#sends.push(send);
    if (this.#sends.length === 1) this.#sinceMs = performance.now();
    else late ||= performance.now() - this.#sinceMs > SLOW_MS;
    if (late) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#flush);
    }
  }

  flush(): void {
    const sends = this.#sends;
    if (sends.length === 0) return;
    this.#sends = [];
    for (const send of sends) send();
  }
}
