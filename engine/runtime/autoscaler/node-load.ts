import type { ReplicaLoad } from '../../metrics/node-window.ts';
import type { AutoscalingMetric } from '../../model/scaling.ts';
import type { Member } from '../running-node.ts';
import type { ReplicaSample } from './recommend.ts';

const figureOf: Record<AutoscalingMetric['type'], (load: ReplicaLoad) => number | null> = {
  cpu: ({ cpu }) => cpu,
  'in-flight': ({ inFlight }) => inFlight,
  queue: ({ waiting }) => waiting,
};

/** A replica as the autoscaler counts it. What is dead or paused tells no load, and does none of the work. */
export function sampleOf(
  { running }: Member,
  load: ReplicaLoad | null,
  { metric, warmUpMs, nowMs }: { metric: AutoscalingMetric; warmUpMs: number; nowMs: number },
): ReplicaSample {
  const process = running?.process;
  const readySinceMs = process?.readySinceMs ?? null;
  if (!process || process.state === 'starting') return { state: 'unready', value: 0 };
  if (readySinceMs !== null && nowMs - readySinceMs < warmUpMs) return { state: 'unready', value: 0 };
  if (!load || (process.state !== 'ready' && process.state !== 'degraded')) return { state: 'missing', value: 0 };
  const value = figureOf[metric.type](load);
  return value === null ? { state: 'missing', value: 0 } : { state: 'ready', value };
}

/** How many replicas the load needs, as far as the metric says: a queue says only that there are too few. */
export function neededFor(metric: AutoscalingMetric, samples: readonly ReplicaSample[]): number | null {
  if (metric.type === 'queue') return null;
  return Math.ceil(samples.reduce((sum, { value }) => sum + value, 0) / metric.target - 1e-9);
}
