import { expect, test } from 'vitest';
import { withTraceparent } from './tracing-bytes.ts';
import { Span } from './tracing-span.ts';

test('the header stands after the request line, and the rest is as it was', () => {
  const span = new Span('call', { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', flags: 3 }, null);
  const body = Buffer.from([0, 255, 10, 13]);
  const request = Buffer.concat([Buffer.from('POST /a HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\n\r\n'), body]);
  const traced = withTraceparent(request, span);
  expect(traced.toString('latin1')).toBe(
    `POST /a HTTP/1.1\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-${span.spanId}-03\r\nHost: shop\r\nContent-Length: 4\r\n\r\n${body.toString('latin1')}`,
  );
});
