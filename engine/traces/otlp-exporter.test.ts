import { afterEach, expect, test } from 'vitest';
import type { TraceSpan } from '../api/types.ts';
import { createOtlpExporter, type OtlpExporter, type OtlpPace, tracesUrl } from './otlp-exporter.ts';
import { problemsOfExport, startReceiver } from './otlp-receiver.fixture.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
const receiverOf = async (options?: Parameters<typeof startReceiver>[0]) => {
  const receiver = await startReceiver(options);
  stops.push(receiver.stop);
  return receiver;
};

const pace: Partial<OtlpPace> = { batchMs: 5, backoffMs: 5, maxBackoffMs: 20 };
function exporterTo(url: string, changes: Partial<OtlpPace> = {}): OtlpExporter & { told: string[] } {
  const told: string[] = [];
  const exporter = createOtlpExporter({
    url,
    archipelVersion: '1.2.3',
    onProblem: (message) => told.push(message),
    pace: { ...pace, ...changes },
    random: () => 0.5,
  });
  stops.push(() => exporter.close(100));
  return Object.assign(exporter, { told });
}

let made = 0;
const span = (changes: Partial<TraceSpan> = {}): TraceSpan => {
  made += 1;
  return {
    traceId: 'a'.repeat(32),
    spanId: made.toString(16).padStart(16, '0'),
    parentSpanId: null,
    name: 'GET /orders',
    kind: 'server',
    nodeId: 'orders',
    replica: 1,
    pid: 4711,
    startedAtMs: 1_700_000_000_000.25,
    durationMs: 1.5,
    error: null,
    attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200, ratio: 0.5 },
    flags: 1,
    remoteParent: true,
    ...changes,
  };
};
const spans = (count: number): TraceSpan[] => Array.from({ length: count }, () => span());

test('spans arrive as the protocol wants them, those of one process under one resource', async () => {
  const receiver = await receiverOf();
  const exporter = exporterTo(receiver.url);
  const parent = span();
  exporter.push([parent, span({ parentSpanId: parent.spanId, error: 'timeout', kind: 'client', remoteParent: false })]);
  exporter.push([span({ nodeId: 'users' })]);
  await receiver.until(() => receiver.spans().length === 3);
  expect(receiver.problems).toEqual([]);
  expect(receiver.requests[0]?.resourceSpans.map(({ resource }) => resource.attributes.slice(0, 2))).toEqual([
    [
      { key: 'service.name', value: { stringValue: 'orders' } },
      { key: 'service.instance.id', value: { stringValue: '1/4711' } },
    ],
    [
      { key: 'service.name', value: { stringValue: 'users' } },
      { key: 'service.instance.id', value: { stringValue: '1/4711' } },
    ],
  ]);
  const [first, second] = receiver.spans();
  expect(first).toMatchObject({
    traceId: 'a'.repeat(32),
    kind: 2,
    flags: 0x301,
    startTimeUnixNano: '1700000000000250000',
    endTimeUnixNano: '1700000000001750000',
    status: {},
  });
  expect(first?.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '200' } });
  expect(first?.attributes).toContainEqual({ key: 'ratio', value: { doubleValue: 0.5 } });
  expect(second).toMatchObject({ parentSpanId: parent.spanId, kind: 3, flags: 0x101, status: { code: 2 } });
});

test('the receiver of these tests refuses what the protocol does not know', () => {
  const good = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    name: 'x',
    kind: 1,
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
  };
  const request = (one: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [one] }] }] });
  expect(problemsOfExport(request(good))).toEqual([]);
  const bad = {
    ...good,
    traceId: 'A'.repeat(32),
    startTimeUnixNano: 1,
    trace_state: '',
    attributes: [{ key: 'a', value: {} }],
  };
  expect(problemsOfExport(request(bad))).toHaveLength(4);
});

test('many spans go in batches, one request after the other', async () => {
  const receiver = await receiverOf();
  const exporter = exporterTo(receiver.url, { batchSpans: 100 });
  exporter.push(spans(250));
  await receiver.until(() => receiver.spans().length === 250);
  expect(receiver.requests.map(({ resourceSpans }) => resourceSpans[0]?.scopeSpans[0]?.spans.length)).toEqual([
    100, 100, 50,
  ]);
  expect(new Set(receiver.spans().map(({ spanId }) => spanId)).size).toBe(250);
});

test('a receiver that is away is tried again, its absence is told once, and nothing is lost', async () => {
  const gone = await startReceiver();
  await gone.stop();
  const exporter = exporterTo(gone.url);
  exporter.push(spans(3));
  await expect.poll(() => exporter.told.length).toBe(1);
  exporter.push(spans(2));
  const receiver = await receiverOf({ port: gone.port });
  await receiver.until(() => receiver.spans().length === 5);
  expect(exporter.told).toEqual([expect.stringContaining('ECONNREFUSED')]);
  await expect.poll(() => exporter.status()).toEqual({ sent: 5, waiting: 0, dropped: 0, problem: null });
});

test('a receiver that is too busy is left alone for as long as it asks', async () => {
  const times: number[] = [];
  const receiver = await receiverOf({
    answer(request, response) {
      times.push(performance.now());
      if (request > 1) return false;
      response.writeHead(503, { 'retry-after': '1' }).end('busy');
      return true;
    },
  });
  const exporter = exporterTo(receiver.url);
  exporter.push(spans(1));
  await receiver.until(() => receiver.spans().length === 1);
  expect((times[1] as number) - (times[0] as number)).toBeGreaterThan(990);
});

test('what the receiver refuses for good is dropped and counted, not sent again', async () => {
  const receiver = await receiverOf({
    answer(_, response) {
      response.writeHead(400).end('no such field');
      return true;
    },
  });
  const exporter = exporterTo(receiver.url);
  exporter.push(spans(4));
  await expect.poll(() => exporter.status()).toMatchObject({ sent: 0, waiting: 0, dropped: 4 });
  expect(exporter.told).toEqual([expect.stringContaining('400: no such field')]);
  expect(receiver.count()).toBe(1);
});

test('spans that the receiver rejects out of a batch are counted as dropped', async () => {
  const receiver = await receiverOf({
    answer(_, response) {
      response.end(JSON.stringify({ partialSuccess: { rejectedSpans: '2', errorMessage: 'too old' } }));
      return true;
    },
  });
  const exporter = exporterTo(receiver.url);
  exporter.push(spans(5));
  await expect.poll(() => exporter.status()).toMatchObject({ sent: 3, dropped: 2 });
  expect(exporter.told).toEqual([expect.stringContaining('too old')]);
});

test('the queue is bounded while the receiver is away', async () => {
  const exporter = exporterTo('http://127.0.0.1:9', { queueSpans: 10, backoffMs: 60_000, maxBackoffMs: 60_000 });
  exporter.push(spans(8));
  exporter.push(spans(8));
  expect(exporter.status()).toMatchObject({ waiting: 10, dropped: 6 });
});

test('flushing sends what waits at once, and goes on after it', async () => {
  const receiver = await receiverOf();
  const exporter = exporterTo(receiver.url, { batchMs: 60_000, batchSpans: 2 });
  exporter.push(spans(1));
  await exporter.flush(5000);
  expect(exporter.status()).toMatchObject({ sent: 1, waiting: 0 });
  exporter.push(spans(3));
  await exporter.flush(5000);
  expect(receiver.spans()).toHaveLength(4);
});

test('closing sends what still waits, and waits no longer than it may for a receiver that does not answer', async () => {
  const receiver = await receiverOf();
  const exporter = exporterTo(receiver.url, { batchMs: 60_000 });
  exporter.push(spans(3));
  await exporter.close(5000);
  expect(receiver.spans()).toHaveLength(3);

  const silent = await receiverOf({ answer: () => true });
  const stuck = exporterTo(silent.url, { batchMs: 60_000 });
  stuck.push(spans(3));
  const fromMs = performance.now();
  await stuck.close(100);
  expect(performance.now() - fromMs).toBeLessThan(5000);
  expect(stuck.status()).toMatchObject({ sent: 0, dropped: 3 });
});

test('a URL without a path means the path of the protocol', () => {
  expect(tracesUrl('http://127.0.0.1:4318')).toBe('http://127.0.0.1:4318/v1/traces');
  expect(tracesUrl('https://example.com/otlp/v1/traces')).toBe('https://example.com/otlp/v1/traces');
});
