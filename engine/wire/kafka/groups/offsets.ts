/** How far a group has come in one partition. */
export interface CommittedOffset {
  offset: number;
  leaderEpoch: number;
  metadata: string;
  /** Epoch milliseconds. */
  committedAtMs: number;
}

export interface PartitionOffset extends CommittedOffset {
  topic: string;
  partition: number;
}

/** The offsets of one group, by topic and partition. */
export class Offsets {
  readonly #byTopic = new Map<string, Map<number, CommittedOffset>>();
  /** Of transactions that are open, by producer: they count when it commits. */
  readonly #pending = new Map<number, PartitionOffset[]>();

  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.#byTopic.get(topic)?.get(partition);
  }

  *all(): Generator<PartitionOffset> {
    for (const [topic, partitions] of this.#byTopic)
      for (const [partition, committed] of partitions) yield { topic, partition, ...committed };
  }

  get isEmpty(): boolean {
    return this.#byTopic.size === 0 && this.#pending.size === 0;
  }

  put({ topic, partition, ...committed }: PartitionOffset): void {
    const partitions = this.#byTopic.get(topic) ?? new Map();
    this.#byTopic.set(topic, partitions);
    partitions.set(partition, committed);
  }

  delete(topic: string, partition: number): void {
    const partitions = this.#byTopic.get(topic);
    partitions?.delete(partition);
    if (partitions?.size === 0) this.#byTopic.delete(topic);
  }

  /** They count when the producer's transaction commits. */
  hold(producerId: number, offsets: readonly PartitionOffset[]): void {
    this.#pending.set(producerId, [...(this.#pending.get(producerId) ?? []), ...offsets]);
  }

  /** The transaction has ended; returns what counts from now on. */
  release(producerId: number, isCommit: boolean): PartitionOffset[] {
    const held = this.#pending.get(producerId) ?? [];
    this.#pending.delete(producerId);
    return isCommit ? held : [];
  }

  /** Whether a transaction is about to change it. */
  isUnstable(topic: string, partition: number): boolean {
    for (const held of this.#pending.values())
      if (held.some((each) => each.topic === topic && each.partition === partition)) return true;
    return false;
  }
}
