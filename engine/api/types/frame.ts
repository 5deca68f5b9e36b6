import type { ExperimentStatus } from './experiments.ts';
import type { FaultStatus } from './faults.ts';
import type { JobsPicture } from './jobs.ts';
import type { SweepStatus } from './sweeps.ts';
import type { EdgeStatus, NodeStatus, TopologyState } from './topology.ts';
import type { TrafficStatus } from './traffic.ts';

/** The whole live picture. One is sent at most every 100 ms; the newest replaces the one before. */
export interface EngineFrame {
  atMs: number;
  topology: TopologyState;
  /** Why the topology last failed to start or to change, until the next attempt. */
  problem: string | null;
  nodes: Record<string, NodeStatus>;
  /** Processes that wait to become the next replica. */
  idleProcesses: number;
  edges: Record<string, EdgeStatus>;
  /** Faults that are on, and those that ended in the last minute. */
  faults: FaultStatus[];
  traffic: TrafficStatus | null;
  experiment: ExperimentStatus | null;
  /** Absent: none was started. */
  sweep?: SweepStatus;
  /** Absent: this engine has not looked at the jobs yet. */
  jobs?: JobsPicture;
}
