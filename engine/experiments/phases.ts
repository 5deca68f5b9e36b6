import type { ExperimentStatus, FaultStatus } from '../api/types.ts';
import type { Recording } from '../metrics/recording.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import type { Experiment } from '../model/experiment.ts';
import type { MethodStep, SimpleStep } from '../model/step.ts';

export type Phase = ExperimentStatus['phase'];

/** A fault of the method as it really was. */
export interface FaultRun {
  status: FaultStatus;
  /** Null while its removal has not begun. */
  removalBeganAtMs: number | null;
}

/** A step of the method that is no fault, as it really was. */
export interface ChangeRun {
  /** Such as "deploy-1". */
  id: string;
  /** From its effect to the beginning of its removal; null while it has none. */
  window: TimeRange | null;
  /** Null while its removal has not begun. */
  removalBeganAtMs: number | null;
  /** Why nothing can be concluded from it, or null. */
  problem: string | null;
}

/** How each node was at a moment, with what it had counted until then. */
export interface NodeMark {
  atMs: number;
  nodes: Record<string, { state: string; requests: number; errors: number }>;
}

/** What was observed when. A part that was not reached is null. */
export interface Timeline {
  steadyState: TimeRange | null;
  faults: FaultRun[];
  /** Steps of the method that are no faults. */
  changes: ChangeRun[];
  /** From the beginning of the last removal to the end of the observation. */
  recovery: TimeRange | null;
  /** How the nodes were at the edges of these times. */
  marks: NodeMark[];
  /** When invariants were looked at once more, with no request on its way. */
  atRestMs: number | null;
}

/** Frames come every 100 ms: what was decided this long ago is told. */
export const FRAME_LAG_MS = 250;

/** How long the steady state is observed after the recovery: as long as before, and never less than this. */
const MIN_OBSERVATION_MS = 3000;
/** What one start, one proof and one recovery take when all goes well; only to announce the end. */
const EXPECTED_START_MS = 3000;
const EXPECTED_PROOF_MS = 500;
const EXPECTED_RECOVERY_MS = 1000;

export const observationMs = (experiment: Experiment): number => Math.max(experiment.steadyStateMs, MIN_OBSERVATION_MS);

/** A wait until something holds takes as long as it likes: a part of what it may. */
const EXPECTED_WAIT_SHARE = 0.1;

function simpleMs(step: SimpleStep): number {
  if (step.type === 'fault') return step.durationMs + EXPECTED_PROOF_MS;
  if (step.type === 'wait-until') return step.timeoutMs * EXPECTED_WAIT_SHARE;
  return 'durationMs' in step ? (step.durationMs ?? 0) : 0;
}

/** One after the other, the longest of those side by side; what is in the background counts where it lasts beyond the rest. */
function sequenceMs(steps: readonly MethodStep[]): number {
  let endMs = 0;
  let latestMs = 0;
  for (const step of steps) {
    const { beforeMs = 0, afterMs = 0 } = step.pauses ?? {};
    const ownMs = step.type === 'parallel' ? Math.max(...step.branches.map(sequenceMs)) : simpleMs(step);
    const durationMs = beforeMs + ownMs + afterMs;
    if (step.background) latestMs = Math.max(latestMs, endMs + durationMs);
    else endMs += durationMs;
  }
  return Math.max(endMs, latestMs);
}

/** How long an experiment takes if all goes to plan, and each of its phases. */
export function experimentPlan(experiment: Experiment): {
  totalMs: number;
  phases: { phase: Phase; durationMs: number }[];
} {
  const rollbackMs = sequenceMs(experiment.rollbacks);
  const phases: { phase: Phase; durationMs: number }[] = [
    { phase: 'starting', durationMs: EXPECTED_START_MS },
    { phase: 'warm-up', durationMs: experiment.warmUpMs },
    { phase: 'steady-state', durationMs: experiment.steadyStateMs },
    { phase: 'method', durationMs: sequenceMs(experiment.method) },
    { phase: 'rollback', durationMs: rollbackMs },
    {
      phase: 'recovery',
      durationMs: Math.min(EXPECTED_RECOVERY_MS, experiment.recoveryWithinMs) + observationMs(experiment),
    },
    { phase: 'done', durationMs: 0 },
  ];
  return { totalMs: phases.reduce((sum, { durationMs }) => sum + durationMs, 0), phases };
}

/** How long a phase takes if all goes to plan. */
export const plannedMs = (experiment: Experiment, phase: Phase): number =>
  experimentPlan(experiment).phases.find((planned) => planned.phase === phase)?.durationMs ?? 0;

/** What is left of the plan when a phase begins. */
export function remainingMs(experiment: Experiment, phase: Phase): number {
  const { phases } = experimentPlan(experiment);
  return phases
    .slice(phases.findIndex((planned) => planned.phase === phase))
    .reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** From the proof of effect to the beginning of the removal. Null when one of them is missing. */
export function faultWindow({ status, removalBeganAtMs }: FaultRun): TimeRange | null {
  if (!status.proofOfEffect?.holds || removalBeganAtMs === null) return null;
  const endMs = Math.min(removalBeganAtMs, status.endedAtMs ?? removalBeganAtMs);
  return { fromMs: Math.min(status.proofOfEffect.atMs, endMs), toMs: endMs };
}

/**
 * The part of a fault's window whose requests lived under the fault to their end.
 *
 * A request that starts just before the removal is saved by it, or at least meets it: its outcome says nothing about
 * the fault. So the window loses at its end as much time as its slowest request took to be decided: next to nothing where
 * requests are refused at once, the whole timeout where they hang. It keeps at least its first half, since a
 * fault that is shorter than the timeout is always survived by some.
 * No edge is cut off at its beginning: it begins at a proven effect, and what started earlier is in no window.
 */
export function measuredWindow(recording: Recording, window: TimeRange): TimeRange {
  const halfMs = (window.toMs - window.fromMs) / 2;
  return { fromMs: window.fromMs, toMs: window.toMs - Math.min(halfMs, recording.decisionLagMs(window)) };
}
