import { readFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { documentOf, node } from '../api/fixtures.ts';
import type { HostInfo, LogLine, RunResult } from '../api/types.ts';
import { createHistogram, record, toSparse } from '../metrics/histogram.ts';
import { createRandom } from '../traffic/random.ts';
import { createBoundedLog } from './bounded-log.ts';
import { compareRecords } from './compare.ts';
import {
  deleteRecord,
  listRecords,
  openRecord,
  readHistograms,
  readRecordedDocument,
  readRecordedLog,
} from './read.ts';
import type { Sample } from './record.ts';
import { applyRetention } from './retention.ts';
import { beginRecord, type RecordWriter } from './write.ts';

let directory: string;
let problems: string[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-records-'));
  problems = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const host: HostInfo = {
  cores: 2,
  memoryBytes: 1,
  platform: 'linux',
  cpuModel: 'a processor',
  versions: { archipel: '0', node: '24', postgres: null },
};
const document = documentOf({ nodes: [node('orders', 'service')] });

const begin = (startedAtMs = Date.UTC(2026, 0, 1), name = 'day'): RecordWriter =>
  beginRecord({
    directory,
    type: 'run',
    name,
    document,
    path: null,
    scenario: 'day',
    seed: 7,
    startedAtMs,
    host,
    onProblem: (message) => problems.push(message),
  });

const line = (nodeId: string, text: string, stream: LogLine['stream'] = 'stdout', atMs = 1): LogLine => ({
  ...{ atMs, nodeId, replica: 0, stream, text },
});

const sample = (atMs: number): Sample => ({ atMs, traffic: null, nodes: {}, edges: {} });

/** What a run of `count` requests with latencies around `meanMs` ends with. */
function ending(count: number, meanMs: number, seed = 1) {
  const random = createRandom(seed);
  const histogram = createHistogram();
  for (let i = 0; i < count; i += 1) record(histogram, -Math.log(1 - random()) * meanMs);
  const traffic = { issued: count, ok: count, failed: 0, dropped: 0, inFlight: 0, reasons: {} };
  const result = { traffic, routes: { 'GET /': traffic }, nodes: {}, durationMs: 10_000 } as unknown as RunResult;
  const histograms = { overall: toSparse(histogram), routes: { 'GET /': toSparse(histogram) } };
  return { endedAtMs: 1, result, histograms, traces: [] };
}

test('a run leaves a folder that holds what ran, how it went and what came out', async () => {
  const writer = begin();
  writer.sample(sample(1000));
  writer.sample(sample(2000));
  writer.event({ atMs: 1500, type: 'fault', subject: 'orders#0', text: 'kill on' });
  expect(await writer.finish(ending(100, 5))).toBeNull();

  const [summary] = await listRecords(directory);
  expect(summary).toMatchObject({ id: writer.id, state: 'complete', counts: { issued: 100 }, verdict: null });
  expect(summary?.manifest).toMatchObject({ name: 'day', seed: 7, document: { name: 'test' }, host: { cores: 2 } });
  expect(summary?.manifest?.cost?.bytes).toBeGreaterThan(100);
  const opened = await openRecord(directory, writer.id);
  expect(opened.series.map(({ atMs }) => atMs)).toEqual([1000, 2000]);
  expect(opened.events).toEqual([{ atMs: 1500, type: 'fault', subject: 'orders#0', text: 'kill on' }]);
  expect(await readRecordedDocument(directory, writer.id)).toEqual(document);
  expect((await readHistograms(directory, writer.id))?.overall.length).toBeGreaterThan(2);
});

test('a run that was cut off is readable up to that moment', async () => {
  const writer = begin();
  const folder = join(directory, writer.id);
  await expect.poll(() => readFile(join(folder, 'series.ndjson'), 'utf8').catch(() => null)).toBe('');
  writer.sample(sample(1000));
  writer.event({ atMs: 1500, type: 'journal', subject: null, text: 'phase: method' });
  writer.log([line('orders', 'out of stock')]);
  // It is there at once: nothing was waited for.
  expect(readFileSync(join(folder, 'events.ndjson'), 'utf8')).toContain('phase: method');
  expect(await readRecordedLog(directory, writer.id)).toEqual([line('orders', 'out of stock')]);
  writer.soFar(ending(10, 1).result);
  await expect.poll(() => readdir(folder)).toContain('result-so-far.json');
  // As a dead engine leaves it: its process is gone, its last line half written.
  await appendFile(join(folder, 'series.ndjson'), '{"atMs":2000,"tra');
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, pid: 2 ** 22 + 1 }));

  const opened = await openRecord(directory, writer.id);
  expect(opened.summary.state).toBe('interrupted');
  expect(opened.series.map(({ atMs }) => atMs)).toEqual([1000]);
  expect(opened.result).toMatchObject({ traffic: { issued: 10 } });
  expect(opened.summary).toMatchObject({ counts: { issued: 10 }, verdict: null });
});

test('a run whose engine has left its number to another process is cut off, too', async () => {
  const writer = begin(Date.now());
  const series = join(directory, writer.id, 'series.ndjson');
  await expect.poll(() => readFile(series, 'utf8').catch(() => null)).toBe('');
  expect((await listRecords(directory))[0]?.state).toBe('recording');
  const longAgo = new Date(Date.now() - 5 * 60_000);
  await utimes(series, longAgo, longAgo);
  expect((await listRecords(directory))[0]?.state).toBe('interrupted');
  await writer.finish(ending(1, 1));
  expect((await listRecords(directory))[0]?.state).toBe('complete');
  expect(await readdir(join(directory, writer.id))).not.toContain('result-so-far.json');
});

test('a log is bounded for each node and in all, says where it was cut, and keeps what became of its processes', () => {
  const log = createBoundedLog({ perNodeBytes: 1000, totalBytes: 2500 });
  const read = (lines: string[]): LogLine[] => lines.map((text) => JSON.parse(text));
  const flood = Array.from({ length: 100 }, (_, n) => line('orders', `line ${n}`));
  const kept = read(log.take(flood));
  expect(kept.slice(0, -1)).toEqual(flood.slice(0, kept.length - 1));
  expect(kept.at(-1)).toMatchObject({
    nodeId: 'orders',
    stream: 'engine',
    text: expect.stringContaining('not in the record'),
  });
  expect(read(log.take(flood))).toEqual([]);
  const ended = line('orders', 'ended: killed by a fault', 'engine');
  expect(read(log.take([ended, line('users', 'hello')]))).toEqual([ended, line('users', 'hello')]);
  expect(log.take(Array.from({ length: 100 }, () => ended)).join('').length).toBeLessThan(2500);
  const [orders, ...others] = read(log.leftOut(7));
  expect(others).toEqual([]);
  expect(Number(orders?.text.match(/\d+/)?.[0])).toBeGreaterThan(200 - kept.length);
});

test('a run that is being recorded is neither deleted by hand nor by age', async () => {
  const writer = begin();
  await expect.poll(() => listRecords(directory)).toHaveLength(1);
  await expect.poll(async () => (await listRecords(directory))[0]?.state).toBe('recording');
  await expect(deleteRecord(directory, writer.id)).rejects.toMatchObject({ code: 'wrong-state' });
  expect(await applyRetention(directory, { maxRecords: 0, maxBytes: 0 })).toEqual([]);
  await writer.finish(ending(1, 1));
  await deleteRecord(directory, writer.id);
  expect(await readdir(directory)).toEqual([]);
});

test('the oldest records go when there are too many, or too large', async () => {
  const ids: string[] = [];
  for (const day of [1, 2, 3]) {
    const writer = begin(Date.UTC(2026, 0, day));
    await writer.finish(ending(10, 1));
    ids.push(writer.id);
  }
  expect(await applyRetention(directory, { maxRecords: 2, maxBytes: 1e9 })).toEqual([ids[0]]);
  expect(await applyRetention(directory, { maxRecords: 9, maxBytes: 1 })).toEqual([ids[2], ids[1]]);
});

test('a folder that cannot be read is listed with the reason, and can be deleted', async () => {
  const id = '2026-01-01T00-00-00-abcdef';
  await mkdir(join(directory, id));
  await writeFile(join(directory, id, 'manifest.json'), '{');
  const [summary] = await listRecords(directory);
  expect(summary).toMatchObject({ id, state: 'broken', problem: expect.stringContaining('manifest') });
  await deleteRecord(directory, id);
  expect(await listRecords(directory)).toEqual([]);
});

test.each(['../x', '2026-01-01T00-00-00-abcdef/..', ''])('no id leads out of the directory: %s', async (id) => {
  await expect(openRecord(directory, id)).rejects.toMatchObject({ code: 'not-found' });
  await expect(deleteRecord(directory, id)).rejects.toMatchObject({ code: 'not-found' });
});

test('a place that cannot be written ends the record with one message, and nothing else', async () => {
  directory = join(directory, 'file');
  await writeFile(directory, 'in the way');
  const writer = begin();
  writer.sample(sample(1));
  writer.sample(sample(2));
  expect(await writer.finish(ending(1, 1))).toContain('The run itself is not affected');
  expect(problems).toHaveLength(1);
  directory = join(directory, '..');
});

test('two runs are told apart where the difference is larger than chance, and only there', async () => {
  const [slow, fast, again] = [begin(1), begin(2), begin(3)];
  await slow.finish(ending(5000, 12, 1));
  await fast.finish(ending(5000, 10, 2));
  await again.finish(ending(5000, 10, 3));

  const different = await compareRecords(directory, slow.id, fast.id);
  const p50 = different.overall.find(({ what }) => what === 'p50');
  expect(p50).toMatchObject({ verdict: 'b lower', unit: 'ms' });
  // The medians of exponentials are ln 2 times their means.
  expect(p50?.interval?.low).toBeLessThan(-2 * Math.LN2);
  expect(p50?.interval?.high).toBeGreaterThan(-2 * Math.LN2);
  expect(different.notes).toEqual([]);

  const same = await compareRecords(directory, fast.id, again.id);
  expect(same.overall.find(({ what }) => what === 'p50')?.verdict).toBe('none shown');
  expect(same.routes['GET /']?.find(({ what }) => what === 'success ratio')?.verdict).toBe('none shown');
});

test('a run without a result is not compared', async () => {
  const [whole, cut] = [begin(1), begin(2)];
  await whole.finish(ending(10, 1));
  await expect.poll(() => listRecords(directory)).toHaveLength(2);
  await expect(compareRecords(directory, whole.id, cut.id)).rejects.toMatchObject({ code: 'wrong-state' });
  await cut.finish(ending(10, 1));
});
