import type { EngineFrame, TrafficStatus } from '../../engine/api/types.ts';
import { type Capacity, loadOf } from './load.ts';

/** Figures of a frame by name: of the traffic, `reason:…` per second, and of nodes `saturation:node`, `cpu:node#0`, `rss:node#0`. */
export function figuresOf(
  frame: EngineFrame,
  before: EngineFrame | null,
  capacityOf?: (nodeId: string) => Capacity | undefined,
  withNodes = true,
): Record<string, number | null> {
  const figures: Record<string, number | null> = {};
  for (const status of withNodes ? Object.values(frame.nodes) : []) {
    const { id, replicas } = status;
    figures[`saturation:${id}`] = Math.min(1, loadOf(status, capacityOf?.(id)).share);
    for (const { replica, pid, cpu, rssBytes } of replicas) {
      if (pid === null) continue;
      figures[`cpu:${id}#${replica}`] = cpu;
      figures[`rss:${id}#${replica}`] = rssBytes;
    }
  }
  const { traffic } = frame;
  if (!traffic || traffic.state === 'done') return figures;
  const { ratePerSec, okPerSec, failedPerSec, latencyMs } = traffic.window;
  const { p50, p95, p99, p999 } = latencyMs;
  Object.assign(figures, { rate: ratePerSec, ok: okPerSec, failed: failedPerSec, p50, p95, p99, p999 });
  const then = before?.traffic?.id === traffic.id ? before.traffic : null;
  const seconds = before ? (frame.atMs - before.atMs) / 1000 : 0;
  if (seconds > 0) Object.assign(figures, growth(traffic, then, seconds));
  return figures;
}

function growth(now: TrafficStatus, then: TrafficStatus | null, seconds: number): Record<string, number> {
  const perSec = (count: number, past: number | undefined): number => Math.max(0, count - (past ?? 0)) / seconds;
  return {
    dropped: perSec(now.counts.dropped, then?.counts.dropped),
    ...Object.fromEntries(
      Object.entries(now.counts.reasons).map(([reason, count]) => [
        `reason:${reason}`,
        perSec(count, then?.counts.reasons[reason as keyof typeof now.counts.reasons]),
      ]),
    ),
  };
}
