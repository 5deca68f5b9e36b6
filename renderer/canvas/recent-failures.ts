import type { EngineFrame, TrafficStatus } from '../../engine/api/types.ts';

/** How long a reason stays on the canvas after it was last counted. */
const LINGERS_MS = 8000;

export interface RecentFailure {
  reason: string;
  /** Failed requests of this reason at this hop since the traffic began. */
  count: number;
}

/** Which reasons of failed requests were counted lately, by the edge or node where they began. */
export interface RecentFailures {
  add(frame: Pick<EngineFrame, 'atMs' | 'traffic'>): void;
  /** The most frequent first. */
  at(hop: string): readonly RecentFailure[];
}

export function createRecentFailures(): RecentFailures {
  const grownAtMs = new Map<string, number>();
  let counts = new Map<string, number>();
  let trafficId: string | null = null;
  let byHop = new Map<string, RecentFailure[]>();

  const forget = (traffic: TrafficStatus | null): void => {
    if (traffic?.id === trafficId) return;
    trafficId = traffic?.id ?? null;
    grownAtMs.clear();
    counts = new Map();
  };

  return {
    add({ atMs, traffic }) {
      forget(traffic);
      byHop = new Map();
      for (const { reason, hop, count } of traffic?.failures ?? []) {
        const key = `${reason}@${hop}`;
        if (count > (counts.get(key) ?? 0)) grownAtMs.set(key, atMs);
        counts.set(key, count);
        if (atMs - (grownAtMs.get(key) ?? Number.NEGATIVE_INFINITY) > LINGERS_MS) continue;
        byHop.set(hop, [...(byHop.get(hop) ?? []), { reason, count }]);
      }
    },
    at: (hop) => byHop.get(hop) ?? none,
  };
}

const none: readonly RecentFailure[] = [];
