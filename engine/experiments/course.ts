import type { Experiment } from '../model/experiment.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Observation } from './conclude.ts';
import type { Journal } from './journal.ts';
import type { Timeline } from './phases.ts';
import type { ExperimentWorld } from './world.ts';

/** One experiment on its way. */
export interface Course {
  experiment: Experiment;
  scenario: Scenario;
  world: ExperimentWorld;
  /** Filled as the experiment goes on. */
  timeline: Timeline;
  journal: Journal;
  /** The longest that a request of this traffic can take: its wait for a connection, then its timeout. */
  longestRequestMs: number;
  /** Throws once the experiment is stopped. */
  wait(durationMs: number): Promise<void>;
  /** What was observed so far. */
  observation(): Observation;
}
