import type { TraceFilter, TraceSpan, TraceSummary } from '../api/types.ts';
import { SAMPLED } from '../process-kit/tracing-context.ts';
import type { SpanRecord } from '../process-kit/tracing-record.ts';
import { saySpan } from './semantics.ts';

/** The process that a span comes from. */
export interface SpanSource {
  nodeId: string;
  replica: number;
  pid: number;
}

export interface TraceStore {
  /** Takes spans of a process. Those that were kept. */
  add(source: SpanSource, records: readonly SpanRecord[]): TraceSpan[];
  /** Failed traces of which other processes may know more; each is named once. */
  takeIncomplete(): string[];
  list(filter: TraceFilter): TraceSummary[];
  names(): string[];
  /** All spans of a trace in the order of their start, or null when it is not kept. */
  get(traceId: string): TraceSpan[] | null;
  /** The traces that began in this time, failures first, each as its spans. */
  between(range: { fromMs: number; toMs: number }): TraceSpan[][];
  dropped(): number;
}

export interface TraceStoreLimits {
  /** Of failures, and as many again of others: a flood of successes pushes out no failure. */
  traces: number;
  spansPerTrace: number;
  /** Failed traces that are taken up in a second. More say nothing new, and would be kept in pieces. */
  failuresPerSec: number;
}

const LIMITS: TraceStoreLimits = { traces: 500, spansPerTrace: 200, failuresPerSec: 100 };
const DEFAULT_LISTED = 200;

interface Trace {
  traceId: string;
  spans: TraceSpan[];
  errors: number;
}

/** The traces that are kept: the newest ones, and the newest failures. */
export function createTraceStore(options: {
  /** From the monotonic clock of the machine to epoch milliseconds. */
  epochMs(sharedMs: number): number;
  now(): number;
  limits?: Partial<TraceStoreLimits>;
}): TraceStore {
  const limits = { ...LIMITS, ...options.limits };
  const good = new Map<string, Trace>();
  const failed = new Map<string, Trace>();
  let incomplete: string[] = [];
  let dropped = 0;
  let second = { startMs: Number.NEGATIVE_INFINITY, failures: 0 };

  const find = (traceId: string): Trace | undefined => failed.get(traceId) ?? good.get(traceId);

  const bound = (traces: Map<string, Trace>): void => {
    if (traces.size > limits.traces) traces.delete(traces.keys().next().value as string);
  };

  const mayTakeUpFailure = (): boolean => {
    const nowMs = options.now();
    if (nowMs - second.startMs >= 1000) second = { startMs: nowMs, failures: 0 };
    second.failures += 1;
    return second.failures <= limits.failuresPerSec;
  };

  /** A new trace begins with a sample or a failure. Anything else belongs to one that was let go of. */
  const begin = (record: SpanRecord, isError: boolean): Trace | undefined => {
    const isSample = (record.flags & SAMPLED) !== 0;
    if (!isSample && !(isError && mayTakeUpFailure())) return undefined;
    const trace: Trace = { traceId: record.traceId, spans: [], errors: 0 };
    good.set(record.traceId, trace);
    bound(good);
    if (!isSample) incomplete.push(record.traceId);
    return trace;
  };

  const moveToFailed = (trace: Trace): void => {
    if (!good.delete(trace.traceId)) return;
    failed.set(trace.traceId, trace);
    bound(failed);
  };

  const all = (): Trace[] => [...failed.values(), ...good.values()];

  return {
    add(source, records) {
      const kept: TraceSpan[] = [];
      // An error says that the spans that ended before it are wanted, too.
      const told = records.map((record) => ({ record, said: saySpan(record) }));
      told.sort((a, b) => Number(b.said.error !== null) - Number(a.said.error !== null));
      for (const { record, said } of told) {
        const trace = find(record.traceId) ?? begin(record, said.error !== null);
        if (!trace || trace.spans.length >= limits.spansPerTrace) {
          dropped += 1;
          continue;
        }
        const span: TraceSpan = {
          traceId: record.traceId,
          spanId: record.spanId,
          parentSpanId: record.parentId,
          ...source,
          ...said,
          startedAtMs: options.epochMs(record.startMs),
          durationMs: record.durationMs,
          flags: record.flags,
          remoteParent: (record.type === 'server' || record.type === 'consume') && record.parentId !== null,
        };
        trace.spans.push(span);
        kept.push(span);
        if (said.error !== null) {
          trace.errors += 1;
          moveToFailed(trace);
        }
      }
      return kept;
    },
    takeIncomplete() {
      const taken = incomplete;
      incomplete = [];
      return taken;
    },
    list({ failed: onlyFailed = false, name, reason, hop, minDurationMs = 0, limit = DEFAULT_LISTED }) {
      return (onlyFailed ? [...failed.values()] : all())
        .map(summaryOf)
        .filter(
          (trace) =>
            (name === undefined || trace.name === name) &&
            (reason === undefined || trace.reason === reason) &&
            (hop === undefined || trace.hop === hop) &&
            trace.durationMs >= minDurationMs,
        )
        .sort((a, b) => b.startedAtMs - a.startedAtMs)
        .slice(0, limit);
    },
    names: () => [...new Set(all().map((trace) => rootOf(trace).name))].sort(),
    get: (traceId) => {
      const trace = find(traceId);
      return trace ? inOrder(trace.spans) : null;
    },
    between: ({ fromMs, toMs }) =>
      all()
        .filter((trace) => {
          const { startedAtMs } = rootOf(trace);
          return startedAtMs >= fromMs && startedAtMs <= toMs;
        })
        .map(({ spans }) => inOrder(spans)),
    dropped: () => dropped,
  };
}

const inOrder = (spans: readonly TraceSpan[]): TraceSpan[] => [...spans].sort((a, b) => a.startedAtMs - b.startedAtMs);

/** The span that began the trace; where it is missing, the first that is there. */
const rootOf = ({ spans }: Trace): TraceSpan =>
  spans.find(({ parentSpanId }) => parentSpanId === null) ??
  spans.reduce((first, span) => (span.startedAtMs < first.startedAtMs ? span : first));

function summaryOf(trace: Trace): TraceSummary {
  const root = rootOf(trace);
  const endMs = Math.max(...trace.spans.map(({ startedAtMs, durationMs }) => startedAtMs + durationMs));
  // The failure as the first span saw it; else the last one that went wrong on the way.
  const failure = root.error !== null ? root : trace.spans.findLast(({ error }) => error !== null);
  return {
    traceId: trace.traceId,
    name: root.name,
    nodeId: root.nodeId,
    startedAtMs: root.startedAtMs,
    // What goes on below after the caller gave up is no part of how long it waited.
    durationMs: root.parentSpanId === null ? root.durationMs : endMs - root.startedAtMs,
    spans: trace.spans.length,
    failed: root.error !== null,
    errors: trace.errors,
    reason: failure?.error ?? null,
    hop: (failure?.attributes['archipel.failure.hop'] as string | undefined) ?? null,
    complete: root.parentSpanId === null,
  };
}
