import type { FailureReason } from '../metrics/failure-reason.ts';

/** What a span stands for. The host says it in OpenTelemetry's words; a process only keeps what it knows anyway. */
export const spanTypes = [
  /** A client's request from its intended start to its outcome, however many attempts it takes. */
  'request',
  /** A request that came in; its parent, if it has one, is in another process. */
  'server',
  /** One attempt of an HTTP call. */
  'call',
  'query',
  'cache',
  /** A message on its way to a broker, however many attempts that takes. */
  'publish',
  /** One attempt of a consumer at a message; its parent is the publishing. */
  'consume',
  /** Of a function's request: the wait for an environment that was started for it, and its run in one. */
  'init',
  'invoke',
] as const;

export type SpanType = (typeof spanTypes)[number];

/** A span that has ended, as its process tells of it. */
export interface SpanRecord {
  traceId: string;
  spanId: string;
  /** Null: it began the trace. */
  parentId: string | null;
  type: SpanType;
  /** On the monotonic clock of the machine, which all its processes share. */
  startMs: number;
  durationMs: number;
  flags: number;
  /** HTTP method, name of the command, or the broker's system. */
  method?: string;
  /** Path and query of the request, text of the query, or where the message goes to or comes from. */
  target?: string;
  /** As the node has it; of a message, its id. */
  route?: string;
  status?: number;
  /** Id of the edge that it went along, of the node at its end, and the link's port. */
  edge?: string;
  peer?: string;
  port?: number;
  /** 1 for the second attempt. */
  resend?: number;
  /** Of a client's request. */
  attempts?: number;
  rows?: number;
  /** Of a function's request: whether an environment was started for it. */
  coldStart?: boolean;
  /** Where it began, as far as this process knows. */
  failure?: { reason: FailureReason; hop?: string };
}

/** What a process tells about its tracing, with each frame. Sums since its start, but for the spans. */
export interface TracingFrame {
  spans: SpanRecord[];
  ended: number;
  /** Spans that should have been told, and were too many. */
  dropped: number;
  /** CPU time that tracing took in this process: estimated from every 64th step, each of them timed. */
  costUs: number;
}
