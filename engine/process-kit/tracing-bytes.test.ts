import { expect, test } from 'vitest';
import { createTracedBytes } from './tracing-bytes.ts';
import { formatTraceparent } from './tracing-context.ts';
import { Span } from './tracing-span.ts';

const body = Buffer.from([0, 255, 10, 13]);
const request = Buffer.concat([Buffer.from('POST /a HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\n\r\n'), body]);
const spanOf = () => new Span('request', null, 1);
const expected = (path: string, span: Span): string =>
  `POST ${path} HTTP/1.1\r\ntraceparent: ${formatTraceparent(span)}\r\nHost: shop\r\nContent-Length: 4\r\n\r\n${body.toString('latin1')}`;

test('the header stands after the request line, and the rest is as it was', () => {
  const tracedBytes = createTracedBytes();
  for (let i = 0; i < 100; i += 1) {
    const span = spanOf();
    expect(tracedBytes(request, span, true).toString('latin1')).toBe(expected('/a', span));
  }
});

test('another request on the connection has bytes of its own', () => {
  const tracedBytes = createTracedBytes();
  const other = Buffer.from(request.toString('latin1').replace('/a', '/longer'), 'latin1');
  for (const [path, bytes] of [
    ['/a', request],
    ['/longer', other],
    ['/a', request],
  ] as const) {
    const span = spanOf();
    expect(tracedBytes(bytes, span, true).toString('latin1')).toBe(expected(path, span));
  }
});

test('bytes that have not left are not written over', () => {
  const tracedBytes = createTracedBytes();
  const span = spanOf();
  const waiting = tracedBytes(request, span, true);
  tracedBytes(request, spanOf(), false);
  expect(waiting.toString('latin1')).toBe(expected('/a', span));
});
