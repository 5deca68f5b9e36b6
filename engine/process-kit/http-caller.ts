import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Fallback } from '../model/policies.ts';
import { HttpAgent } from '../wire/http/agent.ts';
import type { AnswerStream } from '../wire/http/answer.ts';
import { CallFailure, failureOfResponse } from './call-failure.ts';
import { type AttemptOutcome, attemptHttp, type HttpRequest } from './http-attempt.ts';
import { failedLookup } from './lookup.ts';
import type { PolicedCall } from './policies/call.ts';
import { createPolicies } from './policies/policies.ts';
import type { EdgeCalls, WiredEdge } from './protocol.ts';
import { createShadow } from './shadow.ts';

export type { AttemptOutcome, HttpRequest };

export interface HttpCallerOptions {
  /**
   * The port of the replica that gets an attempt, one of `ports`; undefined refuses it. Default: one after the other.
   * Each port that is chosen is told of once by `onOutcome`.
   */
  choose?(ports: readonly number[], request: HttpRequest): number | undefined;
  /** An attempt has ended: its answer was read to the end, or there will be none. */
  onOutcome?(port: number, outcome: AttemptOutcome): void;
}

/** The head of an answer, and its body as a stream. Of the target, or of the edge's fallback. */
export type HttpResponse = Readable & Pick<AnswerStream, 'statusCode' | 'headers' | 'complete'>;

/** An answer that was read to its end. */
export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Empty unless it was asked for. */
  body: string;
}

export interface HttpCaller {
  /**
   * Sends a request along the edge and resolves with the response's head, whatever its status. Policies act until then; the
   * timeout until the end of the body. Rejects with a `CallFailure`.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Sends a request, and reads the answer to its end within its attempt. Rejects with a `CallFailure`, also for an error status. */
  fetch(request: HttpRequest, options?: { keepBody?: boolean }): Promise<HttpAnswer>;
  /** What the edge's policies did. */
  measure(): Required<Pick<EdgeCalls, 'counters' | 'gauges'>> & Pick<EdgeCalls, 'sent'>;
  update(edge: WiredEdge): void;
  close(): void;
}

/** Methods that may be repeated: RFC 9110, section 9.2.2. */
const idempotentMethods = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']);

/** The calling side of an HTTP edge: connections, a choice of replica, and the edge's policies. */
export function createHttpCaller(initial: WiredEdge, options: HttpCallerOptions = {}): HttpCaller {
  const { choose = inTurn(), onOutcome } = options;
  let edge = initial;
  const policies = createPolicies(initial);
  const agents = new Map<number, HttpAgent>();

  const agentFor = (port: number): HttpAgent => {
    let agent = agents.get(port);
    if (!agent) {
      const { keepAlive, maxConnections } = edge.config;
      agent = new HttpAgent({ host: '127.0.0.1', port, keepAlive, maxConnections });
      agents.set(port, agent);
    }
    return agent;
  };
  const shadow = createShadow(agentFor);

  /** One attempt; `onEnd` comes once, and after `onHead` if there is a head. Returns what breaks it off. */
  const attempt = (
    wanted: HttpRequest,
    number: number,
    onHead: (response: AnswerStream) => void,
    onEnd: (failure: CallFailure | null) => void,
  ): (() => void) => {
    const lost = failedLookup(edge);
    if (lost) {
      onEnd(lost);
      return () => {};
    }
    const port = choose(edge.ports, wanted);
    if (port === undefined) {
      onEnd(new CallFailure('refused', edge.id, `${edge.targetId} has no replica`));
      return () => {};
    }
    if (number === 1 && edge.shadowPorts) shadow.copy(edge, wanted);
    return attemptHttp({ edge, port, agent: agentFor(port), wanted, number }, onHead, (outcome) => {
      onOutcome?.(port, outcome);
      onEnd(outcome.failure);
    });
  };

  /** Takes a request through the policies, or sends it directly where there are none. */
  const call = <Result>(
    wanted: HttpRequest,
    start: (number: number, ended: (failure: CallFailure | null, result?: Result) => void) => () => void,
    { discard, fallback }: Pick<PolicedCall<Result>, 'discard' | 'fallback'>,
  ): Promise<Result> =>
    new Promise((resolve, reject) => {
      const settle = (failure: CallFailure | null, result: Result | undefined): void => {
        if (result !== undefined) resolve(result);
        else reject(failure);
      };
      const { method, write, deadlineMs = Number.POSITIVE_INFINITY } = wanted;
      wanted.giveUp = policies.concern(deadlineMs)
        ? policies.run<Result>({
            idempotent: idempotentMethods.has(method),
            repeatable: !write,
            deadlineMs,
            start: ({ number }, ended) => start(number, ended),
            discard,
            fallback,
            settle,
          })
        : start(1, settle as (failure: CallFailure | null, result?: Result) => void);
    });

  return {
    send: (wanted) =>
      call<HttpResponse>(
        wanted,
        (number, ended) => {
          let hasHead = false;
          return attempt(
            wanted,
            number,
            (response) => {
              hasHead = true;
              ended(failureOfResponse(response, edge.targetId), response);
            },
            (failure) => hasHead || ended(failure),
          );
        },
        { discard: (response) => void response.resume(), fallback: streamOf },
      ),
    fetch: (wanted, { keepBody = false } = {}) =>
      call<HttpAnswer>(
        wanted,
        (number, ended) => {
          const answer: HttpAnswer = { status: 0, headers: {}, body: '' };
          return attempt(
            wanted,
            number,
            (response) => {
              answer.status = response.statusCode;
              answer.headers = response.headers;
              if (!keepBody) response.resume();
              else
                response.setEncoding('utf8').on('data', (text: string) => {
                  answer.body += text;
                });
            },
            (failure) => (failure ? ended(failure) : ended(null, answer)),
          );
        },
        { fallback: ({ status, body }) => ({ status, headers: {}, body }) },
      ),
    measure: policies.measure,
    update(changed) {
      const isSame =
        changed.config.maxConnections === edge.config.maxConnections &&
        changed.config.keepAlive === edge.config.keepAlive;
      for (const [port, agent] of agents)
        if (!isSame || !(changed.ports.includes(port) || changed.shadowPorts?.includes(port))) {
          agent.retire();
          agents.delete(port);
        }
      edge = changed;
      policies.update(changed);
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

/** Each replica in its turn. */
function inTurn(): NonNullable<HttpCallerOptions['choose']> {
  let next = 0;
  return (ports) => ports[next++ % ports.length];
}

const streamOf = ({ status, body }: Fallback): HttpResponse =>
  Object.assign(Readable.from(body === '' ? [] : [Buffer.from(body)]), {
    statusCode: status,
    headers: { 'content-length': String(Buffer.byteLength(body)) },
    complete: true,
  });
