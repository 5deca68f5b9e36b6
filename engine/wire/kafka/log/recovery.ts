import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Batch, isWhole, MAGIC } from '../records/batch.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Segment, segmentFile } from './segment.ts';

/** What was found in the directory of a log. */
export interface Recovered {
  segments: Segment[];
  endOffset: number;
  /** Bytes at the end that were no whole batch. */
  cutOffBytes: number;
}

type MakeSegment = (baseOffset: number, isFound: boolean) => Segment;

/**
 * Opens the segments of a log. After a proper end they are taken as they are; otherwise everything from the recovery point on
 * is looked through, batch by batch, and cut off at the first that is not whole.
 */
export function recoverSegments(directory: string, checkpoint: Checkpoint | null, make: MakeSegment): Recovered {
  const bases: number[] = [];
  for (const name of readdirSync(directory)) {
    const [, digits, extension] = /^(\d{20})\.(log|cleaned)$/.exec(name) ?? [];
    if (extension === 'log') bases.push(Number(digits));
    // A compaction that was not finished.
    else if (extension === 'cleaned') rmSync(join(directory, name));
  }
  bases.sort((a, b) => a - b);
  const isClean = checkpoint !== null && checkpoint.cleanEnd !== null;
  const trustedTo = isClean ? Number.POSITIVE_INFINITY : (checkpoint?.recoveryPoint ?? 0);
  const segments: Segment[] = [];
  let endOffset = 0;
  let cutOffBytes = 0;
  for (const [i, base] of bases.entries()) {
    // Compaction has put its batches into the segment before, and was ended before it removed this one.
    if (segments.length > 0 && base < endOffset) {
      remove(directory, base);
      continue;
    }
    const isTrusted = (bases[i + 1] ?? Number.POSITIVE_INFINITY) <= trustedTo;
    if (!isTrusted)
      for (const extension of ['index', 'timeindex']) rmSync(segmentFile(directory, base, extension), { force: true });
    const segment = make(base, true);
    segments.push(segment);
    const intact = isTrusted ? segment.size : intactBytes(segment);
    cutOffBytes += segment.size - intact;
    if (intact < segment.size) {
      segment.truncate(intact);
      for (const later of bases.slice(i + 1)) remove(directory, later);
    }
    endOffset = endOf(segment);
    if (cutOffBytes > 0) break;
  }
  if (segments.length === 0) {
    endOffset = checkpoint?.startOffset ?? 0;
    segments.push(make(endOffset, false));
  }
  return { segments, endOffset, cutOffBytes };
}

function remove(directory: string, base: number): void {
  for (const extension of ['log', 'index', 'timeindex'])
    rmSync(segmentFile(directory, base, extension), { force: true });
}

/** Bytes up to the first batch that is not what its CRC says, or does not follow on the one before. */
function intactBytes(segment: Segment): number {
  let [end, next] = [0, segment.baseOffset];
  for (const { batch, position } of segment.batches()) {
    if (!isPlausible(batch) || batch.baseOffset < next || !batch.isIntact) break;
    end = position + batch.length;
    next = batch.nextOffset;
  }
  return end;
}

const isPlausible = (batch: Batch): boolean =>
  isWhole(batch.bytes, batch.at) && batch.magic === MAGIC && batch.lastOffsetDelta >= 0;

function endOf(segment: Segment): number {
  let end = segment.baseOffset;
  for (const { batch } of segment.batches(segment.index.last.position)) end = batch.nextOffset;
  return end;
}
