import type { DeployStatus, FaultStatus, RunResult } from '../api/types.ts';
import type { Recording } from '../metrics/recording.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import type { Strategy } from '../model/deploy.ts';
import type { FaultCourse, FaultTarget } from '../model/fault.ts';
import type { ProbeSight } from '../model/probes/sight.ts';
import type { Rewind } from '../model/rewind.ts';
import type { Scenario } from '../model/scenario.ts';

export type EditTarget = { node: string } | { edge: string };

/** All that an experiment needs of the running system. Times are epoch milliseconds of one clock. */
export interface ExperimentWorld {
  now(): number;
  /** Rejects as soon as the signal is aborted. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;

  /** Resolves when every node is ready. */
  startTopology(): Promise<void>;
  /** Does nothing when nothing runs. */
  stopTopology(): Promise<void>;

  /** Starts traffic that goes on until it is stopped. Traffic that was there before in this experiment counts on. */
  startTraffic(options: { scenario: Scenario; seed: number }): Promise<void>;
  /** Resolves when the last frame of every client is in the recording. Does nothing when no traffic runs. */
  stopTraffic(): Promise<void>;
  /** The scenario that is being sent, or null. */
  sends(): string | null;
  /** Of all traffic of this experiment. */
  recording(): Recording;
  /** The traffic so far, also when it is over and the topology is gone; all zeros when none was started. */
  summary(): RunResult;

  /** Resolves with the proof of effect, or with the state `failed`. */
  injectFault(
    options: {
      fault: string;
      target: FaultTarget;
      parameters: Record<string, unknown>;
      leaseMs: number;
      /** Same seed, same random choices. */
      seed?: number;
    } & Partial<FaultCourse>,
  ): Promise<FaultStatus>;
  /** The lease of a fault that is on counts anew from now. */
  renewFault(options: { id: string; leaseMs: number }): Promise<FaultStatus>;
  /** Resolves with the proof of removal. A fault that is off already stays as it is. */
  clearFault(id: string): Promise<FaultStatus>;
  clearAllFaults(): Promise<void>;

  /** Resolves when the node has so many replicas that take requests, with how many it had before. */
  scale(options: { node: string; replicas: number }): Promise<number>;
  /** Resolves when the deploy has begun. */
  deploy(options: { node: string; version: string; strategy?: Strategy | undefined }): Promise<void>;
  /** The last deploy of a node; null when there was none. */
  deployOf(node: string): DeployStatus | null;
  /** Resolves when the version before serves again. */
  rollBack(node: string): Promise<void>;

  /** Sets the position of a group of a log back. Resolves with how many messages come again. */
  rewind(options: Rewind): Promise<number>;

  /** The config that a node or an edge has now, with its defaults. */
  configOf(target: EditTarget): Record<string, unknown>;
  /** Gives a node or an edge another config. Resolves when what runs has taken it. */
  configure(options: { target: EditTarget; config: Record<string, unknown> }): Promise<void>;

  /** What probes see of the running system. */
  sight: ProbeSight;

  /** Why figures of this time cannot be trusted, e.g. because the machine had no time for the client. Null when they can. */
  hostBusy(range: TimeRange): string | null;
}
