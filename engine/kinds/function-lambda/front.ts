import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { CallFailure, failureResponse } from '../../process-kit/call-failure.ts';
import type { Span } from '../../process-kit/tracing-span.ts';
import { trueNowMs } from '../../process-kit/true-clock.ts';
import { MAX_PAYLOAD_BYTES } from '../../wire/lambda/protocol.ts';
import { type UrlAnswer, urlAnswer, urlEvent } from '../../wire/lambda/url-event.ts';
import { functionArn } from '../../wire/lambda/variables.ts';
import type { LambdaConfig } from './config.ts';
import type { EventQueue } from './events.ts';
import type { Asked, InvocationResult, Invoker, Limit } from './invoker.ts';
import type { Meter } from './meter.ts';

/** The Invoke API, for whoever brings an AWS SDK; every other path is the function's URL. */
const INVOKE_PATH = /^\/2015-03-31\/functions\/[^/]+\/invocations$/;
/** Of an event that nobody waits for. */
const MAX_EVENT_BYTES = 1024 * 1024;

export interface Front {
  /** Answers a request in the end, whatever becomes of it. */
  handle(incoming: IncomingMessage, response: ServerResponse, span: Span | undefined): void;
  configure(config: LambdaConfig): void;
}

interface Ends {
  invoker: Invoker;
  events: EventQueue;
  meter: Meter;
}

/** Where requests come in: the URL of a function, and the Invoke API. */
export function createFront(nodeId: string, initial: LambdaConfig, { invoker, events, meter }: Ends): Front {
  let { invocation } = initial;
  const arn = functionArn(nodeId);

  const askedByUrl = (incoming: IncomingMessage, body: Buffer, span: Span | undefined): Asked => ({
    functionArn: arn,
    span,
    accepts: (answer) => urlAnswer(answer) !== null,
    event: (requestId, invoking) =>
      urlEvent({
        method: incoming.method ?? 'GET',
        url: incoming.url ?? '/',
        // A handler that hands these on continues the trace.
        headers: invoking ? (invoking.inject({ ...incoming.headers }) as IncomingMessage['headers']) : incoming.headers,
        body,
        requestId,
        atMs: trueNowMs(),
        sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
        functionName: nodeId,
      }),
  });

  const byUrl = async (incoming: IncomingMessage, span: Span | undefined, arrivedMs: number): Promise<Said> => {
    const isEvent = invocation === 'event';
    const body = await read(incoming, isEvent ? MAX_EVENT_BYTES : MAX_PAYLOAD_BYTES);
    if (body === null) return refused(413, '{"message":"Request Entity Too Large"}');
    const asked = askedByUrl(incoming, body, span);
    if (isEvent) {
      events.accept(asked);
      return { status: 202, headers: {}, body: NOTHING };
    }
    const result = await invoker.invoke(asked);
    if (result.type !== 'throttled') meter.time(result.isCold ? 'cold' : 'warm', performance.now() - arrivedMs);
    if (result.type === 'response') {
      const answer = urlAnswer(result.body) as UrlAnswer;
      return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': result.requestId } };
    }
    if (result.type === 'throttled')
      return failed(new CallFailure('throttled', nodeId, result.limit), THROTTLED[result.limit], result.requestId);
    return failed(failureOf(result), result.failure === 'timeout' ? TIMED_OUT : INTERNAL, result.requestId);
  };

  const failureOf = ({ failure, error }: Extract<InvocationResult, { type: 'failed' }>): CallFailure => {
    const message = `${error.errorType}: ${error.errorMessage}`;
    if (failure === 'timeout') return new CallFailure('timeout', nodeId, message);
    return new CallFailure(failure === 'crash' ? 'crash' : 'handler-error', nodeId, message, { status: 502 });
  };

  const byApi = async (incoming: IncomingMessage, span: Span | undefined): Promise<Said> => {
    const type = String(incoming.headers['x-amz-invocation-type'] ?? 'RequestResponse');
    const body = await read(incoming, type === 'Event' ? MAX_EVENT_BYTES : MAX_PAYLOAD_BYTES);
    if (body === null) return refused(413, '{"message":"Request Entity Too Large"}');
    if (!isJson(body))
      return refused(
        400,
        '{"Type":"User","message":"Could not parse request body into json: Unexpected end-of-input"}',
      );
    if (type === 'DryRun') return { status: 204, headers: {}, body: NOTHING };
    const event = body.length === 0 ? Buffer.from('{}') : body;
    const asked: Asked = { event: () => event, functionArn: arn, span };
    if (type === 'Event') {
      events.accept(asked);
      return { status: 202, headers: {}, body: NOTHING };
    }
    const result = await invoker.invoke(asked);
    if (result.type === 'throttled')
      return failed(new CallFailure('throttled', nodeId, result.limit), THROTTLED[result.limit], result.requestId);
    const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
    if (result.type === 'response') return { status: 200, headers, body: result.body };
    // The API answers that it has run the function; that it failed stands in a header.
    const { reason, hop } = failureOf(result);
    span?.fail(reason, hop);
    return {
      status: 200,
      headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
      body: Buffer.from(JSON.stringify(result.error)),
    };
  };

  return {
    configure(changed) {
      invocation = changed.invocation;
    },
    handle(incoming, response, span) {
      const arrivedMs = performance.now();
      response.on('error', () => {});
      const isApi = incoming.method === 'POST' && INVOKE_PATH.test(incoming.url ?? '');
      (isApi ? byApi(incoming, span) : byUrl(incoming, span, arrivedMs)).then(
        (said) => {
          if (said.failure) span?.fail(said.failure.reason, said.failure.hop);
          send(response, said);
        },
        // The caller broke off in the middle of its body.
        () => response.destroy(),
      );
    },
  };
}

type Said = UrlAnswer & { failure?: CallFailure };

const NOTHING = Buffer.alloc(0);
const INTERNAL = '{"Message":"Internal Server Error"}';
const TIMED_OUT = '{"Message":"Endpoint request timed out"}';
const THROTTLED: Record<Limit, string> = {
  account: '{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
  'reserved-concurrency':
    '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
  'burst-limit': '{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
};

const refused = (status: number, body: string): Said => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(body),
});

/** As Lambda answers, with what says here where a failure began. */
function failed(failure: CallFailure, body: string, requestId: string): Said {
  const { status, headers } = failureResponse(failure);
  const error: Record<string, string> =
    failure.reason === 'throttled' ? { 'x-amzn-errortype': 'TooManyRequestsException' } : {};
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...error, ...headers },
    body: Buffer.from(body),
    failure,
  };
}

function send(response: ServerResponse, { status, headers, body }: Said): void {
  const isEmpty = status === 204 || status === 304;
  response.writeHead(status, isEmpty ? headers : { ...headers, 'content-length': body.length });
  response.end(isEmpty || response.req.method === 'HEAD' ? undefined : body);
}

/** Null: it is larger than that. Rejects when it breaks off. */
function read(incoming: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  if (incoming.headers['content-length'] === undefined && incoming.headers['transfer-encoding'] === undefined) {
    incoming.resume();
    return Promise.resolve(NOTHING);
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    });
    incoming.on('end', () => resolve(bytes > maxBytes ? null : Buffer.concat(chunks)));
    incoming.on('error', reject);
  });
}

function isJson(body: Buffer): boolean {
  if (body.length === 0) return true;
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
