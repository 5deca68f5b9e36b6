import { header, type Invocation, RUNTIME_PATH } from '../protocol.ts';
import { createConnection, type PlatformAddress } from './connection.ts';

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

export interface RuntimeClientOptions {
  address: PlatformAddress;
  /** The first invocation is there already: the process stands still until it has it. */
  isExpected: boolean;
  onLost(): never;
}

interface Answer {
  head: Map<string, string>;
  body: Buffer;
}

const END_OF_HEAD = '\r\n\r\n';
const LONG_INIT_MS = 500;

/** Speaks HTTP itself: to load Node's own client would be an eighth of a cold start. */
export function createRuntimeClient({ address, isExpected, onLost }: RuntimeClientOptions): RuntimeClient {
  const waiting: ((answer: Answer) => void)[] = [];
  let received: Buffer = Buffer.alloc(0);
  /** CPU time that the opening of the connection took, µs, while the answer of an invocation must not count it as the handler's. */
  let openingUs = 0;

  const onData = (chunk: Buffer): void => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (let answer = take(); answer; answer = take()) {
      if (waiting.length === 1) connection.hold(false);
      waiting.shift()?.(answer);
    }
  };
  const connection = createConnection(address, { onData, onLost });

  const open = (): void => {
    if (connection.isOpen) return;
    const beforeUs = cpuUs();
    connection.open();
    openingUs = cpuUs() - beforeUs;
  };
  // Its end is heard of by an open connection only: an INIT that takes long opens it, too.
  if (isExpected) setTimeout(open, LONG_INIT_MS).unref();
  else open();

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
    const usage = `${header.cpuUs}: ${cpuUs() - openingUs}\r\n${header.residentBytes}: ${process.memoryUsage.rss()}\r\n`;
    connection.hold(true);
    connection.write(
      `${method} ${RUNTIME_PATH}${path} HTTP/1.1\r\nhost: ${address.runtimeApi}\r\n${usage}${headers}${length}\r\n${body}`,
    );
    if (!connection.isOpen) setImmediate(open);
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  };

  const failing = (path: string, errorType: string, body: string): Promise<void> =>
    send('POST', path, `${header.errorType}: ${errorType.replace(/[^\w.]/g, '')}\r\n`, body).then(() => {});

  let isFirst = isExpected;
  return {
    async next() {
      openingUs = 0;
      const coming = send('GET', '/invocation/next', '', '');
      if (isFirst) while (waiting.length > 0 && !connection.isOpen) onData(connection.read());
      isFirst = false;
      const { head, body } = await coming;
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

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
