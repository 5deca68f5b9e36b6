import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { CallFailure } from './call-failure.ts';
import type { WiredEdge } from './protocol.ts';
import { lastWordOf, parseTraceparent, SAMPLED } from './tracing-context.ts';
import type { SpanType, TracingFrame } from './tracing-record.ts';
import { createSpanRing } from './tracing-ring.ts';
import { Span } from './tracing-span.ts';

/** Of the traces that begin without a sampling decision, the share that is kept. Null: nothing is traced at all. */
export type SamplingRatio = number | null;

export const DEFAULT_SAMPLING_RATIO = 0.01;

/** Ended spans that a process remembers, so that it can still tell of them when their request turns out to have failed. */
const RECENT_SPANS = 2048;
const SPANS_PER_FRAME = 200;
/** Requests of which a process finds out by itself, in one frame, that they failed; the host asks for the others' spans. */
const NEW_FAILURES_PER_FRAME = 20;
/** How long spans of a trace that somebody wants are looked for: some end long after their caller gave up. */
const WANTED_MS = 10_000;
const MOST_WANTED = 500;
/** Every so many steps of tracing, one is timed. */
const TIMED_EVERY = 64;

export interface Tracer {
  configure(ratio: SamplingRatio): void;
  /** A request that begins here. `startMs` may lie in the past. `always`: it is sampled, whatever the share. */
  request(options: {
    method: string;
    target: string;
    route: string;
    startMs: number;
    always?: boolean;
  }): Span | undefined;
  /** An attempt of a request that began here, on a connection to this port. */
  attempt(request: Span | undefined, edge: WiredEdge, port: number): Span | undefined;
  /** A request that came in: its span continues the caller's trace, or begins one where the caller told of none. */
  server(incoming: { headers: IncomingHttpHeaders; method?: string; url?: string }): Span | undefined;
  /** A message that came along an edge: its span continues the publisher's trace, or begins one. */
  message(
    from: { traceparent?: string; tracestate?: string },
    edge: WiredEdge,
    message: { system: string; destination: string; id: string; attempt: number },
  ): Span | undefined;
  /** A call along an edge, as part of another span; of nothing, when that is not traced. */
  child(parent: Span | undefined, type: SpanType, edge: WiredEdge, method: string, target: string): Span | undefined;
  /** A part of the work of another span, in this process; it may have begun in the past. */
  part(parent: Span | undefined, type: SpanType, startMs?: number): Span | undefined;
  /** Must be called once for each span, when all that is to be told of it is known. */
  end(span: Span | undefined): void;
  /** Ends the span of an attempt along an edge. */
  endCall(span: Span | undefined, failure: CallFailure | null, status?: number): void;
  /** Runs the work of a span and ends the span with it. */
  during<Result>(span: Span | undefined, work: () => Promise<Result>): Promise<Result>;
  /** Ends the span of a request that came in, when its answer is closed: sent to its end, or broken off by the caller. */
  endServer(
    span: Span | undefined,
    answer: Pick<ServerResponse, 'statusCode' | 'headersSent' | 'writableFinished'>,
  ): void;
  /** Somebody else saw these traces fail: what is remembered of them goes with the next frames, and what is still to end. */
  recall(traceIds: readonly string[]): void;
  takeFrame(): TracingFrame | undefined;
}

/**
 * The spans of one process. What is sampled is told with the next frame. Of all other requests the newest spans are
 * kept in a ring, and told only if the request fails, here or anywhere else: so each failure leaves a trace, and a
 * success costs no more than the making of its spans.
 */
export function createTracer(now: () => number = () => performance.now()): Tracer {
  let ratio: SamplingRatio = DEFAULT_SAMPLING_RATIO;
  const recent = createSpanRing(RECENT_SPANS);
  /** By the last word of the trace id. That two wanted traces share it is as unlikely as it is harmless: one is not told. */
  const wanted = new Map<number, { traceId: string; untilMs: number }>();
  /** Numbers of sampled spans that are still to be told. */
  let sampled: number[] = [];
  let newFailures = 0;
  let ended = 0;
  let dropped = 0;
  let costMs = 0;
  let steps = 0;
  let timingFromMs = 0;

  const beginStep = (): void => {
    steps += 1;
    if (steps % TIMED_EVERY === 0) timingFromMs = performance.now();
  };
  const endStep = (): void => {
    if (timingFromMs === 0) return;
    costMs += TIMED_EVERY * (performance.now() - timingFromMs);
    timingFromMs = 0;
  };

  const child = (parent: Span, type: SpanType, edge: WiredEdge, method: string, target: string): Span => {
    beginStep();
    const span = new Span(type, parent, 0);
    span.edge = edge;
    span.method = method;
    span.target = target;
    endStep();
    return span;
  };

  const want = (traceId: string): void => {
    if (wanted.size >= MOST_WANTED) wanted.delete(wanted.keys().next().value as number);
    wanted.set(lastWordOf(traceId), { traceId, untilMs: now() + WANTED_MS });
  };

  const isWanted = (number: number): boolean => {
    const found = wanted.get(recent.lastWordOf(number));
    return found !== undefined && found.traceId === recent.traceIdOf(number);
  };

  /** Wanted spans that were not told yet, the oldest first. */
  const wantedSpans = (): number[] => {
    const found: number[] = [];
    for (const [word, { untilMs }] of wanted) if (untilMs <= now()) wanted.delete(word);
    if (wanted.size === 0) return found;
    const { from, to } = recent.range();
    for (let number = from; number < to && found.length < SPANS_PER_FRAME; number += 1)
      if (!recent.isTold(number) && isWanted(number)) found.push(number);
    return found;
  };

  const end: Tracer['end'] = (span) => {
    if (!span) return;
    beginStep();
    span.endMs = performance.now();
    ended += 1;
    const number = recent.keep(span);
    if (span.flags & SAMPLED) {
      if (sampled.length < 2 * SPANS_PER_FRAME) sampled.push(number);
      else dropped += 1;
    }
    if (span.failed && !isWanted(number)) {
      newFailures += 1;
      if (newFailures <= NEW_FAILURES_PER_FRAME) want(recent.traceIdOf(number));
      else dropped += 1;
    }
    endStep();
  };

  const endCall: Tracer['endCall'] = (span, failure, status = 0) => {
    if (!span) return;
    span.status = status;
    if (failure) span.fail(failure.reason, failure.hop);
    end(span);
  };

  return {
    configure(changed) {
      ratio = changed;
    },
    request({ method, target, route, startMs, always = false }) {
      if (ratio === null) return undefined;
      beginStep();
      const span = new Span('request', null, always ? 1 : ratio, startMs);
      span.method = method;
      span.target = target;
      span.route = route;
      endStep();
      return span;
    },
    attempt(request, edge, port) {
      if (!request) return undefined;
      const span = child(request, 'call', edge, request.method, request.target);
      span.port = port;
      span.resend = request.attempts;
      request.attempts += 1;
      return span;
    },
    server({ headers, method = 'GET', url = '/' }) {
      if (ratio === null) return undefined;
      beginStep();
      const caller = parseTraceparent(headers.traceparent as string | undefined);
      const { tracestate } = headers;
      // A tracestate without a sound traceparent means nothing, and is not passed on.
      const span = new Span(
        'server',
        caller && tracestate !== undefined ? { ...caller, tracestate: tracestate as string } : caller,
        ratio,
      );
      span.method = method;
      span.target = url;
      endStep();
      return span;
    },
    message({ traceparent, tracestate }, edge, { system, destination, id, attempt }) {
      if (ratio === null) return undefined;
      beginStep();
      const publisher = parseTraceparent(traceparent);
      const span = new Span(
        'consume',
        publisher && tracestate !== undefined ? { ...publisher, tracestate } : publisher,
        ratio,
      );
      span.edge = edge;
      span.method = system;
      span.target = destination;
      span.route = id;
      span.attempts = attempt;
      endStep();
      return span;
    },
    child: (parent, type, edge, method, target) => parent && child(parent, type, edge, method, target),
    part(parent, type, startMs) {
      if (!parent) return undefined;
      beginStep();
      const span = new Span(type, parent, 0, startMs);
      endStep();
      return span;
    },
    end,
    endCall,
    async during(span, work) {
      try {
        const result = await work();
        end(span);
        return result;
      } catch (error) {
        if (error instanceof CallFailure) span?.fail(error.reason, error.hop);
        else span?.fail('handler-error');
        end(span);
        throw error;
      }
    },
    endServer(span, answer) {
      if (!span) return;
      if (answer.headersSent) span.status = answer.statusCode;
      if (!answer.writableFinished && span.reason === undefined) span.fail('cancelled');
      end(span);
    },
    recall(traceIds) {
      for (const traceId of traceIds) want(traceId);
    },
    takeFrame() {
      if (ratio === null && ended === 0) return undefined;
      const fromMs = performance.now();
      newFailures = 0;
      const numbers = wantedSpans();
      for (const number of numbers) recent.tell(number);
      const remembered = sampled.filter((number) => recent.isThere(number));
      dropped += sampled.length - remembered.length;
      const waiting = remembered.filter((number) => !recent.isTold(number));
      const room = SPANS_PER_FRAME - numbers.length;
      for (const number of waiting.slice(0, room)) recent.tell(number);
      sampled = waiting.slice(room);
      const spans = [...numbers, ...waiting.slice(0, room)].map(recent.read);
      costMs += performance.now() - fromMs;
      return { spans, ended, dropped, costUs: Math.round(costMs * 1000) };
    },
  };
}

/** The tracer of this process. */
export const tracer = createTracer();
