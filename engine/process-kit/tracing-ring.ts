import { performance } from 'node:perf_hooks';
import type { FailureReason } from '../metrics/failure-reason.ts';
import { clockOffset } from './clock-offset.ts';
import { machineMs } from './machine-clock.ts';
import type { WiredEdge } from './protocol.ts';
import { spanIdOf, traceIdOf } from './tracing-context.ts';
import { type SpanRecord, type SpanType, spanTypes } from './tracing-record.ts';
import type { Span } from './tracing-span.ts';

/** The newest spans that have ended. Each has a number, one more than the one before; what is read must be there still. */
export interface SpanRing {
  /** Its number. */
  keep(span: Span): number;
  isThere(number: number): boolean;
  read(number: number): SpanRecord;
  traceIdOf(number: number): string;
  lastWordOf(number: number): number;
  isTold(number: number): boolean;
  tell(number: number): void;
  /** The number of the oldest, and one more than that of the newest. */
  range(): { from: number; to: number };
}

const INTS = 16;
const REFS = 6;
/** The ring grows up to its size, so that an idle process holds next to nothing. */
const FIRST_PLACES = 64;

/**
 * Numbers in typed arrays, and references to what lives longer than a span: so the objects of spans die young, where a
 * ring of objects would have the garbage collector copy each of them, which costs more than all else in tracing.
 */
export function createSpanRing(size: number): SpanRing {
  let capacity = Math.min(FIRST_PLACES, size);
  let ints = new Int32Array(capacity * INTS);
  let times = new Float64Array(capacity * 2);
  let told = new Uint8Array(capacity);
  const refs: unknown[] = [];
  let next = 0;
  const placeOf = (number: number): number => number % size;

  const grow = (): void => {
    capacity = Math.min(size, capacity * 2);
    ints = extended(ints, new Int32Array(capacity * INTS));
    times = extended(times, new Float64Array(capacity * 2));
    told = extended(told, new Uint8Array(capacity));
  };

  const traceIdIn = (place: number): string => {
    const word = (offset: number): number => ints[place * INTS + offset] as number;
    return traceIdOf({ trace0: word(0), trace1: word(1), trace2: word(2), trace3: word(3) });
  };

  return {
    keep(span) {
      const place = placeOf(next);
      if (place === capacity) grow();
      next += 1;
      const at = place * INTS;
      ints[at] = span.trace0;
      ints[at + 1] = span.trace1;
      ints[at + 2] = span.trace2;
      ints[at + 3] = span.trace3;
      ints[at + 4] = span.span0;
      ints[at + 5] = span.span1;
      ints[at + 6] = span.parent0;
      ints[at + 7] = span.parent1;
      ints[at + 8] = span.flags;
      ints[at + 9] = spanTypes.indexOf(span.type);
      ints[at + 10] = span.status;
      ints[at + 11] = span.port;
      ints[at + 12] = span.resend;
      ints[at + 13] = span.attempts;
      ints[at + 14] = span.rows;
      ints[at + 15] = span.coldStart;
      times[place * 2] = span.startMs;
      times[place * 2 + 1] = span.endMs;
      const ref = place * REFS;
      refs[ref] = span.method;
      refs[ref + 1] = span.target;
      refs[ref + 2] = span.route;
      refs[ref + 3] = span.edge;
      refs[ref + 4] = span.reason;
      refs[ref + 5] = span.hop;
      told[place] = 0;
      return next - 1;
    },
    isThere: (number) => number >= next - size,
    read(number) {
      const place = placeOf(number);
      const at = place * INTS;
      const int = (offset: number): number => ints[at + offset] as number;
      const [method, target, route, edge, reason, hop] = refs.slice(place * REFS, (place + 1) * REFS) as [
        string,
        string,
        string,
        WiredEdge | undefined,
        FailureReason | undefined,
        string | undefined,
      ];
      const [startMs, endMs] = times.subarray(place * 2) as unknown as [number, number];
      const type = spanTypes[int(9)] as SpanType;
      const record: SpanRecord = {
        traceId: traceIdIn(place),
        spanId: spanIdOf(int(4), int(5)),
        parentId: (int(6) | int(7)) === 0 ? null : spanIdOf(int(6), int(7)),
        type,
        startMs: startMs + sharedClockOffsetMs,
        durationMs: endMs - startMs,
        flags: int(8),
      };
      if (method) record.method = method;
      if (target) record.target = target;
      if (route) record.route = route;
      if (int(10) > 0) record.status = int(10);
      if (edge) {
        record.edge = edge.id;
        record.peer = edge.targetId;
      }
      if (int(11) > 0) record.port = int(11);
      if (int(12) > 0) record.resend = int(12);
      if (int(13) > 0) record.attempts = int(13);
      if (int(14) >= 0) record.rows = int(14);
      if (int(15) >= 0) record.coldStart = int(15) === 1;
      if (reason !== undefined) record.failure = hop === undefined ? { reason } : { reason, hop };
      return record;
    },
    traceIdOf: (number) => traceIdIn(placeOf(number)),
    lastWordOf: (number) => ints[placeOf(number) * INTS + 3] as number,
    isTold: (number) => told[placeOf(number)] === 1,
    tell(number) {
      told[placeOf(number)] = 1;
    },
    range: () => ({ from: Math.max(0, next - size), to: next }),
  };
}

function extended<Numbers extends Int32Array | Float64Array | Uint8Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

/**
 * From `performance.now()`, which begins with the process, to the monotonic clock of the machine. Wall clocks that
 * processes read at their starts differ by more than a short span lasts; with this one, spans nest across processes.
 */
const sharedClockOffsetMs = clockOffset(() => performance.now(), machineMs);
