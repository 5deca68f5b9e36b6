import type { Detection, ErrorBudget, Impact } from '../api/types.ts';
import type { Experiment } from '../model/experiment.ts';
import { boundsOf } from '../model/tolerance.ts';
import { affectedNodes, affectedRoutes } from './blast-radius.ts';
import { detect } from './detection.ts';
import type { Effects } from './observation.ts';

/** What the method did to those who used the system. Null when nothing of it had an effect. */
export function measureImpact(observed: Effects): Impact | null {
  const { effects, timeline, recording, experiment, recoveredAtMs } = observed;
  if (effects.length === 0) return null;
  const fromMs = Math.min(...effects.map(({ on }) => on.fromMs));
  const lastMs = Math.max(...effects.map(({ on }) => on.toMs));
  const window = { fromMs, toMs: recoveredAtMs ?? timeline.recovery?.toMs ?? lastMs };
  const tally = recording.tally({ range: window });
  const requests = tally.issued + tally.dropped;
  const failed = requests - tally.ok;
  const detections = effects.map(({ id, on }): Detection => {
    const found = detect(observed, { fromMs: on.fromMs, toMs: Math.max(on.toMs, window.toMs) });
    return { fault: id, timeToDetectMs: found && found.atMs - on.fromMs, by: found?.probe ?? null };
  });
  const noticedAtMs = effects.flatMap(({ on }, index) => {
    const { timeToDetectMs = null } = detections[index] ?? {};
    return timeToDetectMs === null ? [] : [on.fromMs + timeToDetectMs];
  });
  return {
    window,
    availability: requests > 0 ? tally.ok / requests : null,
    requests,
    failed,
    detections,
    timeToDetectMs: noticedAtMs.length > 0 ? Math.min(...noticedAtMs) - fromMs : null,
    timeToRecoverMs: recoveredAtMs === null ? null : recoveredAtMs - fromMs,
    errorBudget: budgetOf(experiment, requests, failed),
    blastRadius: { routes: affectedRoutes(observed), nodes: affectedNodes(observed) },
  };
}

function budgetOf(experiment: Experiment, requests: number, failed: number): ErrorBudget | null {
  const asked = experiment.steadyStateHypothesis.probes.flatMap(({ measure, tolerance }) =>
    measure.type === 'success-ratio' ? [boundsOf(tolerance).min ?? 0] : [],
  );
  const usable = asked.filter((min) => min > 0 && min < 1);
  const objective = experiment.slo?.successRatio ?? (usable.length > 0 ? Math.min(...usable) : null);
  if (objective === null || requests === 0) return null;
  const allowed = (1 - objective) * requests;
  return { objective, from: experiment.slo ? 'experiment' : 'hypothesis', allowed, failed, spent: failed / allowed };
}
