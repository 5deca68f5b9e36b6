import { renameSync, rmSync } from 'node:fs';
import { Batch, encodeBatch } from '../records/batch.ts';
import { encodeRecords, type KafkaRecord, recordsOf } from '../records/record.ts';
import type { Log } from './log.ts';
import { type Segment, segmentFile } from './segment.ts';

/** Keys that one compaction keeps in mind; what follows waits for the next one. */
const MAX_KEYS = 5_000_000;

/** Where the last compaction of each log came to. */
const cleanedTo = new WeakMap<Log, number>();

/** Whether enough has come since the last compaction. */
export function isWorthCompacting(log: Log): boolean {
  const closed = closedSegments(log);
  const from = cleanedTo.get(log) ?? 0;
  let [dirty, all] = [0, 0];
  for (const segment of closed) {
    all += segment.size;
    if (segment.baseOffset >= from) dirty += segment.size;
  }
  return dirty > 0 && dirty / all >= log.settings.minCleanableDirtyRatio;
}

/** Segments that are not written any more, and whose records are decided and old enough. */
function closedSegments(log: Log, nowMs = Number.POSITIVE_INFINITY): Segment[] {
  const { segments, lastStableOffset } = log;
  const closed: Segment[] = [];
  for (const [i, segment] of segments.slice(0, -1).entries()) {
    const end = (segments[i + 1] as Segment).baseOffset;
    if (end > lastStableOffset || segment.maxTimestamp > nowMs - log.settings.minCompactionLagMs) break;
    closed.push(segment);
  }
  return closed;
}

/**
 * Leaves of each key the last record, with its offset. A step at a time, so that others have their turn; ends without effect
 * when the log is cut meanwhile.
 */
export function* compact(log: Log, nowMs: number): Generator<void, { removedBytes: number } | null> {
  const { revision } = log;
  const closed = closedSegments(log, nowMs);
  if (closed.length === 0) return null;
  const last = new Map<string, number>();
  let upTo = (closed[0] as Segment).baseOffset;
  for (const segment of closed) {
    for (const { batch } of segment.batches()) {
      if (last.size > MAX_KEYS) break;
      for (const record of countedRecords(log, batch))
        if (record.key) last.set(record.key.toString('latin1'), record.offset);
      upTo = batch.nextOffset;
      yield;
      if (log.revision !== revision) return null;
    }
  }
  let removedBytes = 0;
  for (const group of groupsOf(closed, log.settings.segmentBytes)) {
    const cleaned = log.newSegment((group[0] as Segment).baseOffset, 'cleaned');
    for (const segment of group)
      for (const { batch } of segment.batches()) {
        const mayForget = segment.maxTimestamp < nowMs - log.settings.deleteRetentionMs;
        const kept = batch.baseOffset >= upTo ? wholeOf(batch) : keptOf(log, batch, last, mayForget);
        if (kept) cleaned.append(kept, [new Batch(kept, 0)]);
        yield;
        if (log.revision !== revision) {
          cleaned.remove();
          return null;
        }
      }
    const before = group.reduce((sum, { size }) => sum + size, 0);
    removedBytes += before - cleaned.size;
    swap(log, group, cleaned);
  }
  cleanedTo.set(log, upTo);
  return { removedBytes };
}

/** Neighbours that are no larger together than one segment may be. */
function groupsOf(segments: readonly Segment[], maxBytes: number): Segment[][] {
  const groups: Segment[][] = [];
  let bytes = 0;
  for (const segment of segments) {
    const group = groups.at(-1);
    if (group && bytes + segment.size <= maxBytes) {
      group.push(segment);
      bytes += segment.size;
    } else {
      groups.push([segment]);
      bytes = segment.size;
    }
  }
  return groups;
}

const wholeOf = (batch: Batch): Buffer => batch.bytes.subarray(batch.at, batch.at + batch.length);

/** Records that somebody may read: not of markers, and not of transactions that ended without effect. */
function countedRecords(log: Log, batch: Batch): Iterable<KafkaRecord> {
  if (batch.isControl || isAborted(log, batch)) return [];
  return recordsOf(batch);
}

const isAborted = (log: Log, batch: Batch): boolean =>
  batch.isTransactional &&
  log.producers
    .abortedBetween(batch.baseOffset, batch.nextOffset)
    .some(({ producerId }) => producerId === batch.producerId);

/** What is left of a batch: itself, a smaller one that is not compressed, or nothing. */
function keptOf(log: Log, batch: Batch, last: ReadonlyMap<string, number>, mayForget: boolean): Buffer | null {
  if (batch.isControl) return wholeOf(batch);
  if (isAborted(log, batch)) return null;
  const records = [...recordsOf(batch)];
  const kept = records.filter(
    ({ key, value, offset }) =>
      key !== null && (last.get(key.toString('latin1')) ?? -1) <= offset && (value !== null || !mayForget),
  );
  if (kept.length === 0) return null;
  if (kept.length === records.length) return wholeOf(batch);
  const { baseOffset, lastOffsetDelta, producerId, producerEpoch, baseSequence, isTransactional, isLogAppendTime } =
    batch;
  const baseTimestamp = (kept[0] as KafkaRecord).timestamp;
  return encodeBatch(
    {
      baseOffset,
      lastOffsetDelta,
      leaderEpoch: batch.leaderEpoch,
      baseTimestamp,
      maxTimestamp: kept.reduce((max, { timestamp }) => Math.max(max, timestamp), -1),
      producerId,
      producerEpoch,
      baseSequence,
      attributes: { isTransactional, isLogAppendTime },
      count: kept.length,
    },
    encodeRecords(kept, baseOffset, baseTimestamp),
  );
}

/**
 * Puts the compacted segment into the place of the first of the group, by rename, and removes the others. If that is cut short,
 * the others lie within the first when the log is opened, and go then.
 */
function swap(log: Log, group: readonly Segment[], cleaned: Segment): void {
  const base = cleaned.baseOffset;
  const { directory } = log;
  if (directory === null) {
    log.replaceSegments(group, cleaned.size > 0 ? cleaned : null);
    return;
  }
  cleaned.store.flushSync();
  cleaned.close();
  const first = segmentFile(directory, base, 'log');
  // Windows renames nothing that is open.
  for (const segment of group) segment.close();
  for (const extension of ['index', 'timeindex']) rmSync(segmentFile(directory, base, extension), { force: true });
  renameSync(segmentFile(directory, base, 'cleaned'), first);
  for (const { baseOffset } of group.slice(1))
    for (const extension of ['log', 'index', 'timeindex'])
      rmSync(segmentFile(directory, baseOffset, extension), { force: true });
  const replacement = log.openSegment(base);
  replacement.writeIndex();
  log.replaceSegments(group, replacement);
}
