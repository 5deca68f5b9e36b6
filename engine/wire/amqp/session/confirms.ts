/** What a channel tells its publisher: up to which of its messages all are safe, and which were turned down. */
export class Confirms {
  readonly #ack: (tag: number, isMultiple: boolean) => void;
  readonly #nack: (tag: number) => void;
  readonly #whenDurable: (done: () => void) => void;
  readonly #changed: () => void;
  #published = 0;
  /** Of those, all up to here are safe, or turned down. */
  #safe = 0;
  /** All up to here were told of, but those in `#refused`. */
  #told = 0;
  /** All up to here wait for the log, if any does. */
  #asked = 0;
  #waits = 0;
  #isLogged = false;
  #refused: number[] = [];

  constructor(options: {
    ack(tag: number, isMultiple: boolean): void;
    nack(tag: number): void;
    /** Calls back when all that happened so far is on the disk. */
    whenDurable(done: () => void): void;
    /** There is something to flush. */
    changed(): void;
  }) {
    this.#ack = options.ack;
    this.#nack = options.nack;
    this.#whenDurable = options.whenDurable;
    this.#changed = options.changed;
  }

  published(outcome: { isRefused: boolean; isLogged: boolean }): void {
    this.#published += 1;
    if (outcome.isRefused) this.#refused.push(this.#published);
    if (outcome.isLogged) this.#isLogged = true;
    this.#changed();
  }

  /** At the end of a turn of the event loop: tells of what is safe, as far as nothing before it waits for the disk. */
  flush(): void {
    if (this.#asked < this.#published) this.#ask();
    if (this.#told < this.#safe) this.#tell();
  }

  #ask(): void {
    const upTo = this.#published;
    this.#asked = upTo;
    if (!this.#isLogged && this.#waits === 0) {
      this.#safe = upTo;
      return;
    }
    this.#isLogged = false;
    this.#waits += 1;
    this.#whenDurable(() => {
      this.#waits -= 1;
      this.#safe = upTo;
      this.#changed();
    });
  }

  #tell(): void {
    const refused = this.#refused.filter((tag) => tag <= this.#safe);
    this.#refused = this.#refused.filter((tag) => tag > this.#safe);
    for (const tag of refused) this.#nack(tag);
    const count = this.#safe - this.#told - refused.length;
    let last = this.#safe;
    while (refused.includes(last)) last -= 1;
    this.#told = this.#safe;
    // Those that were turned down are settled already, and are not meant.
    if (count > 0) this.#ack(last, count > 1);
  }
}
