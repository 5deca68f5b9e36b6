import type { EngineFrame } from '../../engine/api/types.ts';
import { createSeries } from './series.ts';

const POINTS = 900;
/** Five points a second: what they show are figures over the last second. */
const MIN_STEP_MS = 190;

/** Time in seconds, then ok/s, failed/s, p50, p99 of the traffic. Three minutes; outside React. */
export const trafficSeries = createSeries(5, POINTS);

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
