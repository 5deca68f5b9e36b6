import type { ExperimentResult, ExperimentStatus, ProbeResult, StepResult } from '../../../engine/api/types.ts';
import { jsonPath } from '../../../engine/model/json-path.ts';
import type { Layout } from './layout.ts';
import type { StepPath } from './steps.ts';

export type StepState = 'running' | 'done' | 'failed';

/** A run of the experiment laid over its plan. */
export interface RunOnTimeline {
  isLive: boolean;
  phase: ExperimentStatus['phase'];
  /** Where the run is, in milliseconds of the plan; null before its first phase and after its last. */
  nowMs: number | null;
  stateOf(path: StepPath): StepState | null;
  /** Whether the probes of a phase held; null while that is not known. */
  holds(when: 'before' | 'during' | 'after'): boolean | null;
  /** Those of the phase that it is in; of a run that is over, all. */
  probes: readonly ProbeResult[];
}

/**
 * Phases rarely take exactly as long as planned: within its phase the run goes on as time does, and it never leaves the
 * phase that it is in.
 */
export function planTimeOf(
  layout: Layout,
  { phase, phaseStartedAtMs }: Pick<ExperimentStatus, 'phase' | 'phaseStartedAtMs'>,
  atMs: number,
): number | null {
  const span = layout.phases.find((candidate) => candidate.phase === phase);
  return span ? Math.min(span.toMs, span.fromMs + Math.max(0, atMs - phaseStartedAtMs)) : null;
}

/** The name of a step's place as results have it: `method[2].branches[0][1]`. */
export const placeName = (path: StepPath): string => jsonPath(path, '').replace(/^\./, '');

function stateIn(steps: readonly StepResult[], path: StepPath): StepState | null {
  const step = steps.find(({ place }) => place === placeName(path));
  if (!step) return null;
  if (step.error !== null) return 'failed';
  return step.endedAtMs === null ? 'running' : 'done';
}

const phasesOf = { before: ['before'], during: ['during', 'method'], after: ['recovering', 'after'] } as const;

function holdsIn(probes: readonly ProbeResult[], when: keyof typeof phasesOf): boolean | null {
  const own = probes.filter(({ phase }) => (phasesOf[when] as readonly string[]).includes(phase));
  if (own.length === 0 || own.some(({ inconclusive }) => inconclusive !== null)) return null;
  return own.every(({ holds }) => holds);
}

export const liveRun = (
  layout: Layout,
  status: ExperimentStatus,
  /** How the probes of earlier phases stood, and those of this one. */
  seen: readonly ProbeResult[],
  atMs: number,
): RunOnTimeline => ({
  isLive: true,
  phase: status.phase,
  nowMs: planTimeOf(layout, status, atMs),
  stateOf: (path) => stateIn(status.steps, path),
  holds: (when) => holdsIn(seen, when),
  probes: withLast(status),
});

/** A step such as wait-until measures probes that its phase does not have. */
const withLast = ({ probes, lastProbe }: ExperimentStatus): readonly ProbeResult[] =>
  lastProbe && !probes.some(({ name }) => name === lastProbe.name) ? [...probes, lastProbe] : probes;

export const finishedRun = (result: ExperimentResult): RunOnTimeline => ({
  isLive: false,
  phase: 'done',
  nowMs: null,
  stateOf: (path) => stateIn(result.steps, path),
  holds: (when) => holdsIn(result.probes, when),
  probes: result.probes,
});
