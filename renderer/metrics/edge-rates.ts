import type { EdgeStatus, EngineFrame } from '../../engine/api/types.ts';

const WINDOW_MS = 900;

interface Sample {
  atMs: number;
  edges: Record<string, EdgeStatus>;
}

let older: Sample | null = null;
let newer: Sample | null = null;
const rates = new Map<string, number>();

/** Bytes per second on each edge, both ways, from the cumulative counters over about the last second. */
export function recordEdges(frame: EngineFrame): void {
  if (newer && frame.atMs - newer.atMs < WINDOW_MS && frame.atMs >= newer.atMs) return;
  older = newer;
  newer = { atMs: frame.atMs, edges: frame.edges };
  rates.clear();
  if (!older || newer.atMs <= older.atMs) return;
  const seconds = (newer.atMs - older.atMs) / 1000;
  for (const [id, now] of Object.entries(newer.edges)) {
    const before = older.edges[id];
    if (!before) continue;
    const bytes = now.upstreamBytes + now.downstreamBytes - before.upstreamBytes - before.downstreamBytes;
    // A new link process counts from zero again.
    rates.set(id, Math.max(0, bytes) / seconds);
  }
}

export const edgeBytesPerSec = (id: string): number => rates.get(id) ?? 0;
