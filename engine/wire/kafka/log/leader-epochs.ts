/** Where in the log each leader began to write. */
export type LeaderEpoch = [epoch: number, startOffset: number];

/** The leaders of a log one after the other, by which a follower finds where its log parts from the leader's. */
export class LeaderEpochs {
  #entries: LeaderEpoch[];

  constructor(entries: readonly LeaderEpoch[] = []) {
    this.#entries = [...entries];
  }

  get entries(): readonly LeaderEpoch[] {
    return this.#entries;
  }

  /** -1 for an empty log. */
  get latest(): number {
    return this.#entries.at(-1)?.[0] ?? -1;
  }

  /** True if the epoch is a new one. */
  assign(epoch: number, startOffset: number): boolean {
    if (epoch <= this.latest) return false;
    this.#entries.push([epoch, startOffset]);
    return true;
  }

  /** The greatest epoch that is at most the given one, and where it ends; null where nothing is that old. */
  endOf(epoch: number, logEnd: number): { epoch: number; endOffset: number } | null {
    if (epoch === this.latest) return { epoch, endOffset: logEnd };
    const next = this.#entries.findIndex(([each]) => each > epoch);
    const found = this.#entries[next - 1];
    if (next < 0 || !found) return null;
    return { epoch: found[0], endOffset: (this.#entries[next] as LeaderEpoch)[1] };
  }

  /** The epoch of the record at the offset. */
  at(offset: number): number {
    return this.#entries.findLast(([, start]) => start <= offset)?.[0] ?? -1;
  }

  truncateEnd(endOffset: number): void {
    this.#entries = this.#entries.filter(([, start]) => start < endOffset);
  }

  truncateStart(startOffset: number): void {
    const first = this.#entries.findLastIndex(([, start]) => start <= startOffset);
    if (first > 0) this.#entries = this.#entries.slice(first);
    const [entry] = this.#entries;
    if (entry && entry[1] < startOffset) this.#entries[0] = [entry[0], startOffset];
  }
}
