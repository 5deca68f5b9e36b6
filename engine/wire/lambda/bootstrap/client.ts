import { connect, type Socket } from 'node:net';
import { header, type Invocation, RUNTIME_PATH } from '../protocol.ts';

/** The environment's side of the Runtime API. Requests go out one behind the other, and are answered in that order. */
export interface RuntimeClient {
  /** Waits for an invocation. The process stays alive meanwhile; at other times the connection does not keep it so. */
  next(): Promise<Invocation>;
  /** Tells the answer of an invocation. `body` is JSON. */
  respond(requestId: string, body: string): void;
  /** Resolves when it is told. */
  fail(requestId: string, errorType: string, body: string): Promise<void>;
  failInit(errorType: string, body: string): Promise<void>;
}

interface Answer {
  head: Map<string, string>;
  body: Buffer;
}

const END_OF_HEAD = '\r\n\r\n';

/**
 * Over a plain socket: Node's own client for HTTP would take an eighth of a cold start to load. `onLost` runs when the
 * platform is gone; there is nobody to work for any more.
 */
export function createRuntimeClient(address: string, onLost: () => void): RuntimeClient {
  const [host, port] = address.split(':') as [string, string];
  const socket: Socket = connect(Number(port), host);
  const waiting: ((answer: Answer) => void)[] = [];
  let received: Buffer = Buffer.alloc(0);

  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('close', onLost);
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (let answer = take(); answer; answer = take()) {
      if (waiting.length === 1) socket.unref();
      waiting.shift()?.(answer);
    }
  });

  const uncork = (): void => socket.uncork();

  /** The next whole answer, if it is there. */
  function take(): Answer | null {
    const headEnd = received.indexOf(END_OF_HEAD);
    if (headEnd < 0) return null;
    const head = new Map<string, string>();
    for (const line of received.toString('latin1', 0, headEnd).split('\r\n').slice(1)) {
      const colon = line.indexOf(':');
      head.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    const bodyAt = headEnd + END_OF_HEAD.length;
    const bodyEnd = bodyAt + Number(head.get('content-length') ?? 0);
    if (received.length < bodyEnd) return null;
    const body = received.subarray(bodyAt, bodyEnd);
    received = received.subarray(bodyEnd);
    return { head, body };
  }

  const send = (method: string, path: string, headers: string, body: string): Promise<Answer> => {
    const length = method === 'POST' ? `content-length: ${Buffer.byteLength(body)}\r\n` : '';
    socket.ref();
    // An answer and the request for the next invocation leave together.
    socket.cork();
    process.nextTick(uncork);
    socket.write(
      `${method} ${RUNTIME_PATH}${path} HTTP/1.1\r\nhost: ${address}\r\n${usage()}${headers}${length}\r\n${body}`,
    );
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  };

  const failing = (path: string, errorType: string, body: string): Promise<void> =>
    send('POST', path, `${header.errorType}: ${errorType.replace(/[^\w.]/g, '')}\r\n`, body).then(() => {});

  return {
    async next() {
      const { head, body } = await send('GET', '/invocation/next', '', '');
      return {
        requestId: head.get(header.requestId) ?? '',
        deadlineMs: Number(head.get(header.deadlineMs)),
        functionArn: head.get(header.functionArn) ?? '',
        traceId: head.get(header.traceId) ?? '',
        event: body,
      };
    },
    respond: (requestId, body) => void send('POST', `/invocation/${requestId}/response`, '', body),
    fail: (requestId, errorType, body) => failing(`/invocation/${requestId}/error`, errorType, body),
    failInit: (errorType, body) => failing('/init/error', errorType, body),
  };
}

function usage(): string {
  const { user, system } = process.cpuUsage();
  return `${header.cpuUs}: ${user + system}\r\n${header.residentBytes}: ${process.memoryUsage.rss()}\r\n`;
}
