import type { ProbeResult, RunResult, StepResult } from '../api/types.ts';
import type { Recording } from '../metrics/recording.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import type { Experiment, Probe } from '../model/experiment.ts';
import type { Scenario } from '../model/scenario.ts';
import type { RecordedLook } from './looks.ts';
import type { Timeline } from './phases.ts';

/** What an experiment has observed, or has so far. */
export interface Observation {
  experiment: Experiment;
  scenario: Scenario;
  timeline: Timeline;
  recording: Recording;
  /** The traffic as a whole. */
  run: RunResult;
  looksOf(probe: Probe): readonly RecordedLook[];
  /** Probes that were steps of the method, as they were measured then. */
  probed: readonly ProbeResult[];
  steps: readonly StepResult[];
  rollbacks: readonly StepResult[];
  hostBusy(range: TimeRange): string | null;
}

/** An observation with what had an effect when, and when it was over. */
export interface Effects extends Observation {
  effects: readonly { id: string; on: TimeRange }[];
  recoveredAtMs: number | null;
}
