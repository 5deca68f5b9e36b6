import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logSettingsOf, type TopicSettings } from '../cluster/topic-config.ts';
import { batchesIn } from '../records/batch.ts';
import { endMarker } from '../records/control.ts';
import { batchOf, recordsOf } from '../records/record.ts';
import { compact, isWorthCompacting } from './compaction.ts';
import { Log } from './log.ts';

let directory: string;
let logs: Log[] = [];
const clock = { nowMs: 1_000_000 };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kafka-log-'));
  clock.nowMs = 1_000_000;
});
afterEach(() => {
  for (const log of logs) log.abandon();
  logs = [];
  rmSync(directory, { recursive: true, force: true });
});

const open = (settings: TopicSettings = {}, where: string | null = directory): Log => {
  const log = new Log({
    directory: where,
    settings: logSettingsOf(settings, {}),
    now: () => clock.nowMs,
    whenConfirmable: () => {},
  });
  logs.push(log);
  return log;
};

const batch = (
  values: (string | null)[],
  more: Parameters<typeof batchOf>[2] = {},
  keys: string[] = values.map((_, i) => `k${i}`),
): Buffer =>
  batchOf(
    values.map((value, i) => ({
      key: Buffer.from(keys[i] as string),
      value: value === null ? null : Buffer.from(value),
    })),
    clock.nowMs,
    more,
  );

const append = (log: Log, values: (string | null)[], more?: Parameters<typeof batchOf>[2], keys?: string[]) => {
  const appended = log.appendAsLeader(batch(values, more, keys), 0);
  log.advanceHighWatermark(log.endOffset);
  return appended;
};

const contents = (log: Log, from = log.startOffset): [number, string | null][] => {
  const found: [number, string | null][] = [];
  for (let offset = from; offset < log.endOffset; ) {
    const before = offset;
    for (const bytes of log.read(offset, log.endOffset, 200, true))
      for (const each of batchesIn(bytes)) {
        if (!each.isControl)
          for (const record of recordsOf(each))
            if (record.offset >= from) found.push([record.offset, record.value?.toString() ?? null]);
        offset = each.nextOffset;
      }
    if (offset === before) break;
  }
  return found;
};

const runCompaction = (log: Log): { removedBytes: number } | null => {
  const steps = compact(log, clock.nowMs);
  let step: IteratorResult<void, { removedBytes: number } | null>;
  do step = steps.next();
  while (!step.done);
  return step.value;
};

describe.each([
  ['in memory', (): string | null => null],
  ['on disk', (): string | null => directory],
] as const)('%s', (_, where) => {
  test('whatever is appended is read from any offset on, over any number of segments', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 300 })), { maxLength: 40 }),
        fc.nat(200),
        (batches, from) => {
          rmSync(directory, { recursive: true, force: true });
          const log = open({ 'segment.bytes': '1000', 'index.interval.bytes': '100' }, where());
          const expected: [number, string | null][] = [];
          for (const [count, length] of batches) {
            const values = Array.from({ length: count }, (__, i) => `${expected.length + i}`.padEnd(length, '.'));
            append(log, values);
            expected.push(...values.map((value, i): [number, string] => [expected.length + i, value]));
          }
          const start = Math.min(from, expected.length);
          expect(contents(log, start)).toEqual(expected.slice(start));
          // Up to a given offset, and nothing behind it.
          for (const bytes of log.read(0, start, 1_000_000, false))
            for (const each of batchesIn(bytes)) expect(each.baseOffset).toBeLessThan(start);
          log.abandon();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('old segments go by time and by size, and never what is not replicated', () => {
    const log = open({ 'segment.bytes': '500', 'retention.ms': '1000', 'retention.bytes': '2000' }, where());
    for (let i = 0; i < 20; i += 1) append(log, ['x'.repeat(300)]);
    expect(log.applyRetention()).toBe(true);
    expect(log.bytes).toBeGreaterThanOrEqual(2000);
    expect(log.bytes).toBeLessThan(2600);
    const { startOffset } = log;
    expect(contents(log)[0]?.[0]).toBe(startOffset);
    clock.nowMs += 1001;
    log.appendAsLeader(batch(['young']), 0);
    log.highWatermark = 19;
    log.applyRetention();
    // The last old batch shares a segment with what is not replicated yet, or is it.
    expect(log.startOffset).toBe(19);
    log.advanceHighWatermark(log.endOffset);
    clock.nowMs += 1001;
    expect(log.applyRetention()).toBe(true);
    expect([log.startOffset, log.endOffset, log.bytes]).toEqual([21, 21, 0]);
    expect(append(log, ['next']).firstOffset).toBe(21);
  });

  test('compaction leaves the last record of each key, with its offset, and forgets tombstones in time', () => {
    const log = open(
      {
        'segment.bytes': '400',
        'cleanup.policy': 'compact',
        'min.cleanable.dirty.ratio': '0.1',
        'delete.retention.ms': '1000',
      },
      where(),
    );
    for (let round = 0; round < 10; round += 1)
      append(log, [`a${round}`, `b${round}`, round === 8 ? null : `c${round}`, `d${round}`], {}, [
        'a',
        'b',
        'c',
        round === 0 ? 'once' : 'd',
      ]);
    const last = contents(log).slice(-4);
    expect(isWorthCompacting(log)).toBe(true);
    const before = log.bytes;
    expect(runCompaction(log)?.removedBytes).toBe(before - log.bytes);
    const kept = contents(log);
    expect(kept.slice(-4)).toEqual(last);
    // The newest of each key that the closed segments have, and what is in the active one.
    const closed = kept.filter(([offset]) => offset < log.active.baseOffset);
    expect(closed[0]).toEqual([3, 'd0']);
    expect(closed.filter(([, value]) => value?.startsWith('a'))).toHaveLength(1);
    expect(closed.some(([, value]) => value === null)).toBe(true);
    expect(isWorthCompacting(log)).toBe(false);
    clock.nowMs += 2000;
    append(log, ['new'], {}, ['a']);
    append(log, ['new'.repeat(100)], {}, ['a']);
    runCompaction(log);
    expect(contents(log).some(([, value]) => value === null)).toBe(false);
    expect(contents(log).at(-1)?.[1]).toBe('new'.repeat(100));
    expect(log.offsetForTimestamp(clock.nowMs, log.endOffset)?.offset).toBe(40);
  });

  test('compaction drops what was taken back, and keeps what a transaction left', () => {
    const log = open(
      { 'segment.bytes': '300', 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.1' },
      where(),
    );
    const producer = { producerId: 7, producerEpoch: 0 };
    const inTransaction = (sequence: number) => ({
      ...producer,
      baseSequence: sequence,
      attributes: { isTransactional: true },
    });
    const end = (isCommit: boolean) => {
      log.appendAsLeader(endMarker({ ...producer, isCommit, coordinatorEpoch: 0, timestamp: clock.nowMs }), 0);
      log.advanceHighWatermark(log.endOffset);
    };
    append(log, ['kept'], inTransaction(0), ['a']);
    end(true);
    append(log, ['taken back'], inTransaction(1), ['a']);
    expect(log.lastStableOffset).toBe(2);
    end(false);
    expect(log.lastStableOffset).toBe(log.endOffset);
    append(log, ['other'], {}, ['b']);
    append(log, ['y'.repeat(300)], {}, ['c']);
    runCompaction(log);
    expect(contents(log).map(([, value]) => value)).toEqual(['kept', 'other', 'y'.repeat(300)]);
  });

  test('what is cut off is gone, and its producers know only what is left', () => {
    const log = open({ 'segment.bytes': '300' }, where());
    const idempotent = (sequence: number) => ({ producerId: 1, producerEpoch: 0, baseSequence: sequence });
    for (let i = 0; i < 6; i += 1) append(log, [`v${i}`], idempotent(i));
    log.truncateTo(3);
    expect(contents(log).map(([, value]) => value)).toEqual(['v0', 'v1', 'v2']);
    expect(append(log, ['again'], idempotent(3)).firstOffset).toBe(3);
    expect(append(log, ['again'], idempotent(3))).toMatchObject({ firstOffset: 3, isDuplicate: true });
    expect(() => append(log, ['gap'], idempotent(9))).toThrow(/Out of order/);
  });
});

test('after a proper end everything is there, and is not looked through again', () => {
  const log = open({ 'segment.bytes': '1000', 'index.interval.bytes': '100' });
  const idempotent = (sequence: number) => ({ producerId: 1, producerEpoch: 0, baseSequence: sequence });
  for (let i = 0; i < 50; i += 1) append(log, [`v${i}`], idempotent(i));
  log.deleteBefore(7);
  const before = contents(log);
  log.close();
  const again = open({ 'segment.bytes': '1000', 'index.interval.bytes': '100' });
  expect([again.startOffset, again.endOffset, again.highWatermark, again.cutOffBytes]).toEqual([7, 50, 50, 0]);
  expect(contents(again)).toEqual(before);
  expect(append(again, ['v49'], idempotent(49))).toMatchObject({ firstOffset: 49, isDuplicate: true });
  expect(again.offsetForTimestamp(clock.nowMs, 50)?.offset).toBe(7);
});

test('a log that was not closed is cut off where it ends within a batch, wherever that is', () => {
  const log = open({ 'segment.bytes': '400' });
  for (let i = 0; i < 9; i += 1) append(log, [`v${i}`.repeat(10), `w${i}`]);
  log.abandon();
  const whole = mkdtempSync(join(tmpdir(), 'kafka-log-'));
  cpSync(directory, whole, { recursive: true });
  const last = readdirSync(directory)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .at(-1) as string;
  const { size } = statSync(join(directory, last));
  const ends = new Set<number>();
  for (let bytes = 0; bytes <= size; bytes += 1) {
    rmSync(directory, { recursive: true });
    cpSync(whole, directory, { recursive: true });
    truncateSync(join(directory, last), bytes);
    const cut = open({ 'segment.bytes': '400' });
    ends.add(cut.endOffset);
    expect(contents(cut)).toHaveLength(cut.endOffset);
    expect(append(cut, ['further']).firstOffset).toBe(cut.endOffset - 1);
    cut.abandon();
    logs = [];
  }
  expect(ends.size).toBeGreaterThan(2);
  rmSync(whole, { recursive: true });
});

test('a damaged byte in what was written last is found by its CRC', () => {
  const log = open();
  for (let i = 0; i < 5; i += 1) append(log, [`v${i}`]);
  log.abandon();
  const file = join(directory, readdirSync(directory).find((name) => name.endsWith('.log')) as string);
  const bytes = readFileSync(file);
  bytes[bytes.length - 3] = 1 + (bytes.at(-3) as number);
  writeFileSync(file, bytes);
  appendFileSync(file, 'and some more');
  const again = open();
  expect(again.endOffset).toBe(4);
  expect(again.cutOffBytes).toBe(bytes.length / 5 + 13);
});

test('a compaction that was ended at any point leaves the log as it was, or compacted', () => {
  const settings = { 'segment.bytes': '300', 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.1' };
  const log = open(settings);
  for (let round = 0; round < 12; round += 1) append(log, [`a${round}`, `b${round}`], {}, ['a', 'b']);
  const before = contents(log);
  const last = new Map(before.filter(([offset]) => offset < log.active.baseOffset).map((each) => [each[1]?.[0], each]));
  log.abandon();
  const whole = mkdtempSync(join(tmpdir(), 'kafka-log-'));
  cpSync(directory, whole, { recursive: true });
  for (let steps = 0; ; steps += 1) {
    rmSync(directory, { recursive: true });
    cpSync(whole, directory, { recursive: true });
    const own = open(settings);
    own.advanceHighWatermark(own.endOffset);
    const work = compact(own, clock.nowMs);
    let isDone = false;
    for (let i = 0; i < steps && !isDone; i += 1) isDone = work.next().done === true;
    own.abandon();
    const again = open(settings);
    const found = contents(again);
    for (const each of last.values()) expect(found).toContainEqual(each);
    expect(again.endOffset).toBe(24);
    again.abandon();
    if (!isDone) continue;
    // Ended between the rename and the removal of what lay behind it.
    for (const name of readdirSync(whole))
      if (name.endsWith('.log')) cpSync(join(whole, name), join(directory, name), { force: false });
    expect(contents(open(settings))).toEqual(found);
    break;
  }
  rmSync(whole, { recursive: true });
});
