import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type FunctionError, header, type Invocation, MAX_PAYLOAD_BYTES, RUNTIME_PATH } from './protocol.ts';

/** What an environment has used so far; null where its runtime does not tell. */
export interface EnvironmentUsage {
  cpuUs: number | null;
  residentBytes: number | null;
}

/** What an environment says. */
export interface RuntimeEvents {
  /** It is ready for an invocation. The first time, its INIT is over. */
  onNext(usage: EnvironmentUsage): void;
  /** `body` is what the handler returned, as JSON. */
  onResponse(requestId: string, body: Buffer, usage: EnvironmentUsage): void;
  onError(requestId: string, error: FunctionError, usage: EnvironmentUsage): void;
  onInitError(error: FunctionError): void;
}

/** The platform's side of the Runtime API, for one environment: whoever asks at its port is that environment. */
export interface RuntimeApi {
  /** Resolves with `host:port`, the value of AWS_LAMBDA_RUNTIME_API. */
  listen(): Promise<string>;
  /** Serves a connection that did not come through the port. */
  adopt(connection: Duplex): void;
  /** Hands an invocation over to an environment that waits for one. */
  deliver(invocation: Invocation): void;
  close(): void;
}

export function createRuntimeApi(events: RuntimeEvents): RuntimeApi {
  let waiting: ServerResponse | null = null;
  /** What the environment works on. */
  let current: string | null = null;
  /** Bodies that are being read: with pipelining, a request for the next invocation overtakes the answer before it. */
  let reading = 0;
  let announced: EnvironmentUsage | null = null;

  const announce = (): void => {
    if (reading > 0 || !announced) return;
    const usage = announced;
    announced = null;
    events.onNext(usage);
  };

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = incoming.url ?? '';
    if (!path.startsWith(RUNTIME_PATH)) return say(response, 404, problem('NotFound', `no ${path}`));
    const [, what, id, which] = path.slice(RUNTIME_PATH.length).split('/');
    if (incoming.method === 'GET' && what === 'invocation' && id === 'next') {
      waiting = response;
      announced = usageOf(incoming);
      announce();
      return;
    }
    if (incoming.method !== 'POST') return say(response, 405, problem('MethodNotAllowed', incoming.method ?? ''));
    reading += 1;
    const body = await read(incoming);
    reading -= 1;
    if (what === 'init' && id === 'error') {
      events.onInitError(errorOf(incoming, body));
      say(response, 202, ACCEPTED);
    } else if (what !== 'invocation' || id !== current || id === undefined)
      say(response, 400, problem('InvalidRequestID', 'Invalid request ID'));
    else {
      current = null;
      const usage = usageOf(incoming);
      if (body === null) {
        const message = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
        events.onError(id, { errorType: 'Function.ResponseSizeTooLarge', errorMessage: message }, usage);
        say(response, 413, problem('RequestEntityTooLarge', message));
      } else {
        if (which === 'response') events.onResponse(id, body, usage);
        else events.onError(id, errorOf(incoming, body), usage);
        say(response, 202, ACCEPTED);
      }
    }
    announce();
  };

  const server = createServer((incoming, response) => {
    response.on('error', () => {});
    // What breaks off in its middle is the end of the environment, which its exit tells.
    answer(incoming, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.on('error', reject);
        server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
      }),
    adopt: (connection) => void server.emit('connection', connection),
    deliver({ requestId, deadlineMs, functionArn, traceId, event }) {
      const response = waiting;
      waiting = null;
      current = requestId;
      response?.writeHead(200, {
        'content-type': 'application/json',
        'content-length': event.length,
        [header.requestId]: requestId,
        [header.deadlineMs]: deadlineMs,
        [header.functionArn]: functionArn,
        ...(traceId && { [header.traceId]: traceId }),
      });
      response?.end(event);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const ACCEPTED = Buffer.from('{"status":"OK"}');

const problem = (errorType: string, errorMessage: string): Buffer =>
  Buffer.from(JSON.stringify({ errorType, errorMessage }));

function say(response: ServerResponse, status: number, body: Buffer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/** Null: it is larger than a payload may be. */
function read(incoming: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    incoming.on('end', () => resolve(bytes > MAX_PAYLOAD_BYTES ? null : Buffer.concat(chunks)));
    incoming.on('error', reject);
  });
}

function errorOf(incoming: IncomingMessage, body: Buffer | null): FunctionError {
  const said = String(incoming.headers[header.errorType] ?? 'Error');
  try {
    const { errorType = said, errorMessage = '', trace, stackTrace } = JSON.parse((body ?? '').toString());
    const lines = trace ?? stackTrace;
    return {
      errorType: String(errorType),
      errorMessage: String(errorMessage),
      ...(Array.isArray(lines) && { trace: lines.map(String) }),
    };
  } catch {
    return { errorType: said, errorMessage: '' };
  }
}

const usageOf = ({ headers }: IncomingMessage): EnvironmentUsage => ({
  cpuUs: numberIn(headers[header.cpuUs]),
  residentBytes: numberIn(headers[header.residentBytes]),
});

const numberIn = (text: string | string[] | undefined): number | null =>
  typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : null;
