import type { OutgoingHttpHeaders } from 'node:http';
import type { Writable } from 'node:stream';
import type { HttpAgent } from '../wire/http/agent.ts';
import type { AnswerStream } from '../wire/http/answer.ts';
import { CallFailure, failureOfResponse, reasonOfSystemError } from './call-failure.ts';
import { remainingMs, TIMEOUT_HEADER } from './deadline.ts';
import type { WiredEdge } from './protocol.ts';
import { tracer } from './tracing.ts';
import type { Span } from './tracing-span.ts';

export interface HttpRequest {
  method: string;
  path: string;
  headers?: OutgoingHttpHeaders;
  /** When nobody waits for the answer any more, on the clock of `performance.now()`. */
  deadlineMs?: number;
  /** Of the work that the request is for: each attempt becomes a child of it, and the trace goes on at the callee. */
  parent?: Span | undefined;
  body?: string | Buffer;
  /** Sends a body that is there only once, and must end the request. Such a request is never sent again. */
  write?: (outgoing: Writable) => void;
  /** Set when it is sent: gives it up, because nobody waits for the answer any more. */
  giveUp?: () => void;
}

/** How one attempt ended at the replica that it was sent to. */
export interface AttemptOutcome {
  /** Null when no answer came. */
  status: number | null;
  /** Null for a success. `cancelled` when the caller gave it up by itself, which says nothing about the replica. */
  failure: CallFailure | null;
  /** Until the end of the answer. */
  durationMs: number;
}

/**
 * Sends a request once. `onHead` hears of the response's head, if there is one; `onEnd` of the end, once. The edge's
 * timeout covers the body, too: a late response is destroyed. Returns what breaks the attempt off.
 */
export function attemptHttp(
  { edge, port, agent, wanted, number }: HttpAttempt,
  onHead: (response: AnswerStream) => void,
  onEnd: (outcome: AttemptOutcome) => void,
): () => void {
  const { id, config, targetId } = edge;
  const { method, path, write, deadlineMs = Number.POSITIVE_INFINITY } = wanted;
  const startedMs = performance.now();
  const span = tracer.child(wanted.parent, 'call', edge, method, path);
  if (span) {
    span.port = port;
    span.resend = number - 1;
  }
  let { headers } = wanted;
  if (!config.keepAlive) headers = { ...headers, connection: 'close' };
  if (config.propagateDeadline) headers = { ...headers, [TIMEOUT_HEADER]: remainingMs(config.timeoutMs, deadlineMs) };
  if (span) headers = span.inject({ ...headers });
  let brokenOff: 'timeout' | 'cancelled' | null = null;
  let answer: AnswerStream | undefined;
  let failure: CallFailure | null = null;

  const breakOff = (reason: 'timeout' | 'cancelled', message: string): void => {
    brokenOff ??= reason;
    breakOffCall(new Error(message));
  };
  let timer: NodeJS.Timeout | undefined;
  /** The connection's end is told before the error of the response that it cuts off; a reader who wants no more makes none. */
  const incomplete = (cause: Error | null): CallFailure =>
    new CallFailure(brokenOff ?? (cause ? 'reset' : 'cancelled'), id, cause?.message ?? 'nobody waited for the answer');
  const fail = (error: NodeJS.ErrnoException): void => {
    failure ??= new CallFailure(brokenOff ?? reasonOfSystemError(error), id, error.message);
  };

  const breakOffCall = agent.send({
    ...{ method, path, headers, body: wanted.body, write },
    onAnswer(response) {
      answer = response;
      onHead(response);
    },
    onError: fail,
    onClose() {
      clearTimeout(timer);
      if (!failure && answer) failure = failureOfResponse(answer, targetId);
      if (!failure && !answer?.complete) failure = incomplete(answer?.errored ?? null);
      tracer.endCall(span, failure, answer?.statusCode);
      onEnd({ status: answer?.statusCode ?? null, failure, durationMs: performance.now() - startedMs });
    },
  });
  timer = setTimeout(() => breakOff('timeout', `no complete answer within ${config.timeoutMs} ms`), config.timeoutMs);
  return () => breakOff('cancelled', 'nobody waits for the answer any more');
}

interface HttpAttempt {
  edge: WiredEdge;
  port: number;
  agent: HttpAgent;
  wanted: HttpRequest;
  /** 1 for the first attempt of a request. */
  number: number;
}
