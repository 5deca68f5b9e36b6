import type { OutgoingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import type { WiredEdge } from './protocol.ts';
import { createTracer, type Tracer } from './tracing.ts';
import { spanIdOf, traceIdOf } from './tracing-context.ts';
import type { Span } from './tracing-span.ts';

const edge: WiredEdge = {
  id: 'gateway-orders',
  targetId: 'orders',
  protocol: 'http',
  config: { timeoutMs: 2000, maxConnections: 32 } as WiredEdge['config'],
  ports: [],
};
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callerSpan = '00f067aa0ba902b7';
const from = (flags: string) => ({ headers: { traceparent: `00-${traceId}-${callerSpan}-${flags}` } });
const told = (tracer: Tracer) => tracer.takeFrame()?.spans ?? [];

/** A tracer with a clock that stands still until it is told otherwise. */
function tracerWith(ratio: number | null): Tracer & { clock: { nowMs: number } } {
  const clock = { nowMs: 0 };
  const tracer = createTracer(() => clock.nowMs);
  tracer.configure(ratio);
  return Object.assign(tracer, { clock });
}

/** A request that came in and made one call; returns the span of the request. */
function serve(tracer: Tracer, incoming: Parameters<Tracer['server']>[0], status = 200): Span | undefined {
  const server = tracer.server(incoming);
  const call = tracer.child(server, 'call', edge, 'GET', '/orders');
  if (call) call.status = 200;
  tracer.end(call);
  if (server) server.status = status;
  tracer.end(server);
  return server;
}

test('the span of a request continues the trace of its caller, and its calls are its children', () => {
  const tracer = tracerWith(0);
  serve(tracer, { ...from('01'), method: 'GET', url: '/orders?id=1' });
  const [call, server] = told(tracer);
  expect(server).toMatchObject({ traceId, parentId: callerSpan, type: 'server', status: 200 });
  expect(server).toMatchObject({ method: 'GET', target: '/orders?id=1' });
  expect(call).toMatchObject({ traceId, parentId: server?.spanId, type: 'call' });
  expect(call).toMatchObject({ edge: 'gateway-orders', peer: 'orders' });
});

test('an outgoing request carries the span of its call, and the trace state as it came', () => {
  const tracer = tracerWith(0);
  const server = tracer.server({ headers: { ...from('01').headers, tracestate: 'vendor=a, other=b' } });
  const call = tracer.child(server, 'call', edge, 'GET', '/');
  const headers: OutgoingHttpHeaders = {};
  call?.inject(headers);
  expect(headers).toEqual({
    traceparent: `00-${traceId}-${call && spanIdOf(call.span0, call.span1)}-01`,
    tracestate: 'vendor=a, other=b',
  });
});

test('a malformed header begins a new trace, and its trace state is not passed on', () => {
  const tracer = tracerWith(1);
  const server = tracer.server({ headers: { traceparent: `00-${traceId}-${callerSpan}`, tracestate: 'vendor=a' } });
  tracer.end(server);
  const [record] = told(tracer);
  expect(record?.traceId).not.toBe(traceId);
  expect(record?.parentId).toBeNull();
  expect(server?.tracestate).toBeUndefined();
});

test('the decision of the caller counts, not the own ratio', () => {
  const never = tracerWith(0);
  serve(never, from('01'));
  expect(told(never)).toHaveLength(2);
  const always = tracerWith(1);
  serve(always, from('00'));
  expect(told(always)).toHaveLength(0);
});

test('a request that begins here is sampled at the ratio', () => {
  const tracer = tracerWith(0.25);
  let sampled = 0;
  for (let i = 0; i < 4000; i += 1) {
    tracer.end(tracer.request({ method: 'GET', target: '/', route: '/', startMs: 0 }));
    sampled += told(tracer).length;
  }
  // 1,000 expected with a standard deviation of 27: six of them miss once in 500 million runs.
  expect(Math.abs(sampled - 1000)).toBeLessThan(6 * 27.4);
});

test('a failed request tells all that happened here, whatever the ratio', () => {
  const tracer = tracerWith(0);
  serve(tracer, from('00'), 503);
  expect(told(tracer).map(({ type, status }) => [type, status])).toEqual([
    ['call', 200],
    ['server', 503],
  ]);
});

test('a call that failed is told though its request went well in the end', () => {
  const tracer = tracerWith(0);
  const server = tracer.server(from('00'));
  const first = tracer.child(server, 'call', edge, 'GET', '/');
  first?.fail('refused', 'gateway-orders');
  tracer.end(first);
  const second = tracer.child(server, 'call', edge, 'GET', '/');
  if (second) second.resend = 1;
  tracer.end(second);
  tracer.end(server);
  expect(told(tracer).map(({ type, resend, failure }) => ({ type, resend, failure }))).toEqual([
    { type: 'call', resend: undefined, failure: { reason: 'refused', hop: 'gateway-orders' } },
    { type: 'call', resend: 1, failure: undefined },
    { type: 'server', resend: undefined, failure: undefined },
  ]);
});

test('spans of a success are told when somebody else saw the request fail, each once', () => {
  const tracer = tracerWith(0);
  serve(tracer, from('00'));
  expect(told(tracer)).toHaveLength(0);
  tracer.recall([traceId]);
  expect(told(tracer)).toHaveLength(2);
  expect(told(tracer)).toHaveLength(0);
});

test('spans that end after they were asked for are told too, for ten seconds', () => {
  const tracer = tracerWith(0);
  const [early, late] = [tracer.server(from('00')), tracer.server(from('00'))];
  tracer.recall([traceId]);
  expect(told(tracer)).toHaveLength(0);
  tracer.end(early);
  expect(told(tracer)).toHaveLength(1);
  tracer.clock.nowMs += 10_001;
  tracer.end(late);
  expect(told(tracer)).toHaveLength(0);
});

test('remembers the newest 2,048 spans of requests that went well', () => {
  const tracer = tracerWith(0);
  const ids = Array.from({ length: 1500 }, () => traceIdOf(serve(tracer, { headers: {} }) as Span));
  for (let at = 0; at < ids.length; at += 50) tracer.recall(ids.slice(at, at + 50));
  let spans = 0;
  for (let found = told(tracer); found.length > 0; found = told(tracer)) spans += found.length;
  // As many as one may ask for at a time: the newest 500 traces, of two spans each.
  expect(spans).toBe(1000);
  tracer.recall(ids.slice(0, 400));
  expect(told(tracer)).toHaveLength(0);
});

test('a frame is bounded: what is sampled waits for the next, and what is too much is counted', () => {
  const tracer = tracerWith(1);
  for (let i = 0; i < 300; i += 1) serve(tracer, { headers: {} });
  const frames = [tracer.takeFrame(), tracer.takeFrame(), tracer.takeFrame()];
  expect(frames.map((frame) => frame?.spans.length)).toEqual([200, 200, 0]);
  expect(frames[2]).toMatchObject({ ended: 600, dropped: 200 });
});

test('when everything fails, it tells of twenty requests in each frame, and counts the others', () => {
  const tracer = tracerWith(0);
  for (let i = 0; i < 50; i += 1) serve(tracer, { headers: {} }, 500);
  const frame = tracer.takeFrame();
  expect(new Set(frame?.spans.map((span) => span.traceId)).size).toBe(20);
  expect(frame).toMatchObject({ dropped: 30 });
});

test('switched off, it makes no span and tells nothing', () => {
  const tracer = tracerWith(null);
  expect(serve(tracer, from('01'), 500)).toBeUndefined();
  expect(tracer.takeFrame()).toBeUndefined();
});
