import { formatTraceparent } from './tracing-context.ts';
import type { Span } from './tracing-span.ts';

const LINE_FEED = 10;
const NAME = 'traceparent: ';
/** Name, 55 characters, end of line. */
const HEADER_BYTES = NAME.length + 57;

/** An HTTP/1.1 request as it goes over the wire, with the span's header after its first line. */
export function withTraceparent(request: Buffer, span: Span): Buffer {
  const at = request.indexOf(LINE_FEED) + 1;
  const traced = Buffer.allocUnsafe(request.length + HEADER_BYTES);
  request.copy(traced, 0, 0, at);
  traced.write(`${NAME}${formatTraceparent(span)}\r\n`, at, 'latin1');
  request.copy(traced, at + HEADER_BYTES, at);
  return traced;
}
