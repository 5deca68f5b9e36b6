import type { SweepResult, SweepStatus, SweepType } from './sweeps.ts';

/**
 * `waiting`: its turn has not come. `running`. `done`, `inconclusive`: as its result says. `cancelled`: somebody ended it.
 * `interrupted`: the engine that ran it has ended. What has ended before its end keeps its points, and can go on from them.
 */
export type JobState = 'waiting' | 'running' | 'done' | 'inconclusive' | 'cancelled' | 'interrupted';

/** A sweep, a comparison or repetitions, kept on the disk so that it outlives the window and the engine that began it. */
export interface JobStatus {
  id: string;
  type: SweepType;
  /** Of the sweep, the experiment or the scenario. */
  name: string;
  /** Name of the document; of a comparison, of both. */
  document: string;
  /** Where it was started. One of a window goes on by itself when an engine of a window starts again. */
  door: 'window' | 'command';
  state: JobState;
  createdAtMs: number;
  endedAtMs: number | null;
  /** Measurements that are on the disk. */
  pointsKept: number;
  /** As it was told last; null before the first word. */
  progress: SweepStatus | null;
  /** Its finding, or why it has none; null while it has not ended by itself. */
  conclusion: string | null;
}

export interface Job {
  status: JobStatus;
  /** Null as long as it has not come to an end. */
  result: SweepResult | null;
}

/** What the live picture says of jobs. */
export interface JobsPicture {
  /** Another number: the list has changed. */
  changes: number;
  waiting: number;
  /** Id of the one that runs. */
  running: string | null;
}
