import type { TraceFilter, TraceList, TraceSpan, TracingSettings, TracingStatus } from '../api/types.ts';
import { ArchipelError } from '../model/error.ts';
import { DEFAULT_SAMPLING_RATIO } from '../process-kit/tracing.ts';
import type { TracingFrame } from '../process-kit/tracing-record.ts';
import { createOtlpExporter, type OtlpExporter } from './otlp-exporter.ts';
import { createSharedClock } from './shared-clock.ts';
import { createTraceStore, type SpanSource } from './store.ts';

/** How long failures are gathered before the other processes are asked for their spans. */
const RECALL_MS = 200;
/** Within this, every process has sent a frame. */
const FRAMES_MS = 300;
/** Last spans still get this long to reach their receiver. */
const OTLP_CLOSE_MS = 2000;

/** The traces of one engine: kept, completed where they failed, and sent on. */
export interface Traces {
  settings(): TracingSettings;
  /** Throws `address-invalid` when the URL is none that spans can be sent to. */
  configure(settings: TracingSettings): Promise<void>;
  /** What a process told of its tracing. */
  take(source: SpanSource, frame: TracingFrame): void;
  list(filter: TraceFilter): TraceList;
  get(traceId: string): TraceSpan[];
  between(range: { fromMs: number; toMs: number }): TraceSpan[][];
  status(): TracingStatus;
  /** Sends on what still waits, for at most two seconds. */
  flush(): Promise<TracingStatus>;
  /** Sums over all processes that the engine ever had. */
  totals(): TracingTotals;
  close(): Promise<void>;
}

export interface TracingTotals {
  spans: number;
  dropped: number;
  /** As the processes estimate it. */
  costUs: number;
}

export function createTraces(options: {
  archipelVersion: string;
  /** Tells all processes of the share that is sampled, and of failed traces whose spans are wanted. */
  tellProcesses(message: { type: 'trace'; ratio: number | null } | { type: 'recall'; traceIds: string[] }): void;
  /** Something that the user should hear of once. */
  onProblem(message: string): void;
}): Traces {
  const store = createTraceStore({ epochMs: createSharedClock(), now: () => performance.now() });
  let settings: TracingSettings = { ratio: DEFAULT_SAMPLING_RATIO, otlpUrl: null };
  let exporter: OtlpExporter | null = null;
  let recallTimer: NodeJS.Timeout | undefined;
  let kept = 0;
  /** The newest sums of each process, by pid; a process whose sums fell is another one with the same pid. */
  const newest = new Map<number, TracingTotals>();
  const past: TracingTotals = { spans: 0, dropped: 0, costUs: 0 };

  const add = (sum: TracingTotals, { spans, dropped, costUs }: TracingTotals): void => {
    sum.spans += spans;
    sum.dropped += dropped;
    sum.costUs += costUs;
  };

  const totals = (): TracingTotals => {
    const sum = { ...past };
    for (const ofProcess of newest.values()) add(sum, ofProcess);
    return sum;
  };

  const recall = (): void => {
    recallTimer = undefined;
    const traceIds = store.takeIncomplete();
    if (traceIds.length > 0) options.tellProcesses({ type: 'recall', traceIds });
  };

  const status = (): TracingStatus => ({
    settings,
    spans: kept,
    droppedSpans: store.dropped() + totals().dropped,
    otlp: exporter?.status() ?? null,
  });

  return {
    settings: () => settings,
    async configure(changed) {
      if (changed.otlpUrl !== null) checkUrl(changed.otlpUrl);
      const before = settings;
      settings = changed;
      if (changed.ratio !== before.ratio) options.tellProcesses({ type: 'trace', ratio: changed.ratio });
      if (changed.otlpUrl === before.otlpUrl) return;
      const old = exporter;
      exporter =
        changed.otlpUrl === null
          ? null
          : createOtlpExporter({
              url: changed.otlpUrl,
              archipelVersion: options.archipelVersion,
              onProblem: options.onProblem,
            });
      await old?.close(OTLP_CLOSE_MS);
    },
    take(source, { spans, ended, dropped, costUs }) {
      const before = newest.get(source.pid);
      if (before && before.spans > ended) add(past, before);
      newest.set(source.pid, { spans: ended, dropped, costUs });
      if (spans.length === 0) return;
      const taken = store.add(source, spans);
      kept += taken.length;
      exporter?.push(taken);
      recallTimer ??= setTimeout(recall, RECALL_MS);
    },
    list: (filter) => ({ traces: store.list(filter), names: store.names(), status: status() }),
    get(traceId) {
      const spans = store.get(traceId);
      if (spans) return spans;
      throw new ArchipelError(
        'not-found',
        `The trace ${traceId} is not kept.`,
        'Only the newest traces and the newest failures are: take one of the list.',
      );
    },
    between: store.between,
    async flush() {
      if (!exporter) return status();
      // Until the processes have told what they still have: failures are asked for, and answered with a frame.
      await new Promise((resolve) => setTimeout(resolve, RECALL_MS + FRAMES_MS));
      await exporter.flush(OTLP_CLOSE_MS);
      return status();
    },
    status,
    totals,
    async close() {
      clearTimeout(recallTimer);
      await exporter?.close(OTLP_CLOSE_MS);
    },
  };
}

function checkUrl(text: string): void {
  const wrong = (why: string): ArchipelError =>
    new ArchipelError(
      'address-invalid',
      `Spans cannot be sent to "${text}": ${why}.`,
      'Give the address of an OTLP/HTTP receiver, such as http://127.0.0.1:4318.',
    );
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong('it is no URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrong('only http and https are spoken');
  if (url.username || url.password) throw wrong('a user name or password in it would show in logs');
}
