import { connect } from 'node:net';
import type { FailureReason } from '../metrics/failure-reason.ts';
import type { WiredEdge } from '../process-kit/protocol.ts';
import { tracer } from '../process-kit/tracing.ts';
import { createTracedBytes } from '../process-kit/tracing-bytes.ts';
import type { Span } from '../process-kit/tracing-span.ts';
import type { TrafficRequest } from './request.ts';
import { createResponseParser, type ResponseParser } from './response-parser.ts';

/** A keep-alive HTTP/1.1 connection with at most one request in flight. It is opened for its first request. */
export interface HttpConnection {
  readonly request: TrafficRequest | null;
  /** `bytes`: the request as it goes over the wire, but for the trace. */
  send(request: TrafficRequest, bytes: Buffer): void;
  /** Ends it at once and without a word to the observer. The reason is that of the request in flight, if there is one. */
  destroy(reason?: FailureReason): void;
}

export interface ConnectionObserver {
  /** A whole answer came. Unless the connection `ends`, it is free now. */
  answered(connection: HttpConnection, request: TrafficRequest, answer: ResponseParser, ends: boolean): void;
  /** The connection is gone; `request` is what it leaves without an answer. */
  broken(connection: HttpConnection, request: TrafficRequest | null, reason: 'refused' | 'reset'): void;
}

const READ_BYTES = 16 * 1024;

/** The edge is the one that its requests go along: their spans name it. */
export function openConnection(port: number, edge: WiredEdge, observer: ConnectionObserver): HttpConnection {
  const parser = createResponseParser();
  // One buffer for all reads, and no stream in between: most of what a request costs would be that.
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  let connected = false;
  let over = false;
  let span: Span | undefined;
  const tracedBytes = createTracedBytes();

  const socket = connect({
    host: '127.0.0.1',
    port,
    noDelay: true,
    onread: {
      buffer,
      callback(length) {
        read(length);
        return true;
      },
    },
  });

  const connection = {
    request: null as TrafficRequest | null,
    send(request: TrafficRequest, bytes: Buffer) {
      connection.request = request;
      span = tracer.attempt(request.span, edge, port);
      socket.write(span ? tracedBytes(bytes, span, socket.writableLength === 0) : bytes);
    },
    destroy(reason: FailureReason = 'cancelled') {
      over = true;
      endSpan(0, reason, edge.id);
      socket.destroy();
    },
  };

  function endSpan(status: number, reason: string | null, hop: string | null): void {
    if (!span) return;
    span.status = status;
    if (reason) span.fail(reason as FailureReason, hop ?? undefined);
    tracer.end(span);
    span = undefined;
  }

  function takeRequest(): TrafficRequest | null {
    const { request } = connection;
    connection.request = null;
    return request;
  }

  function breakOff(reason: 'refused' | 'reset'): void {
    if (over) return;
    connection.destroy(reason);
    observer.broken(connection, takeRequest(), reason);
  }

  function finish(ends: boolean): void {
    endSpan(parser.status, parser.failureReason, parser.failureHop);
    if (ends) connection.destroy();
    const request = takeRequest();
    if (request) observer.answered(connection, request, parser, ends);
  }

  function read(length: number): void {
    if (over) return;
    // Nobody asked: what this is an answer to is unknown, so it answers nothing.
    const result = connection.request ? parser.feed(buffer, length) : 'bad';
    if (result === 'done') finish(parser.closes);
    else if (result === 'bad') breakOff('reset');
  }

  function end(): void {
    if (over) return;
    if (connection.request && parser.endOfStream()) finish(true);
    else breakOff('reset');
  }

  socket.once('connect', () => {
    connected = true;
  });
  socket.once('end', end);
  socket.once('close', end);
  socket.on('error', (error: NodeJS.ErrnoException) =>
    breakOff(connected || error.code === 'ECONNRESET' ? 'reset' : 'refused'),
  );
  return connection;
}
