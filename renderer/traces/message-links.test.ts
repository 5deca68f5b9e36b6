import { expect, test } from 'vitest';
import type { TraceSpan } from '../../engine/api/types.ts';
import { messageLinksOf, messageOf } from './message-links.ts';

const span = (
  spanId: string,
  parentSpanId: string | null,
  kind: TraceSpan['kind'],
  [startedAtMs, durationMs]: [number, number],
): TraceSpan => ({
  ...{ traceId: 't', spanId, parentSpanId, name: spanId, kind, nodeId: 'shop', replica: 0, pid: 1 },
  ...{ startedAtMs, durationMs, error: null, attributes: {}, flags: 1, remoteParent: false },
});

const request = span('request', null, 'server', [0, 10]);
const publish = span('publish', 'request', 'producer', [1, 4]);
const again = span('again', 'publish', 'consumer', [45, 10]);
const first = span('first', 'publish', 'consumer', [8, 10]);
const call = span('call', 'first', 'client', [9, 1]);

test('a message knows who sent it, and each that took it, with the time that it was on its way', () => {
  const links = messageLinksOf([request, again, publish, first, call]);
  expect([...links.keys()].sort()).toEqual(['again', 'first', 'publish']);
  expect(links.get('publish')?.sentBy).toBeNull();
  expect(links.get('publish')?.receivedBy.map((other) => [other.span.spanId, other.waitedMs])).toEqual([
    ['first', 3],
    ['again', 40],
  ]);
  expect(links.get('first')?.sentBy).toEqual({ span: publish, waitedMs: 3 });
});

test('a consumer that begins before its publisher has its confirmation did not wait', () => {
  const links = messageLinksOf([publish, span('quick', 'publish', 'consumer', [2, 1])]);
  expect(links.get('quick')?.sentBy?.waitedMs).toBe(0);
});

test('both ends of a message are found from either; what has no other end here has none', () => {
  const links = messageLinksOf([request, publish, first, again, call]);
  expect(messageOf(first, links)).toEqual([publish, first]);
  expect(messageOf(publish, links)).toEqual([publish, first, again]);
  expect(messageOf(call, links)).toBeNull();
  const lonely = [span('untaken', 'request', 'producer', [1, 1]), span('orphan', 'gone', 'consumer', [5, 1])] as const;
  for (const one of lonely) expect(messageOf(one, messageLinksOf(lonely))).toBeNull();
});
