/** A connection that holds no more than this is never the one that is too much. */
const ALWAYS_ALLOWED_BYTES = 64 * 1024;

/** What all connections hold together: requests that are not there whole, and answers that nobody takes. */
export class Memory {
  readonly #maxBytes: number;
  #incoming = 0;
  #outgoing = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What an answer may add, at most. */
  get roomForAnswers(): number {
    return Math.max(0, this.#maxBytes - this.#outgoing);
  }

  get heldBytes(): number {
    return this.#incoming + this.#outgoing;
  }

  /** The part of one connection. `set` is false where it should end, because its half a request is too much for all. */
  share(): { set(incoming: number, outgoing: number): boolean; end(): void } {
    let [ownIncoming, ownOutgoing] = [0, 0];
    const set = (incoming: number, outgoing: number): boolean => {
      this.#incoming += incoming - ownIncoming;
      this.#outgoing += outgoing - ownOutgoing;
      [ownIncoming, ownOutgoing] = [incoming, outgoing];
      return this.#incoming <= this.#maxBytes || incoming <= ALWAYS_ALLOWED_BYTES;
    };
    return { set, end: () => set(0, 0) };
  }
}
