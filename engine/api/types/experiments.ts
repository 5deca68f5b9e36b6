import type { LogLine } from '../../model/log-line.ts';
import type { FaultStatus } from './faults.ts';
import type { RunResult } from './runs.ts';

export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'aborted';

export interface ExperimentStatus {
  name: string;
  phase: 'starting' | 'warm-up' | 'steady-state' | 'method' | 'recovery' | 'rollback' | 'done';
  /** What is done now within the phase, in words, all steps that are active; null when there is nothing to add. */
  step: string | null;
  startedAtMs: number;
  phaseStartedAtMs: number;
  /** When the phase should be over if all goes to plan; one that takes longer is over when it is over. */
  phaseEndsAtMs: number;
  /** When it should be done if what is left goes to plan. */
  expectedEndAtMs: number;
  verdict: Verdict | null;
  /** Steps of the method and the rollbacks that have begun, as they are now: those without `endedAtMs` are active. */
  steps: StepResult[];
  /** How the probes of the phase stand, twice a second, over its newest 5 s; the verdict rests on whole phases. */
  probes: ProbeResult[];
  /** What was measured last, by a phase or by a step such as wait-until: its `observed` at `window.toMs`. Null before that. */
  lastProbe: ProbeResult | null;
}

/** What a probe's result rests on: where to look it up, and what was counted. */
export interface ProbeEvidence {
  /** The time that was measured, which a record keeps too. */
  window: { fromMs: number; toMs: number };
  /** Id of the record of the run, or null. */
  record: string | null;
  /** Of requests: what was counted in the window, such as `ok`, `failed`, `dropped`. */
  counters: Record<string, number>;
  /** Of looks: the first, the last, and those that decided; at most 20. */
  looks: ProbeLook[];
  /** Of a log: the lines that were found, the first 20 of them, long ones cut. Left out where none was. */
  lines?: LogLine[];
}

/** One look of a probe at the running system. */
export interface ProbeLook {
  atMs: number;
  /** As JSON, cut off where it is long. Null when nothing could be seen. */
  value: string | null;
  holds: boolean;
  /** What was seen beside the value, or why nothing was. */
  note: string | null;
}

export interface ProbeResult {
  name: string;
  /** What kind of probe it is, such as `latency` or `http`. */
  measure: string;
  /** `recovering`: from the last removal until the steady state held again. `method`: a step of the method. */
  phase: 'before' | 'during' | 'recovering' | 'after' | 'method';
  /** `during`: id of the fault or change that was on. A method with several is judged for each of them. */
  fault: string | null;
  /** Requests with an intended start in here were measured, or looks taken, in epoch milliseconds. */
  window: { fromMs: number; toMs: number };
  /** Null where nothing was measured, or what was seen is no number; `observed` says it then. */
  value: number | null;
  /** The value in words or JSON, short. */
  observed: string;
  unit: 'ratio' | 'ms' | 'per second' | 'count' | 'times' | 'bytes' | 'none';
  samples: number;
  /** Bounds of a range; empty where the tolerance is of another form, which `wanted` says. */
  tolerance: { min?: number; max?: number };
  /** The tolerance in words. */
  wanted: string;
  /** Distance to the nearest bound, in the probe's unit; negative when outside. Null where there is no such distance. */
  margin: number | null;
  holds: boolean;
  /** Why nothing can be concluded from it, or null. */
  inconclusive: string | null;
  evidence: ProbeEvidence;
}

/** A step of the method or of the rollbacks as it really was. */
export interface StepResult {
  /** Where it stands, such as `method[1]` or `rollbacks[0]`. */
  place: string;
  type: string;
  name: string | null;
  /** Id of the fault or change that it made, or null. */
  id: string | null;
  startedAtMs: number;
  /** When its effect was there. */
  begunAtMs: number | null;
  endedAtMs: number | null;
  /** Why it failed, or null. */
  error: string | null;
}

/** When somebody who watches the hypothesis would have noticed. */
export interface Detection {
  /** Id of the fault or change. */
  fault: string;
  /** From its effect to the end of the first slice in which a probe of the hypothesis was out of tolerance for good reason; null: none was. */
  timeToDetectMs: number | null;
  /** Name of that probe. */
  by: string | null;
}

export interface ErrorBudget {
  /** Success ratio that was to be kept. */
  objective: number;
  from: 'experiment' | 'hypothesis';
  /** Requests that may fail by it, of those between the first effect and the end of the recovery. */
  allowed: number;
  failed: number;
  /** `failed / allowed`: 1 is all of it. */
  spent: number;
}

/** Which share was affected while faults and changes were on: surely failing more often than in the steady state. */
export interface Affected {
  affected: string[];
  /** All of those that could be judged. */
  of: string[];
  /** Share of those; null where none could be. */
  share: number | null;
  /** Between which it lies with a confidence of 95 %, those that could not be judged counted both ways. */
  interval: { low: number; high: number };
}

/** What the faults and changes of the method did, measured from the first effect to the recovery. */
export interface Impact {
  window: { fromMs: number; toMs: number };
  /** Success ratio in the window; null without requests. */
  availability: number | null;
  requests: number;
  failed: number;
  detections: Detection[];
  /** From the first effect; null when nothing was noticed. */
  timeToDetectMs: number | null;
  /** From the first effect to the recovery; null when there was none. */
  timeToRecoverMs: number | null;
  /** Null without an objective: the hypothesis asks for no success ratio. */
  errorBudget: ErrorBudget | null;
  blastRadius: { routes: Affected; nodes: Affected };
}

export interface ExperimentResult extends RunResult {
  experiment: { name: string; title: string; statement: string };
  verdict: Verdict;
  /** Each reason for the verdict, the most important first. */
  reasons: string[];
  probes: ProbeResult[];
  faults: FaultStatus[];
  /** From the end of the last fault until the steady state held again; null when it did not in time. */
  recoveryMs: number | null;
  /** Null when nothing of the method had an effect. */
  impact: Impact | null;
  steps: StepResult[];
  /** Of the rollbacks; empty where the experiment has none. */
  rollbacks: StepResult[];
  /** Name of the stop condition that ended it, or null. */
  stoppedBy: string | null;
  journal: { atMs: number; event: string }[];
}
