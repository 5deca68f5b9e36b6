import { expect, test } from 'vitest';
import type { WiredEdge } from './protocol.ts';
import { spanIdOf, traceIdOf } from './tracing-context.ts';
import { createSpanRing } from './tracing-ring.ts';
import { Span } from './tracing-span.ts';

function ended(target: string): Span {
  const span = new Span('server', null, 0, 100);
  span.endMs = 107.5;
  span.target = target;
  return span;
}

test('a span is read as it was when it ended', () => {
  const ring = createSpanRing(4);
  const parent = new Span('request', null, 1);
  const span = Object.assign(new Span('call', parent, 0, 100), {
    endMs: 107.5,
    method: 'POST',
    target: '/pay?now',
    route: '/pay',
    edge: { id: 'a-b', targetId: 'b' } as WiredEdge,
    status: 503,
    port: 4711,
    resend: 1,
    rows: 0,
  });
  span.fail('shed', 'b');
  const number = ring.keep(span);
  // What becomes of the object afterwards is its own business.
  span.status = 200;
  const { startMs, ...record } = ring.read(number);
  expect(record).toEqual({
    traceId: traceIdOf(parent),
    spanId: spanIdOf(span.span0, span.span1),
    parentId: spanIdOf(parent.span0, parent.span1),
    type: 'call',
    durationMs: 7.5,
    flags: parent.flags,
    method: 'POST',
    target: '/pay?now',
    route: '/pay',
    status: 503,
    edge: 'a-b',
    peer: 'b',
    port: 4711,
    resend: 1,
    rows: 0,
    failure: { reason: 'shed', hop: 'b' },
  });
  // On the clock of the machine, which began before this process.
  expect(startMs).toBeGreaterThan(100);
});

test('what a span does not have is left out', () => {
  const ring = createSpanRing(4);
  const number = ring.keep(ended('/'));
  expect(Object.keys(ring.read(number)).sort()).toEqual(
    ['durationMs', 'flags', 'parentId', 'spanId', 'startMs', 'target', 'traceId', 'type'].sort(),
  );
  expect(ring.read(number).parentId).toBeNull();
});

test.each([1, 3, 64, 100, 300])('remembers the newest of more than %i, and keeps their numbers', (size) => {
  const ring = createSpanRing(size);
  const numbers = Array.from({ length: 2 * size + 1 }, (_, i) => ring.keep(ended(`/${i}`)));
  expect(numbers).toEqual(numbers.map((_, i) => i));
  expect(ring.range()).toEqual({ from: size + 1, to: 2 * size + 1 });
  expect(ring.isThere(size)).toBe(false);
  for (let number = size + 1; number <= 2 * size; number += 1) {
    expect(ring.isThere(number)).toBe(true);
    expect(ring.read(number).target).toBe(`/${number}`);
  }
});

test('what was told stays so until another span takes the place', () => {
  const ring = createSpanRing(2);
  const number = ring.keep(ended('/a'));
  ring.tell(number);
  expect(ring.isTold(number)).toBe(true);
  ring.keep(ended('/b'));
  expect(ring.isTold(ring.keep(ended('/c')))).toBe(false);
});
