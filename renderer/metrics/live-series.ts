import type { EngineFrame } from '../../engine/api/types.ts';
import { createSeries } from './series.ts';

const POINTS = 900;
/** Five points a second: what they show are figures over the last second. */
const MIN_STEP_MS = 190;

/** Time in seconds, then ok/s, failed/s, p50, p99 of the traffic. Three minutes; outside React. */
export const trafficSeries = createSeries(5, POINTS);

/** Charts begin anew. */
export function clearSeries(): void {
  trafficSeries.clear();
  [trafficId, lastAtMs] = [null, 0];
}

/** Returns how to get everything back as it is now. */
export function keepSeries(): () => void {
  const columns = trafficSeries.columns();
  const [id, atMs] = [trafficId, lastAtMs];
  return () => {
    trafficSeries.clear();
    for (let row = 0; row < (columns[0]?.length ?? 0); row += 1)
      trafficSeries.push(columns.map((column) => column[row] ?? null));
    [trafficId, lastAtMs] = [id, atMs];
  };
}

let trafficId: string | null = null;
let lastAtMs = 0;

export function recordFrame(frame: EngineFrame): void {
  const { traffic } = frame;
  if (!traffic || traffic.state === 'done') return;
  if (traffic.id !== trafficId) {
    trafficSeries.clear();
    trafficId = traffic.id;
    lastAtMs = 0;
  }
  if (frame.atMs - lastAtMs < MIN_STEP_MS) return;
  lastAtMs = frame.atMs;
  const { okPerSec, failedPerSec, latencyMs } = traffic.window;
  trafficSeries.push([frame.atMs / 1000, okPerSec, failedPerSec, latencyMs.p50, latencyMs.p99]);
}
