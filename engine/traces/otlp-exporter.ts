import type { TraceSpan, TracingStatus } from '../api/types.ts';
import { toOtlp } from './otlp-json.ts';

/** Sends spans to an OTLP/HTTP receiver, in batches, off the path of anything that waits. */
export interface OtlpExporter {
  push(spans: readonly TraceSpan[]): void;
  status(): NonNullable<TracingStatus['otlp']>;
  /** Sends what waits, as far as it goes in the time given, with no second attempt after a failure. */
  flush(withinMs: number): Promise<void>;
  /** The same, and ends; what then still waits is dropped. */
  close(withinMs: number): Promise<void>;
}

export interface OtlpPace {
  /** How long spans wait for others to go with. */
  batchMs: number;
  batchSpans: number;
  /** Spans that may wait for a receiver that is away; more are dropped and counted. */
  queueSpans: number;
  timeoutMs: number;
  /** Between two attempts: up to this, twice as much after each failure, drawn evenly from 0 (full jitter). */
  backoffMs: number;
  maxBackoffMs: number;
}

const PACE: OtlpPace = {
  batchMs: 1000,
  batchSpans: 512,
  queueSpans: 8192,
  timeoutMs: 10_000,
  backoffMs: 1000,
  maxBackoffMs: 30_000,
};

/** Those that the protocol calls retryable (https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes). */
const RETRYABLE = [429, 502, 503, 504];

type Outcome = { type: 'sent'; rejected: number; why: string } | { type: 'refused'; why: string } | Retry;
interface Retry {
  type: 'retry';
  why: string;
  /** What the receiver asked for. */
  afterMs: number | null;
}

/** A URL without a path gets the protocol's own, `/v1/traces`. */
export const tracesUrl = (url: string): string => {
  const parsed = new URL(url);
  if (parsed.pathname === '/') parsed.pathname = '/v1/traces';
  return parsed.href;
};

export function createOtlpExporter(options: {
  url: string;
  archipelVersion: string;
  /** Told once when sending begins to fail, and again only after it went well in between. */
  onProblem(message: string): void;
  pace?: Partial<OtlpPace>;
  random?(): number;
}): OtlpExporter {
  const url = tracesUrl(options.url);
  const pace = { ...PACE, ...options.pace };
  const random = options.random ?? Math.random;
  let queue: TraceSpan[] = [];
  let sent = 0;
  let dropped = 0;
  let problem: string | null = null;
  let closed = false;
  let flushing = false;
  /** Attempts that failed since the last that did not, and how long the receiver then asked us to wait. */
  let failures = 0;
  let askedMs: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | null = null;
  let abort = new AbortController();

  const fail = (why: string): void => {
    const message = `Spans do not reach ${url}: ${why}`;
    if (problem === null) options.onProblem(message);
    problem = message;
  };

  const schedule = (delayMs: number): void => {
    if (timer !== undefined || sending || flushing || closed || queue.length === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      sending = sendBatch().finally(() => {
        sending = null;
        schedule(failures === 0 ? batchDelayMs() : backoffMs());
      });
    }, delayMs);
    timer.unref();
  };
  const batchDelayMs = (): number => (queue.length >= pace.batchSpans ? 0 : pace.batchMs);
  const backoffMs = (): number =>
    askedMs ?? random() * Math.min(pace.maxBackoffMs, pace.backoffMs * 2 ** Math.min(failures - 1, 20));

  const sendBatch = async (): Promise<void> => {
    const batch = queue.slice(0, pace.batchSpans);
    const outcome = await post(
      url,
      JSON.stringify(toOtlp(batch, options.archipelVersion)),
      pace.timeoutMs,
      abort.signal,
    );
    askedMs = null;
    if (outcome.type === 'retry') {
      failures += 1;
      askedMs = outcome.afterMs;
      return fail(outcome.why);
    }
    failures = 0;
    queue = queue.slice(batch.length);
    if (outcome.type === 'refused') {
      dropped += batch.length;
      return fail(outcome.why);
    }
    sent += batch.length - outcome.rejected;
    dropped += outcome.rejected;
    if (outcome.rejected > 0) fail(outcome.why);
    else problem = null;
  };

  const flush = async (withinMs: number): Promise<void> => {
    flushing = true;
    clearTimeout(timer);
    timer = undefined;
    const deadline = setTimeout(() => abort.abort(), withinMs);
    await sending;
    for (let go = queue.length > 0; go; go = failures === 0 && queue.length > 0 && !abort.signal.aborted)
      await sendBatch();
    clearTimeout(deadline);
    abort = new AbortController();
    flushing = false;
    schedule(failures === 0 ? batchDelayMs() : backoffMs());
  };

  return {
    push(spans) {
      const room = Math.max(0, pace.queueSpans - queue.length);
      dropped += Math.max(0, spans.length - room);
      queue.push(...spans.slice(0, room));
      if (failures === 0) schedule(batchDelayMs());
    },
    status: () => ({ sent, waiting: queue.length, dropped, problem }),
    flush,
    async close(withinMs) {
      closed = true;
      await flush(withinMs);
      dropped += queue.length;
      queue = [];
    },
  };
}

async function post(url: string, body: string, timeoutMs: number, signal: AbortSignal): Promise<Outcome> {
  const attempt = new AbortController();
  const giveUp = (): void => attempt.abort();
  signal.addEventListener('abort', giveUp);
  const timer = setTimeout(giveUp, timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: attempt.signal,
    });
    const text = await response.text();
    if (response.ok) return { type: 'sent', ...partialSuccess(text) };
    const why = `it answered ${response.status}${text ? `: ${text.slice(0, 200)}` : ''}`;
    if (!RETRYABLE.includes(response.status)) return { type: 'refused', why };
    return { type: 'retry', why, afterMs: retryAfterMs(response.headers.get('retry-after')) };
  } catch (error) {
    const why = attempt.signal.aborted ? `no answer within ${timeoutMs} ms` : causeOf(error);
    return { type: 'retry', why, afterMs: null };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** `ExportTraceServiceResponse`: a receiver may take some spans and refuse others. */
function partialSuccess(text: string): { rejected: number; why: string } {
  try {
    const { rejectedSpans = 0, errorMessage = '' } = JSON.parse(text || '{}')?.partialSuccess ?? {};
    const rejected = Number(rejectedSpans);
    return {
      rejected: Number.isFinite(rejected) ? rejected : 0,
      why: `it rejected ${rejectedSpans} spans: ${errorMessage}`,
    };
  } catch {
    // Some receivers answer with text, or with nothing. The status counts.
    return { rejected: 0, why: '' };
  }
}

/** Seconds or a date; RFC 9110, section 10.2.3. */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 300_000) : null;
}

/** `fetch` hides what happened in the cause. */
function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  const code = (cause as { code?: string } | undefined)?.code;
  return code ?? (cause instanceof Error ? cause.message : message);
}
