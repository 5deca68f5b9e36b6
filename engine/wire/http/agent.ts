import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { AnswerStream } from './answer.ts';
import { type Connection, type Exchange, openConnection } from './connection.ts';
import { hasHeader, requestHead } from './headers.ts';

export interface HttpCall {
  method: string;
  path: string;
  headers?: OutgoingHttpHeaders | undefined;
  /** Sent with its length. */
  body?: string | Buffer | undefined;
  /** Instead: sends a body that is there only once, and must end the stream. */
  write?: ((outgoing: Writable) => void) | undefined;
  /** The head has come; the body follows as the answer is read. */
  onAnswer(answer: AnswerStream): void;
  /** There will be no whole answer. Comes at most once. */
  onError(error: NodeJS.ErrnoException): void;
  /** The call is over, and nothing follows: the answer was read or destroyed, or failed. Comes once. */
  onClose(): void;
}

export interface HttpAgentOptions {
  host: string;
  port: number;
  keepAlive: boolean;
  maxConnections: number;
}

/** Keep-alive connections to one address. */
export class HttpAgent {
  readonly #options: HttpAgentOptions;
  /** The one used last comes first: the others may then be closed by the server in peace. */
  readonly #idle: Connection[] = [];
  readonly #open = new Set<Connection>();
  readonly #waiting = new Set<Call>();
  #retired = false;

  constructor(options: HttpAgentOptions) {
    this.#options = options;
  }

  /** Sends a call as soon as a connection is free. Returns what breaks it off. Throws where the request could not be written. */
  send(call: HttpCall): (error: Error) => void {
    const started = new Call(call, this.#options, () => this.#waiting.delete(started));
    this.#waiting.add(started);
    this.#serve();
    return (error) => started.breakOff(error);
  }

  /** Closes what is idle now, and each other connection once its call is over. */
  retire(): void {
    this.#retired = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  /** Breaks everything off. */
  destroy(): void {
    this.retire();
    for (const call of [...this.#waiting]) call.breakOff(new Error('the agent is closed'));
    for (const connection of [...this.#open]) connection.destroy();
  }

  #serve(): void {
    for (const call of this.#waiting) {
      const connection = this.#idle.pop() ?? this.#connect();
      if (!connection) return;
      this.#waiting.delete(call);
      call.runOn(connection);
    }
  }

  #connect(): Connection | undefined {
    if (this.#open.size >= this.#options.maxConnections) return undefined;
    const { host, port } = this.#options;
    const connection: Connection = openConnection(
      { host, port },
      {
        onFree: () => {
          if (this.#retired) connection.destroy();
          else {
            this.#idle.push(connection);
            this.#serve();
          }
        },
        onGone: () => {
          this.#open.delete(connection);
          const place = this.#idle.indexOf(connection);
          if (place >= 0) this.#idle.splice(place, 1);
          this.#serve();
        },
      },
    );
    this.#open.add(connection);
    return connection;
  }
}

/** One call, from the wait for a connection to its end. */
class Call implements Exchange {
  readonly method: string;
  readonly #call: HttpCall;
  readonly #head: string;
  readonly #chunked: boolean;
  isSent: boolean;
  readonly #leaveQueue: () => void;
  #connection: Connection | null = null;
  #socket: Socket | null = null;
  #answer: AnswerStream | null = null;
  #over = false;

  constructor(call: HttpCall, { host, port, keepAlive }: HttpAgentOptions, leaveQueue: () => void) {
    const { method, path, headers = {}, body, write } = call;
    this.method = method;
    this.#call = call;
    this.#leaveQueue = leaveQueue;
    const isFramed = hasHeader(headers, 'content-length') || hasHeader(headers, 'transfer-encoding');
    this.isSent = write === undefined;
    this.#chunked = write !== undefined && !hasHeader(headers, 'content-length');
    let head = requestHead(method, path, `${host}:${port}`, headers);
    if (!keepAlive && !hasHeader(headers, 'connection')) head += 'Connection: close\r\n';
    if (!isFramed) {
      if (write) head += 'Transfer-Encoding: chunked\r\n';
      else if (body !== undefined) head += `Content-Length: ${Buffer.byteLength(body)}\r\n`;
      // A method that carries a body says that there is none: RFC 9110, section 8.6.
      else if (method === 'POST' || method === 'PUT' || method === 'PATCH') head += 'Content-Length: 0\r\n';
    }
    this.#head = `${head}\r\n`;
  }

  runOn(connection: Connection): void {
    this.#connection = connection;
    connection.run(this);
  }

  start(socket: Socket): void {
    this.#socket = socket;
    const { body, write } = this.#call;
    if (typeof body === 'string') {
      socket.cork();
      socket.write(this.#head, 'latin1');
      socket.write(body);
      socket.uncork();
    } else if (body) socket.write(Buffer.concat([Buffer.from(this.#head, 'latin1'), body]));
    else socket.write(this.#head, 'latin1');
    write?.(this.#bodyStream(socket));
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    const connection = this.#connection;
    const answer = new AnswerStream(status, headers, {
      pause: () => connection?.pause(),
      resume: () => connection?.resume(),
      breakOff: () => this.#dropConnection(),
    });
    this.#answer = answer;
    answer.on('error', (error) => this.#fail(error));
    answer.on('close', () => this.#close());
    this.#call.onAnswer(answer);
  }

  body(bytes: Buffer): void {
    this.#answer?.feed(bytes);
  }

  end(): void {
    this.#connection = null;
    this.#answer?.finish();
  }

  broken(error: NodeJS.ErrnoException): void {
    this.#connection = null;
    if (this.#answer) this.#answer.destroy(error);
    else this.#fail(error);
    if (!this.#answer) this.#close();
  }

  breakOff(error: Error): void {
    if (this.#over) return;
    this.#leaveQueue();
    if (this.#answer) {
      this.#answer.destroy(error);
      return;
    }
    this.#fail(error);
    this.#dropConnection();
    this.#close();
  }

  #failed = false;
  #fail(error: Error): void {
    if (this.#failed || this.#over) return;
    this.#failed = true;
    this.#call.onError(error);
  }

  #dropConnection(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.destroy();
  }

  #close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#call.onClose();
  }

  /** Back-pressure is that of the socket. What comes after the call is over is thrown away. */
  #bodyStream(socket: Socket): Writable {
    const isMine = (): boolean => this.#connection !== null && this.#socket === socket && !socket.destroyed;
    const chunked = this.#chunked;
    const sent = (): void => {
      this.isSent = true;
    };
    return new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (!isMine() || chunk.length === 0) return done();
        if (!chunked) socket.write(chunk, () => done());
        else {
          socket.cork();
          socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
          socket.write(chunk);
          socket.write('\r\n', 'latin1', () => done());
          socket.uncork();
        }
      },
      final(done) {
        if (isMine() && chunked) socket.write('0\r\n\r\n', 'latin1');
        sent();
        done();
      },
    });
  }
}
