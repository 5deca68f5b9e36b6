import type { ProbeResult, StepResult } from '../api/types.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Journal } from './journal.ts';
import type { Looks } from './looks.ts';
import type { Observation } from './observation.ts';
import type { Timeline } from './phases.ts';
import type { TakeBack } from './take-back.ts';
import type { ExperimentWorld } from './world.ts';

/** One experiment on its way. */
export interface Course {
  experiment: Experiment;
  scenario: Scenario;
  /** The scenarios that steps may send instead. */
  scenarios: readonly Scenario[];
  seed: number;
  world: ExperimentWorld;
  /** Filled as the experiment goes on. */
  timeline: Timeline;
  journal: Journal;
  looks: Looks;
  /** What steps have done and nobody has taken back yet. */
  takeBack: TakeBack;
  steps: StepResult[];
  rollbacks: StepResult[];
  /** Probes that were steps of the method. */
  probed: ProbeResult[];
  /** The longest that a request of this traffic can take: its wait for a connection, then its timeout. */
  longestRequestMs: number;
  /** Throws once the experiment is stopped, or the part of it that waits. */
  wait(durationMs: number): Promise<void>;
  /** What was observed so far. */
  observation(): Observation;
  /** Tells what a step does now, in words; null when it has ended. */
  tell(step: StepResult, words: string | null): void;
  /** Tells what a step has measured. */
  measured(probe: ProbeResult): void;
}
