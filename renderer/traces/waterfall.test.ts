import { expect, test } from 'vitest';
import type { TraceSpan } from '../../engine/api/types.ts';
import { barsOf, labelOf } from './waterfall.ts';

const span = (spanId: string, parentSpanId: string | null, startedAtMs: number, durationMs: number): TraceSpan => ({
  traceId: 't',
  spanId,
  parentSpanId,
  name: spanId,
  kind: 'server',
  nodeId: 'orders',
  replica: 0,
  pid: 1,
  startedAtMs,
  durationMs,
  error: null,
  attributes: {},
  flags: 1,
  remoteParent: false,
});
const shape = (spans: TraceSpan[]) =>
  barsOf(spans).map(({ span: { spanId }, depth }) => `${'  '.repeat(depth)}${spanId}`);

test('each span is followed by what was done for it, in the order of time', () => {
  const spans = [
    span('late', 'root', 6, 2),
    span('deep', 'early', 2, 1),
    span('early', 'root', 1, 3),
    span('root', null, 0, 10),
  ];
  expect(shape(spans)).toEqual(['root', '  early', '    deep', '  late']);
  const bars = barsOf(spans);
  expect(bars.map(({ from, width }) => [from, width])).toEqual([
    [0, 1],
    [0.1, 0.3],
    [0.2, 0.1],
    [0.6, 0.2],
  ]);
});

test('spans whose parent is missing stand at the left, and say so', () => {
  const bars = barsOf([span('orphan', 'gone', 5, 1), span('child', 'orphan', 5, 1)]);
  expect(bars.map(({ depth, detached }) => [depth, detached])).toEqual([
    [0, true],
    [1, false],
  ]);
});

test('no spans make no bars, and ids that go round end', () => {
  expect(barsOf([])).toEqual([]);
  expect(barsOf([span('a', 'b', 0, 1), span('b', 'a', 0, 1)])).toEqual([]);
});

test('a client span says whom it calls, and which attempt it is', () => {
  const attributes = { 'service.peer.name': 'auth', 'http.request.resend_count': 1 };
  expect(labelOf({ ...span('GET', null, 0, 1), attributes })).toBe('GET → auth (attempt 2)');
});
