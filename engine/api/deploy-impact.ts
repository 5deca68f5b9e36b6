import { wilsonInterval } from '../experiments/statistics.ts';
import type { Recording } from '../metrics/recording.ts';
import { failedIn, type Tally } from '../metrics/tally.ts';
import type { Exposure } from '../runtime/deploys/deploy.ts';
import type { DeployImpact } from './types.ts';

/**
 * So long at least users are looked at, that strategies are compared over equal times; and so long a version that stays is
 * held responsible for what fails after it took over.
 */
const OBSERVED_MS = 10_000;
/** A route that failed so little more often than before is not called affected. */
const NOTICEABLE = 0.01;
/** How often a window that is still open is measured anew. */
const REFRESH_MS = 500;
/** Requests that start at the end of a window are decided after this, but for those that hang. */
const DECIDED_MS = 3_000;

/** What a deploy did to the users of the traffic that runs; measurements are kept between two looks. */
export interface ImpactMeter {
  of(deployId: string, exposure: Exposure | null): DeployImpact | null;
  clear(): void;
}

export function createImpactMeter(traffic: () => { recording: Recording; startedAtMs: number } | null): ImpactMeter {
  const known = new Map<string, { impact: DeployImpact | null; atMs: number }>();
  return {
    of(deployId, exposure) {
      const running = traffic();
      if (!running || !exposure) return known.get(deployId)?.impact ?? null;
      const nowMs = Date.now();
      const { fromMs, toMs, tookOverAtMs } = exposure;
      const leftAtMs = toMs ?? (tookOverAtMs === null ? nowMs : tookOverAtMs + OBSERVED_MS);
      const endMs = Math.max(leftAtMs, fromMs + OBSERVED_MS);
      const before = known.get(deployId);
      const isFinal = before && before.atMs > endMs + DECIDED_MS && before.impact?.window.toMs === endMs;
      if (before && (isFinal || nowMs - before.atMs < REFRESH_MS)) return before.impact;
      const window = { fromMs, toMs: Math.min(nowMs, endMs) };
      const impact = measureImpact(running.recording, window, running.startedAtMs);
      known.set(deployId, { impact, atMs: nowMs });
      return impact;
    },
    clear: () => known.clear(),
  };
}

/** Routes are compared with how they fared in as long a time before, at most since the traffic started. */
function measureImpact(recording: Recording, window: DeployImpact['window'], startedAtMs: number): DeployImpact | null {
  const lengthMs = Math.max(1000, window.toMs - window.fromMs);
  const before = { fromMs: Math.max(startedAtMs, window.fromMs - lengthMs), toMs: window.fromMs };
  const all = recording.tally({ range: window });
  const routes = recording.routes().filter((route) => arrivals(recording.tally({ range: window, route })) > 0);
  const affectedRoutes = routes.filter((route) => {
    const now = recording.tally({ range: window, route });
    const then = recording.tally({ range: before, route });
    const usual = arrivals(then) > 0 ? failures(then) / arrivals(then) : 0;
    return wilsonInterval(failures(now), arrivals(now)).low > usual + NOTICEABLE;
  });
  return {
    window,
    requests: arrivals(all),
    failed: failures(all),
    affectedRoutes,
    routes: routes.length,
    blastRadius: routes.length > 0 ? affectedRoutes.length / routes.length : null,
  };
}

const arrivals = ({ issued, dropped }: Tally): number => issued + dropped;

const failures = (tally: Tally): number => failedIn(tally) + tally.dropped;
