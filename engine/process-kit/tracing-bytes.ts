import { TRACEPARENT_LENGTH, writeTraceparent } from './tracing-context.ts';
import type { Span } from './tracing-span.ts';

const LINE_FEED = 10;
const NAME = 'traceparent: ';

/**
 * Adds the span's header to an HTTP/1.1 request as it goes over the wire, after its first line. The same request again, on the
 * same connection, costs no more than the digits of the ids: they are written over those of the one before, which must
 * have left by then unless `isFree` is false.
 */
export function createTracedBytes(): (request: Buffer, span: Span, isFree: boolean) => Buffer {
  let known: Buffer | undefined;
  let traced = Buffer.alloc(0);
  let at = 0;
  return (request, span, isFree) => {
    if (request !== known || !isFree) {
      const lineEnd = request.indexOf(LINE_FEED) + 1;
      const header = Buffer.from(`${NAME}${' '.repeat(TRACEPARENT_LENGTH)}\r\n`, 'latin1');
      traced = Buffer.concat([request.subarray(0, lineEnd), header, request.subarray(lineEnd)]);
      at = lineEnd + NAME.length;
      known = request;
    }
    writeTraceparent(traced, at, span);
    return traced;
  };
}
