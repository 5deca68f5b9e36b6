import { expect, test } from 'vitest';
import { RANDOM, SAMPLED } from '../process-kit/tracing-context.ts';
import type { SpanRecord } from '../process-kit/tracing-record.ts';
import { createTraceStore, type TraceStoreLimits } from './store.ts';

const source = { nodeId: 'orders', replica: 0, pid: 7 };
const id = (number: number): string => number.toString(16).padStart(32, '0');
let spans = 0;

const span = (trace: number, changes: Partial<SpanRecord> = {}): SpanRecord => {
  spans += 1;
  return {
    traceId: id(trace),
    spanId: spans.toString(16).padStart(16, '0'),
    parentId: null,
    type: 'server',
    startMs: trace,
    durationMs: 5,
    flags: RANDOM | SAMPLED,
    method: 'GET',
    route: '/orders',
    target: '/orders',
    status: 200,
    ...changes,
  };
};
const unsampled = { flags: RANDOM };
const failure = { status: 503, failure: { reason: 'queue-full' as const, hop: 'orders' } };

function storeWith(limits: Partial<TraceStoreLimits> = {}) {
  const clock = { nowMs: 0 };
  const store = createTraceStore({ epochMs: (sharedMs) => 1_000_000 + sharedMs, now: () => clock.nowMs, limits });
  return Object.assign(store, { clock });
}

test('a trace is its spans of all processes, in the order of their start', () => {
  const store = storeWith();
  const root = span(1, { startMs: 10, durationMs: 9, type: 'request' });
  store.add(source, [span(1, { parentId: root.spanId, startMs: 11 })]);
  store.add({ ...source, nodeId: 'client' }, [root]);
  expect(store.get(id(1))?.map(({ nodeId, startedAtMs }) => [nodeId, startedAtMs])).toEqual([
    ['client', 1_000_010],
    ['orders', 1_000_011],
  ]);
  expect(store.list({})).toMatchObject([
    { traceId: id(1), name: 'GET /orders', nodeId: 'client', durationMs: 9, spans: 2, complete: true, failed: false },
  ]);
  expect(store.get(id(2))).toBeNull();
});

test('a failed request is kept and says why and where, and what others know of it is asked for once', () => {
  const store = storeWith();
  store.add(source, [span(1, { ...unsampled, ...failure, parentId: 'f'.repeat(16) })]);
  expect(store.takeIncomplete()).toEqual([id(1)]);
  expect(store.takeIncomplete()).toEqual([]);
  store.add(source, [span(1, { ...unsampled, parentId: 'f'.repeat(16) })]);
  expect(store.takeIncomplete()).toEqual([]);
  expect(store.list({ failed: true })).toMatchObject([
    { failed: true, errors: 1, reason: 'queue-full', hop: 'orders', complete: false, spans: 2 },
  ]);
});

test('what went well before the failure is kept with it', () => {
  const store = storeWith();
  store.add(source, [span(1, { ...unsampled, type: 'call' }), span(1, { ...unsampled, ...failure })]);
  expect(store.get(id(1))).toHaveLength(2);
});

test('a request that went well after a failed attempt is told from one that failed', () => {
  const store = storeWith();
  const root = span(1, { type: 'request', status: undefined, resend: 1 });
  store.add(source, [span(1, { parentId: root.spanId, type: 'call', ...failure }), root]);
  expect(store.list({ failed: true })).toMatchObject([{ failed: false, errors: 1, reason: 'queue-full' }]);
});

test('keeps the newest traces, and successes push out no failure', () => {
  const store = storeWith({ traces: 3 });
  store.add(source, [span(1, failure)]);
  for (let trace = 2; trace <= 10; trace += 1) store.add(source, [span(trace)]);
  expect(store.list({}).map(({ traceId }) => traceId)).toEqual([10, 9, 8, 1].map(id));
  for (let trace = 11; trace <= 20; trace += 1) store.add(source, [span(trace, failure)]);
  expect(store.list({ failed: true }).map(({ traceId }) => traceId)).toEqual([20, 19, 18].map(id));
});

test('what is too much is counted: spans of one trace, failures in a second, pieces of what was let go of', () => {
  const store = storeWith({ spansPerTrace: 2, failuresPerSec: 2 });
  store.add(source, [span(1), span(1), span(1)]);
  expect(store.dropped()).toBe(1);
  for (let trace = 2; trace <= 5; trace += 1) store.add(source, [span(trace, { ...unsampled, ...failure })]);
  expect(store.list({ failed: true })).toHaveLength(2);
  expect(store.dropped()).toBe(3);
  store.clock.nowMs = 1000;
  store.add(source, [span(6, { ...unsampled, ...failure })]);
  expect(store.list({ failed: true })).toHaveLength(3);
  expect(store.add(source, [span(7, unsampled)])).toEqual([]);
  expect(store.dropped()).toBe(4);
});

test('lists by name and by duration, the newest first', () => {
  const store = storeWith();
  store.add(source, [
    span(1, { durationMs: 50 }),
    span(2, { durationMs: 1 }),
    span(3, { route: '/users', durationMs: 60 }),
  ]);
  expect(store.list({ minDurationMs: 50 }).map(({ traceId }) => traceId)).toEqual([id(3), id(1)]);
  expect(store.list({ name: 'GET /orders' }).map(({ traceId }) => traceId)).toEqual([id(2), id(1)]);
  expect(store.list({ limit: 1 }).map(({ traceId }) => traceId)).toEqual([id(3)]);
  expect(store.names()).toEqual(['GET /orders', 'GET /users']);
});

test('the traces of a run are those that began in it, failures first', () => {
  const store = storeWith();
  store.add(source, [span(1), span(20), span(21, failure), span(40)]);
  const found = store.between({ fromMs: 1_000_010, toMs: 1_000_030 });
  expect(found.map(([first]) => first?.traceId)).toEqual([id(21), id(20)]);
});

test('lists the failures of one reason at one edge or node', () => {
  const store = storeWith();
  const at = (hop: string) => ({ failure: { ...failure.failure, hop } });
  store.add(source, [span(1, at('a-b')), span(2, at('b')), span(3)]);
  const reason = store.list({ failed: true })[0]?.reason ?? '';
  expect(store.list({ reason, hop: 'a-b' }).map(({ traceId }) => traceId)).toEqual([id(1)]);
  expect(store.list({ reason })).toHaveLength(2);
  expect(store.list({ reason: 'no such reason' })).toEqual([]);
});
