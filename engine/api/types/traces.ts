/** A piece of work within a trace, in the names of OpenTelemetry's semantic conventions. */
export interface TraceSpan {
  traceId: string;
  spanId: string;
  /** Null: it began the trace. The parent may be missing where it was not kept. */
  parentSpanId: string | null;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  nodeId: string;
  replica: number;
  pid: number;
  startedAtMs: number;
  durationMs: number;
  /** Class of the error that it ended with (`error.type`), or null. */
  error: string | null;
  attributes: Record<string, string | number | boolean>;
  /** Trace flags as in W3C Trace Context, and whether the parent is in another process. */
  flags: number;
  remoteParent: boolean;
}

export interface TraceSummary {
  traceId: string;
  /** Of its first span: what was asked for, and the node that it began in. */
  name: string;
  nodeId: string;
  startedAtMs: number;
  durationMs: number;
  spans: number;
  /** The request failed. */
  failed: boolean;
  /** Spans that ended with an error; some of them in a request that went well in the end. */
  errors: number;
  /** Why and at which edge or node it failed, or an attempt of it. */
  reason: string | null;
  hop: string | null;
  /** Its first span is here. Else the client, or whoever else began it, did not tell. */
  complete: boolean;
}

export interface TraceFilter {
  /** Only requests that failed, or of which an attempt did. */
  failed?: boolean;
  /** Name of the trace, such as "GET /orders". */
  name?: string;
  /** Why it failed, and at which edge or node. */
  reason?: string;
  hop?: string;
  minDurationMs?: number;
  limit?: number;
}

export interface TracingSettings {
  /** Share of the requests that is traced whether they fail or not, 0 to 1. Null: nothing is traced. */
  ratio: number | null;
  /** Where spans are sent besides, by OTLP/HTTP; null: nowhere. */
  otlpUrl: string | null;
}

export interface TracingStatus {
  settings: TracingSettings;
  /** Spans that were kept or sent on, and those that were too many, since the engine started. */
  spans: number;
  droppedSpans: number;
  /** Null without a URL. */
  otlp: { sent: number; waiting: number; dropped: number; problem: string | null } | null;
}

/** Traces, the newest first, and how tracing goes. */
export interface TraceList {
  traces: TraceSummary[];
  /** Names of all that are kept, for a choice. */
  names: string[];
  status: TracingStatus;
}
