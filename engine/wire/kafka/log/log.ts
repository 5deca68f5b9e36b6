import { mkdirSync, rmSync } from 'node:fs';
import { KafkaError } from '../protocol/errors.ts';
import { Batch, batchesIn } from '../records/batch.ts';
import { isAbortMarker } from '../records/control.ts';
import { recordsOf } from '../records/record.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { LeaderEpochs } from './leader-epochs.ts';
import { Producers, type ProducersSnapshot } from './producers.ts';
import { recoverSegments } from './recovery.ts';
import { Segment } from './segment.ts';
import type { LogSettings } from './settings.ts';

const MAX_RELATIVE_OFFSET = 0x7fff_ffff;
/** A producer that has not been here for so long is forgotten; Kafka's `producer.id.expiration.ms`. */
const PRODUCER_EXPIRATION_MS = 24 * 3600 * 1000;

export interface Appended {
  firstOffset: number;
  lastOffset: number;
  /** The broker's time, where it took the place of the client's; -1 otherwise. */
  logAppendTime: number;
  /** It was in the log before. */
  isDuplicate: boolean;
}

/** What the disk is made to look like. Left out: as it is. */
export interface DiskDrill {
  /** How much longer each write takes, in milliseconds. */
  delayMs?: (() => number) | undefined;
  /** Leaders append nothing. */
  isFull?: (() => boolean) | undefined;
}

/** The log of one replica of a partition: segments of record batches, on disk or in memory. */
export class Log {
  settings: LogSettings;
  readonly directory: string | null;
  readonly epochs: LeaderEpochs;
  readonly producers = new Producers();
  readonly cutOffBytes: number;
  readonly #now: () => number;
  readonly #whenConfirmable: () => void;
  readonly #disk: DiskDrill;
  segments: Segment[];
  startOffset: number;
  /** The offset that comes next. */
  endOffset: number;
  /** All before it is on the disk. */
  #flushedEnd: number;
  /** All before it is on all replicas that are in sync, and consumers may read it. */
  highWatermark: number;
  #writtenHighWatermark = -1;
  #recoveryPoint: number;
  #producersThere: ProducersSnapshot;
  readonly #unflushed = new Set<Segment>();
  #unflushedMessages = 0;
  /** Writes that are held up; meanwhile all before `#writtenEnd` is through. */
  #heldUp = 0;
  #writtenEnd = 0;
  #isFlushing = false;
  #mustFlush = false;
  #flushTimer: NodeJS.Timeout | null = null;
  #waitingToRecover: { offset: number; producers: ProducersSnapshot } | null = null;
  #failure: Error | null = null;
  #isClosed = false;
  /** Changes when segments go or are cut: what walks over them then begins anew. */
  revision = 0;

  /** `directory`: null keeps it in memory. `whenConfirmable` is called when more may be confirmed, or nothing any more. */
  constructor(options: {
    directory: string | null;
    settings: LogSettings;
    now: () => number;
    whenConfirmable: () => void;
    disk?: DiskDrill;
  }) {
    const { directory, now } = options;
    this.directory = directory;
    this.settings = options.settings;
    this.#now = now;
    this.#whenConfirmable = options.whenConfirmable;
    this.#disk = directory === null ? {} : (options.disk ?? {});
    if (directory !== null) mkdirSync(directory, { recursive: true });
    const checkpoint = directory === null ? null : readCheckpoint(directory);
    const { segments, endOffset, cutOffBytes } =
      directory === null
        ? { segments: [this.#segment(0, false)], endOffset: 0, cutOffBytes: 0 }
        : recoverSegments(directory, checkpoint, (base, isFound) => this.#segment(base, isFound));
    this.segments = segments;
    this.cutOffBytes = cutOffBytes;
    this.endOffset = endOffset;
    this.#flushedEnd = endOffset;
    this.startOffset = Math.min(Math.max(checkpoint?.startOffset ?? 0, this.#first.baseOffset), endOffset);
    this.highWatermark = Math.min(Math.max(checkpoint?.highWatermark ?? 0, this.startOffset), endOffset);
    this.epochs = new LeaderEpochs(checkpoint?.epochs);
    this.epochs.truncateEnd(endOffset);
    this.#recoveryPoint = Math.min(checkpoint?.recoveryPoint ?? 0, endOffset);
    this.#producersThere = checkpoint?.producers ?? { producers: [], aborted: [] };
    this.#replay();
    // Until it is closed again, nobody knows how it ends.
    this.writeCheckpoint(false);
  }

  get #first(): Segment {
    return this.segments[0] as Segment;
  }

  get active(): Segment {
    return this.segments.at(-1) as Segment;
  }

  get bytes(): number {
    return this.segments.reduce((sum, { size }) => sum + size, 0);
  }

  /** All before it may be confirmed: it is written, and on the disk too where the settings ask for that. */
  get confirmableEnd(): number {
    if (this.settings.flushMessages === 1) return this.#flushedEnd;
    return this.#heldUp > 0 ? Math.min(this.#writtenEnd, this.endOffset) : this.endOffset;
  }

  /** All before it is decided and replicated. */
  get lastStableOffset(): number {
    return Math.min(this.highWatermark, this.producers.firstUndecided());
  }

  get failure(): Error | null {
    return this.#failure;
  }

  /** Gives a batch the next offsets. Its bytes are changed, and must not be used elsewhere. */
  appendAsLeader(bytes: Buffer, leaderEpoch: number): Appended {
    this.#failIfBroken();
    if (this.#disk.isFull?.())
      throw new KafkaError('KAFKA_STORAGE_ERROR', 'the log cannot be written: no space left on device');
    const batch = new Batch(bytes, 0);
    const duplicate = this.producers.check(batch);
    const { isLogAppendTime } = this.settings;
    if (duplicate)
      return {
        firstOffset: duplicate.firstOffset,
        lastOffset: duplicate.firstOffset + batch.lastOffsetDelta,
        // As Apache Kafka says it, whichever time the topic goes by.
        logAppendTime: duplicate.timestamp,
        isDuplicate: true,
      };
    const firstOffset = this.endOffset;
    batch.baseOffset = firstOffset;
    batch.leaderEpoch = leaderEpoch;
    const nowMs = this.#now();
    if (isLogAppendTime) batch.setLogAppendTime(nowMs);
    this.#append(bytes, [batch], nowMs);
    return {
      firstOffset,
      lastOffset: batch.lastOffset,
      logAppendTime: isLogAppendTime ? nowMs : -1,
      isDuplicate: false,
    };
  }

  /** Batches of the leader, with the offsets that they have there. */
  appendAsFollower(bytes: Buffer): void {
    this.#failIfBroken();
    const batches = [...batchesIn(bytes)].filter(({ baseOffset }) => baseOffset >= this.endOffset);
    const [first] = batches;
    if (!first) return;
    const whole = bytes.subarray(first.at);
    this.#append(whole, first.at === 0 ? batches : [...batchesIn(whole)], this.#now());
  }

  #append(bytes: Buffer, batches: readonly Batch[], nowMs: number): void {
    const last = batches.at(-1) as Batch;
    if (this.#isFull(bytes.length, last.lastOffset, nowMs)) this.#roll(nowMs);
    const segment = this.active;
    const before = this.endOffset;
    try {
      segment.append(bytes, batches);
    } catch (error) {
      this.#fail(error as Error);
      this.#failIfBroken();
    }
    this.#unflushed.add(segment);
    for (const batch of batches) {
      this.#note(batch, nowMs);
      this.#unflushedMessages += batch.count;
    }
    this.endOffset = last.nextOffset;
    this.#holdUp(before);
    this.#flushAsSet();
  }

  #holdUp(before: number): void {
    const delayMs = this.#disk.delayMs?.() ?? 0;
    if (delayMs === 0) return;
    if (this.#heldUp === 0) this.#writtenEnd = before;
    this.#heldUp += 1;
    const end = this.endOffset;
    setTimeout(() => {
      this.#heldUp -= 1;
      this.#writtenEnd = Math.max(this.#writtenEnd, end);
      if (!this.#isClosed) this.#whenConfirmable();
    }, delayMs);
  }

  #note(batch: Batch, nowMs: number): void {
    this.epochs.assign(batch.leaderEpoch, batch.baseOffset);
    const isAbort = batch.isControl ? isAbortMarker(batch) : null;
    this.producers.appended(batch, nowMs, isAbort, this.highWatermark);
  }

  #isFull(bytes: number, lastOffset: number, nowMs: number): boolean {
    const { size, baseOffset, createdAtMs } = this.active;
    const { segmentBytes, segmentMs } = this.settings;
    return (
      size > 0 &&
      (size + bytes > segmentBytes || nowMs - createdAtMs >= segmentMs || lastOffset - baseOffset > MAX_RELATIVE_OFFSET)
    );
  }

  /** Begins a new segment. The old one goes to the disk, so that nobody has to look through it again. */
  #roll(nowMs: number): void {
    this.active.writeIndex();
    this.segments.push(this.#segment(this.endOffset, false, nowMs));
    if (this.directory === null) return;
    this.#waitingToRecover = { offset: this.endOffset, producers: this.producers.snapshot() };
    this.#flush();
  }

  /** At most so many bytes of whole batches, from the one that has the offset up to `upTo`. */
  read(offset: number, upTo: number, maxBytes: number, atLeastOne: boolean): Buffer[] {
    if (offset >= upTo) return [];
    for (let i = this.#indexOf(offset); i < this.segments.length; i += 1) {
      const segment = this.segments[i] as Segment;
      const nextBase = this.segments[i + 1]?.baseOffset ?? this.endOffset;
      const from = segment.positionOf(offset);
      const end = upTo >= nextBase ? segment.size : segment.positionOf(upTo);
      // Compaction may have left nothing here.
      if (from < end) return segment.read(from, end, maxBytes, atLeastOne);
      if (upTo <= nextBase) break;
    }
    return [];
  }

  /** The first record that is not older; null if there is none before `upTo`. Fails where a batch cannot be unpacked. */
  offsetForTimestamp(timestamp: number, upTo: number): { offset: number; timestamp: number } | null {
    for (const segment of this.segments) {
      if (segment.maxTimestamp < timestamp) continue;
      const from = segment.positionOf(Math.max(segment.index.offsetBefore(timestamp), this.startOffset));
      for (const { batch } of segment.batches(from)) {
        if (batch.baseOffset >= upTo) return null;
        if (batch.maxTimestamp < timestamp) continue;
        for (const record of recordsOf(batch))
          if (record.timestamp >= timestamp && record.offset >= this.startOffset && record.offset < upTo) return record;
      }
    }
    return null;
  }

  /** The first record with the greatest timestamp of all; null of an empty log. */
  offsetOfMaxTimestamp(): { offset: number; timestamp: number } | null {
    const greatest = this.segments.reduce((max, { maxTimestamp }) => Math.max(max, maxTimestamp), -1);
    return greatest < 0 ? null : this.offsetForTimestamp(greatest, this.endOffset);
  }

  /** When the batch with the offset was written, as it says itself; null behind the end. Epoch milliseconds. */
  timestampAt(offset: number): number | null {
    const [bytes] = this.read(Math.max(offset, this.startOffset), this.endOffset, 1, true);
    if (!bytes) return null;
    const batch = new Batch(bytes, 0);
    return batch.isLogAppendTime ? batch.maxTimestamp : batch.baseTimestamp;
  }

  /** Everything from the offset on is taken back. */
  truncateTo(offset: number): void {
    if (offset >= this.endOffset) return;
    this.revision += 1;
    while (this.segments.length > 1 && this.active.baseOffset >= offset) this.#drop(this.segments.pop() as Segment);
    const { active } = this;
    const position = active.baseOffset >= offset ? 0 : active.positionOf(offset);
    active.truncate(position);
    this.endOffset = Math.max(offset, active.baseOffset);
    this.#flushedEnd = Math.min(this.#flushedEnd, this.endOffset);
    this.startOffset = Math.min(this.startOffset, this.endOffset);
    this.highWatermark = Math.min(this.highWatermark, this.endOffset);
    this.epochs.truncateEnd(this.endOffset);
    if (this.#waitingToRecover && this.#waitingToRecover.offset > this.endOffset) this.#waitingToRecover = null;
    if (this.#recoveryPoint > this.endOffset) {
      this.#recoveryPoint = 0;
      this.#producersThere = { producers: [], aborted: [] };
    }
    this.#replay();
    this.writeCheckpoint(false);
  }

  /** Begins anew, at an offset that lies behind the end: what a follower does whose leader has deleted what it lacks. */
  restartAt(offset: number): void {
    this.truncateTo(this.startOffset);
    this.revision += 1;
    for (const segment of this.segments.splice(0)) this.#drop(segment);
    this.segments.push(this.#segment(offset, false));
    this.startOffset = offset;
    this.endOffset = offset;
    this.#flushedEnd = offset;
    this.#recoveryPoint = offset;
    this.highWatermark = Math.max(this.highWatermark, offset);
    this.writeCheckpoint(false);
  }

  /** Nobody reads before the offset any more; segments that lie before it whole are removed. */
  deleteBefore(offset: number): void {
    if (offset <= this.startOffset) return;
    this.startOffset = Math.min(offset, this.endOffset);
    this.#removeBeforeStart();
    this.writeCheckpoint(false);
  }

  /** Removes what is too old or too much, and forgets producers that are gone. True if something was removed. */
  applyRetention(): boolean {
    const nowMs = this.#now();
    this.producers.expire(nowMs - PRODUCER_EXPIRATION_MS, this.startOffset);
    const { segmentMs, isDeleted, retentionMs, retentionBytes } = this.settings;
    if (this.active.size > 0 && nowMs - this.active.createdAtMs >= segmentMs) this.#roll(nowMs);
    if (!isDeleted) return false;
    let [start, bytes] = [this.startOffset, this.bytes];
    for (const [i, segment] of this.segments.entries()) {
      const isActive = i === this.segments.length - 1;
      const end = isActive ? this.endOffset : (this.segments[i + 1] as Segment).baseOffset;
      const isOld = retentionMs >= 0 && segment.size > 0 && segment.maxTimestamp < nowMs - retentionMs;
      const isTooMuch = retentionBytes >= 0 && !isActive && bytes - segment.size >= retentionBytes;
      if ((!isOld && !isTooMuch) || end > this.highWatermark) break;
      if (isActive) this.#roll(nowMs);
      bytes -= segment.size;
      start = end;
      if (isActive) break;
    }
    if (start === this.startOffset) return false;
    this.deleteBefore(start);
    return true;
  }

  #removeBeforeStart(): void {
    let removed = false;
    while (this.segments.length > 1 && (this.segments[1] as Segment).baseOffset <= this.startOffset) {
      this.#drop(this.segments.shift() as Segment);
      removed = true;
    }
    if (removed) this.revision += 1;
    this.epochs.truncateStart(this.startOffset);
  }

  /** Puts a compacted segment into the place of others. */
  replaceSegments(old: readonly Segment[], replacement: Segment | null): void {
    const at = this.segments.indexOf(old[0] as Segment);
    this.segments.splice(at, old.length, ...(replacement ? [replacement] : []));
  }

  /** A segment that is no part of the log yet. */
  newSegment(baseOffset: number, extension: string): Segment {
    return this.#segment(baseOffset, false, this.#now(), extension);
  }

  openSegment(baseOffset: number): Segment {
    return this.#segment(baseOffset, true);
  }

  advanceHighWatermark(offset: number): boolean {
    const next = Math.min(offset, this.endOffset);
    if (next <= this.highWatermark) return false;
    this.highWatermark = next;
    this.producers.replicated(next);
    return true;
  }

  /** So that a restart does not begin behind what consumers have read. */
  writeHighWatermark(): void {
    if (this.highWatermark === this.#writtenHighWatermark) return;
    this.#writtenHighWatermark = this.highWatermark;
    this.writeCheckpoint(false);
  }

  /** `isClean`: nothing will be written any more. */
  writeCheckpoint(isClean: boolean, durable = false): void {
    if (this.directory === null) return;
    const checkpoint: Checkpoint = {
      startOffset: this.startOffset,
      highWatermark: this.highWatermark,
      recoveryPoint: this.#recoveryPoint,
      cleanEnd: isClean ? this.endOffset : null,
      epochs: [...this.epochs.entries],
      producers: this.#producersThere,
    };
    writeCheckpoint(this.directory, checkpoint, durable);
  }

  /** All is on the disk when it returns, and the next one who opens it need not look through it. */
  close(): void {
    if (this.#isClosed) return;
    this.#stop();
    if (this.directory !== null && !this.#failure) {
      for (const segment of this.#unflushed) segment.store.flushSync();
      this.#recoveryPoint = this.endOffset;
      this.#producersThere = this.producers.snapshot();
      this.active.writeIndex();
      this.writeCheckpoint(true, true);
    }
    for (const segment of this.segments) segment.close();
  }

  /** Leaves everything as a process leaves it that is killed. */
  abandon(): void {
    if (this.#isClosed) return;
    this.#stop();
    for (const segment of this.segments) segment.close();
  }

  remove(): void {
    this.#stop();
    this.revision += 1;
    for (const segment of this.segments) segment.remove();
    if (this.directory !== null) rmSync(this.directory, { recursive: true, force: true });
  }

  #stop(): void {
    this.#isClosed = true;
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
  }

  #segment(baseOffset: number, isFound: boolean, createdAtMs = this.#now(), extension?: string): Segment {
    const { indexIntervalBytes } = this.settings;
    return new Segment({ directory: this.directory, baseOffset, indexIntervalBytes, createdAtMs, isFound, extension });
  }

  #drop(segment: Segment): void {
    this.#unflushed.delete(segment);
    segment.remove();
  }

  /** The segment that has the offset, or would have it. */
  #indexOf(offset: number): number {
    let [low, high] = [0, this.segments.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.segments[middle] as Segment).baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** What the producers had done at the recovery point, and have done since. */
  #replay(): void {
    this.producers.restore(this.#producersThere);
    const nowMs = this.#now();
    for (let i = this.#indexOf(this.#recoveryPoint); i < this.segments.length; i += 1) {
      const segment = this.segments[i] as Segment;
      for (const { batch } of segment.batches(segment.positionOf(this.#recoveryPoint))) this.#note(batch, nowMs);
    }
    this.producers.replicated(this.highWatermark);
  }

  #flushAsSet(): void {
    if (this.directory === null) this.#flushedEnd = this.endOffset;
    else if (this.#unflushedMessages >= this.settings.flushMessages) this.#flushSoon();
    else if (this.settings.flushMs < Number.MAX_SAFE_INTEGER)
      this.#flushTimer ??= setTimeout(() => {
        this.#flushTimer = null;
        this.#flush();
      }, this.settings.flushMs).unref();
  }

  /** Together with all that comes in the same turn of the event loop. */
  #flushSoon(): void {
    if (this.#isFlushing || this.#mustFlush) {
      this.#mustFlush = true;
      return;
    }
    this.#mustFlush = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#isFlushing || this.#isClosed) return;
    this.#mustFlush = false;
    this.#unflushedMessages = 0;
    const segments = [...this.#unflushed];
    if (segments.length === 0) {
      this.#flushed(this.endOffset);
      return;
    }
    this.#unflushed.clear();
    this.#isFlushing = true;
    const end = this.endOffset;
    const { revision } = this;
    let left = segments.length;
    const flushed = (): void => {
      this.#isFlushing = false;
      // What was cut meanwhile may have been written again: that is flushed once more.
      if (revision !== this.revision) {
        this.#unflushed.add(this.active);
        this.#mustFlush = true;
      } else if (!this.#isClosed && !this.#failure) this.#flushed(end);
      if (this.#mustFlush) this.#flush();
    };
    const delayMs = this.#disk.delayMs?.() ?? 0;
    for (const segment of segments)
      segment.store.flush((error) => {
        if (error) this.#fail(error);
        left -= 1;
        if (left > 0) return;
        if (delayMs > 0) setTimeout(flushed, delayMs);
        else flushed();
      });
  }

  #flushed(end: number): void {
    this.#flushedEnd = Math.max(this.#flushedEnd, end);
    const waiting = this.#waitingToRecover;
    if (waiting && waiting.offset <= end) {
      this.#waitingToRecover = null;
      this.#recoveryPoint = waiting.offset;
      this.#producersThere = waiting.producers;
      this.writeCheckpoint(false);
    }
    this.#whenConfirmable();
  }

  /** What is not on the disk is not confirmed, now and later; Kafka takes a log offline in the same way. */
  #fail(error: Error): void {
    this.#failure ??= error;
    this.#whenConfirmable();
  }

  #failIfBroken(): void {
    if (this.#failure)
      throw new KafkaError('KAFKA_STORAGE_ERROR', `the log cannot be written: ${this.#failure.message}`);
    if (this.#isClosed) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
  }
}
