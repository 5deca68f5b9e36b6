/** Answers that wait for so long are sent, whatever else comes. */
const SLOW_MS = 0.2;

/**
 * Sends what connections have to say once there is nothing more to read from any, as Redis does before it sleeps: a client that
 * is woken by the first write finds the others' answers there too, instead of being woken once for each.
 */
export class Outbox {
  #sends: (() => void)[] = [];
  #sinceMs = 0;
  #scheduled = false;
  /** Whether something was posted since the connections were last looked at. */
  #grown = false;

  /** `late`: what is sent has waited long enough. */
  post(send: () => void, late: boolean): void {
    this.#sends.push(send);
    this.#grown = true;
    if (this.#sends.length === 1) this.#sinceMs = performance.now();
    else late ||= performance.now() - this.#sinceMs > SLOW_MS;
    if (late) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#afterReading);
    }
  }

  flush(): void {
    const sends = this.#sends;
    if (sends.length === 0) return;
    this.#sends = [];
    for (const send of sends) send();
  }

  readonly #afterReading = (): void => {
    if (this.#grown && performance.now() - this.#sinceMs < SLOW_MS) {
      // There may be more by now.
      this.#grown = false;
      setImmediate(this.#afterReading);
      return;
    }
    this.#scheduled = false;
    this.flush();
  };
}
