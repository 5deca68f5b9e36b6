import type { RecordingSource } from '../metrics/source-recording.ts';
import { plannedRequests } from '../model/executors/course.ts';
import { planOf } from '../model/executors/index.ts';
import type { Planned } from '../model/executors/plan.ts';
import { routeName, type Scenario, type TrafficSource } from '../model/scenario.ts';
import type { StartTraffic } from '../process-kit/protocol.ts';

/** What a source without sessions does: each arrival is one request. */
const singleRequest: StartTraffic['session'] = {
  order: 'mix',
  requests: 1,
  thinkTime: { type: 'fixed', valueMs: 0 },
};

/** One source of a scenario as it is started on its client. */
export interface SourcePlan {
  source: TrafficSource;
  start: StartTraffic;
  recording: RecordingSource;
}

export function planTraffic(options: {
  id: string;
  scenario: Scenario;
  seed: number;
  /** Of the scenario. Null: until it is stopped. */
  durationMs: number | null;
  /** Its traffic takes this edge where a route names none. */
  edgeOf(client: string): string;
  recordArrivals: boolean;
}): SourcePlan[] {
  const { id, scenario, seed } = options;
  return scenario.traffic.map((source, index) => {
    const trafficId = `${id}-${index}`;
    const own = planOf(source);
    const left = options.durationMs === null ? null : Math.max(0, options.durationMs - source.startTimeMs);
    const planned: Planned = { plan: own.plan, durationMs: earlier(own.durationMs, left) };
    const start: StartTraffic = {
      trafficId,
      // Each source draws its own.
      seed: (seed + index * 0x9e3779b9) >>> 0,
      startTimeMs: source.startTimeMs,
      durationMs: planned.durationMs,
      gracefulStopMs: source.gracefulStopMs ?? scenario.gracefulStopMs,
      plan: planned.plan,
      session: 'session' in source ? source.session : singleRequest,
      routes: source.routes.map((route) => ({ ...route, edge: route.edge ?? options.edgeOf(source.client) })),
      recordArrivals: options.recordArrivals,
    };
    const recording: RecordingSource = {
      client: source.client,
      trafficId,
      planned: plannedRequests(source, planned),
      routes: source.routes.map(routeName),
    };
    return { source, start, recording };
  });
}

const earlier = (a: number | null, b: number | null): number | null => {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
};
