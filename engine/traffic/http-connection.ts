import { connect } from 'node:net';
import type { TrafficRequest } from './request.ts';
import { createResponseParser, type ResponseParser } from './response-parser.ts';

/** A keep-alive HTTP/1.1 connection with at most one request in flight. It is opened for its first request. */
export interface HttpConnection {
  readonly request: TrafficRequest | null;
  send(request: TrafficRequest): void;
  /** Ends it at once and without a word to the observer. */
  destroy(): void;
}

export interface ConnectionObserver {
  /** A whole answer came. Unless the connection `ends`, it is free now. */
  answered(connection: HttpConnection, request: TrafficRequest, answer: ResponseParser, ends: boolean): void;
  /** The connection is gone; `request` is what it leaves without an answer. */
  broken(connection: HttpConnection, request: TrafficRequest | null, reason: 'refused' | 'reset'): void;
}

const READ_BYTES = 16 * 1024;

export function openConnection(port: number, observer: ConnectionObserver): HttpConnection {
  const parser = createResponseParser();
  // One buffer for all reads, and no stream in between: most of what a request costs would be that.
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  let connected = false;
  let over = false;

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
    send(request: TrafficRequest) {
      connection.request = request;
      socket.write(request.bytes);
    },
    destroy() {
      over = true;
      socket.destroy();
    },
  };

  function takeRequest(): TrafficRequest | null {
    const { request } = connection;
    connection.request = null;
    return request;
  }

  function breakOff(reason: 'refused' | 'reset'): void {
    if (over) return;
    connection.destroy();
    observer.broken(connection, takeRequest(), reason);
  }

  function finish(ends: boolean): void {
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
