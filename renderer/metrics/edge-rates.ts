import type { EdgeStatus, EngineFrame } from '../../engine/api/types.ts';

const WINDOW_MS = 900;

export interface EdgeRates {
  requestsPerSec: number;
  errorsPerSec: number;
  bytesPerSec: number;
}

const still: EdgeRates = { requestsPerSec: 0, errorsPerSec: 0, bytesPerSec: 0 };
let newest: { atMs: number; edges: Record<string, EdgeStatus> } | null = null;
const rates = new Map<string, EdgeRates>();

/** Rates on each edge over about the last second, from its cumulative counters. */
export function recordEdges(frame: EngineFrame): void {
  if (frame.topology === 'stopped') {
    newest = null;
    rates.clear();
    return;
  }
  if (newest && frame.atMs - newest.atMs < WINDOW_MS && frame.atMs >= newest.atMs) return;
  const before = newest;
  newest = { atMs: frame.atMs, edges: frame.edges };
  rates.clear();
  if (!before || newest.atMs <= before.atMs) return;
  const seconds = (newest.atMs - before.atMs) / 1000;
  // A new process counts from zero again: a rate is never negative.
  const rate = (now: number, then: number) => Math.max(0, now - then) / seconds;
  for (const [id, now] of Object.entries(newest.edges)) {
    const then = before.edges[id];
    if (!then) continue;
    rates.set(id, {
      requestsPerSec: rate(now.requests, then.requests),
      errorsPerSec: rate(now.errors, then.errors),
      bytesPerSec: rate(now.upstreamBytes + now.downstreamBytes, then.upstreamBytes + then.downstreamBytes),
    });
  }
}

export const edgeRates = (id: string): EdgeRates => rates.get(id) ?? still;
