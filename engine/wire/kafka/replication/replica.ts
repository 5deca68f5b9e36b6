import type { PartitionMetadata, TopicMetadata } from '../cluster/metadata.ts';
import type { Appended, Log } from '../log/log.ts';
import { type ErrorName, KafkaError } from '../protocol/errors.ts';

/** Totals of a partition. */
export interface Traffic {
  messagesIn: number;
  bytesIn: number;
  /** To consumers; what goes to followers is not counted. */
  messagesOut: number;
  bytesOut: number;
}

interface Follower {
  /** What it has confirmed to have. */
  endOffset: number;
  /** When it had all that the leader had. */
  caughtUpAtMs: number;
}

interface Waiter {
  /** Answered when everything before it is there. */
  offset: number;
  isForAll: boolean;
  done(error: KafkaError | null): void;
}

/** A partition as one broker has it: its log, and, where this broker leads, what it knows of the followers. */
export class Replica {
  readonly brokerId: number;
  readonly topic: TopicMetadata;
  readonly index: number;
  readonly log: Log;
  readonly traffic: Traffic;
  readonly #now: () => number;
  readonly #changeIsr: (isr: readonly number[]) => void;
  #metadata: PartitionMetadata;
  #isLeader = false;
  #leaderEpoch = -1;
  readonly #followers = new Map<number, Follower>();
  #waiters: Waiter[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(options: {
    brokerId: number;
    topic: TopicMetadata;
    metadata: PartitionMetadata;
    traffic: Traffic;
    /** `whenConfirmable` is to be called when more of the log may be confirmed. */
    openLog(whenConfirmable: () => void): Log;
    now: () => number;
    changeIsr(isr: readonly number[]): void;
  }) {
    this.brokerId = options.brokerId;
    this.topic = options.topic;
    this.index = options.metadata.index;
    this.#metadata = options.metadata;
    this.traffic = options.traffic;
    this.#now = options.now;
    this.#changeIsr = options.changeIsr;
    this.log = options.openLog(() => this.confirmed());
  }

  get isLeader(): boolean {
    return this.#isLeader;
  }

  get leaderEpoch(): number {
    return this.#metadata.leaderEpoch;
  }

  get metadata(): PartitionMetadata {
    return this.#metadata;
  }

  /** Takes the part that the controller has given it. True if the leader is another one than before. */
  update(metadata: PartitionMetadata): boolean {
    this.#metadata = metadata;
    const isNew = metadata.leaderEpoch !== this.#leaderEpoch;
    this.#leaderEpoch = metadata.leaderEpoch;
    if (isNew) {
      this.#isLeader = metadata.leader === this.brokerId;
      this.#followers.clear();
      if (!this.#isLeader) this.#failWaiters('NOT_LEADER_OR_FOLLOWER');
    }
    // The replicas may be others under the same leader, while a partition is moved.
    for (const id of this.#followers.keys()) if (!metadata.replicas.includes(id)) this.#followers.delete(id);
    for (const id of metadata.replicas)
      if (id !== this.brokerId && !this.#followers.has(id))
        this.#followers.set(id, { endOffset: 0, caughtUpAtMs: this.#now() });
    if (this.#isLeader) this.confirmed();
    this.#notify();
    return isNew;
  }

  /** `isMarker`: it ends a transaction, and is no message. */
  append(bytes: Buffer, isMarker = false): Appended {
    const before = this.log.endOffset;
    const appended = this.log.appendAsLeader(bytes, this.leaderEpoch);
    if (!appended.isDuplicate) {
      if (!isMarker) {
        this.traffic.messagesIn += this.log.endOffset - before;
        this.traffic.bytesIn += bytes.length;
      }
      this.confirmed();
      this.#notify();
    }
    return appended;
  }

  /** Calls back when all before the offset is on this broker, or on all that are in sync; at once, if it is already. */
  whenThere(offset: number, isForAll: boolean, done: (error: KafkaError | null) => void): void {
    const waiter = { offset, isForAll, done };
    if (this.#isReady(waiter)) this.#answer(waiter);
    else this.#waiters.push(waiter);
  }

  forget(done: Waiter['done']): void {
    this.#waiters = this.#waiters.filter((each) => each.done !== done);
  }

  /** Calls back once, when there is more to read or somebody else leads. Returns what takes that back. */
  onceChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** More of the log may be confirmed: here, or on a follower. */
  confirmed(): void {
    if (this.#isLeader) {
      const { isr } = this.#metadata;
      let everywhere = this.log.confirmableEnd;
      for (const id of isr)
        if (id !== this.brokerId) everywhere = Math.min(everywhere, this.#followers.get(id)?.endOffset ?? 0);
      if (this.log.advanceHighWatermark(everywhere)) this.#notify();
    } else this.#notify();
    if (this.#waiters.length === 0) return;
    // Who is called back may append and wait again, so those who are answered are out of the list before.
    const [ready, waiting]: [Waiter[], Waiter[]] = [[], []];
    for (const waiter of this.#waiters) (this.#isReady(waiter) ? ready : waiting).push(waiter);
    this.#waiters = waiting;
    for (const waiter of ready) this.#answer(waiter);
  }

  /** A follower has told how far it is. */
  followerIsAt(id: number, endOffset: number): void {
    const follower = this.#followers.get(id);
    if (!follower) return;
    follower.endOffset = endOffset;
    if (endOffset >= this.log.confirmableEnd) follower.caughtUpAtMs = this.#now();
    const { isr, replicas } = this.#metadata;
    if (!isr.includes(id) && replicas.includes(id) && endOffset >= this.log.highWatermark)
      this.#changeIsr([...isr, id]);
    this.confirmed();
  }

  /** Takes out of the set in sync who has not caught up for so long. */
  shrinkIsr(maxLagMs: number): void {
    if (!this.#isLeader) return;
    const oldestMs = this.#now() - maxLagMs;
    const { isr } = this.#metadata;
    const inSync = isr.filter((id) => {
      const follower = this.#followers.get(id);
      return !follower || follower.endOffset >= this.log.endOffset || follower.caughtUpAtMs >= oldestMs;
    });
    if (inSync.length < isr.length) this.#changeIsr(inSync);
  }

  /** How far followers are, by broker. */
  get followers(): ReadonlyMap<number, Readonly<Follower>> {
    return this.#followers;
  }

  /** Nobody will be answered any more. */
  end(error: ErrorName): void {
    this.#isLeader = false;
    this.#failWaiters(error);
    this.#notify();
  }

  #isReady({ offset, isForAll }: Waiter): boolean {
    return this.log.failure !== null || (isForAll ? this.log.highWatermark : this.log.confirmableEnd) >= offset;
  }

  #answer({ done }: Waiter): void {
    done(this.log.failure ? new KafkaError('KAFKA_STORAGE_ERROR') : null);
  }

  #failWaiters(error: ErrorName): void {
    for (const { done } of this.#waiters.splice(0)) done(new KafkaError(error));
  }

  #notify(): void {
    if (this.#listeners.size === 0) return;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}
