import { createHistogram, type Histogram, record, reset, toSparse } from '../metrics/histogram.ts';
import type { HttpCaller } from './http-caller.ts';
import type { EdgeCalls } from './protocol.ts';

export interface CallCounters {
  /** Runs a call and counts how it ended. */
  count<Value>(edgeId: string, call: () => Promise<Value>): Promise<Value>;
  /** `timeMs`: from the call to its end, where the caller has measured it. */
  ended(edgeId: string, failed: boolean, timeMs?: number): void;
  /** Something came along an edge: `ageMs` after it was sent. None of the process' time goes by waiting for it. */
  delivered(edgeId: string, failed: boolean, ageMs: number): void;
  /** Once for each frame. `callers` by edge: what they tell besides, such as what their policies did. */
  read(callers?: Iterable<readonly [string, Pick<HttpCaller, 'measure'>]>): Record<string, EdgeCalls>;
}

/** How many calls went along each outgoing edge, how many of them failed, and how long they took together. Cumulative. */
export function createCallCounters(): CallCounters {
  const counters: Record<string, EdgeCalls & { timeMs: number }> = {};
  const latencies = new Map<string, Histogram>();

  const latencyOf = (edgeId: string): Histogram => {
    const latency = latencies.get(edgeId) ?? createHistogram();
    latencies.set(edgeId, latency);
    return latency;
  };

  const ended = (edgeId: string, failed: boolean, timeMs?: number): void => {
    counters[edgeId] ??= { requests: 0, errors: 0, timeMs: 0 };
    counters[edgeId].requests += 1;
    if (failed) counters[edgeId].errors += 1;
    if (timeMs === undefined) return;
    counters[edgeId].timeMs += timeMs;
    record(latencyOf(edgeId), timeMs);
  };

  return {
    ended,
    delivered(edgeId, failed, ageMs) {
      ended(edgeId, failed);
      record(latencyOf(edgeId), ageMs);
    },
    async count(edgeId, call) {
      const startedMs = performance.now();
      try {
        const value = await call();
        ended(edgeId, false, performance.now() - startedMs);
        return value;
      } catch (error) {
        ended(edgeId, true, performance.now() - startedMs);
        throw error;
      }
    },
    read(callers = []) {
      const all: Record<string, EdgeCalls> = { ...counters };
      for (const [edgeId, latency] of latencies) {
        if (latency.total === 0) continue;
        all[edgeId] = { ...(counters[edgeId] as EdgeCalls), latency: toSparse(latency) };
        reset(latency);
      }
      for (const [edgeId, caller] of callers)
        all[edgeId] = { ...(all[edgeId] ?? { requests: 0, errors: 0 }), ...caller.measure() };
      return all;
    },
  };
}
