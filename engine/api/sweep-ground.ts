import type { Recording } from '../metrics/recording.ts';
import type { ArchipelDocument } from '../model/document.ts';
import type { SweepWorld } from '../sweeps/world.ts';
import type { ChangeCalls } from './change-calls.ts';
import type { Engine } from './engine.ts';
import type { Experiments } from './experiments.ts';
import type { LiveTopology } from './live-topology.ts';
import type { HostInfo, RunResult } from './types.ts';

/** What sweeps use of the engine around them. */
export interface SweepGround {
  startTopology: Engine['startTopology'];
  stopTopology(): Promise<void>;
  applyDocument: Engine['applyDocument'];
  startTraffic: Engine['startTraffic'];
  stopTraffic(): Promise<RunResult>;
  hasTraffic(): boolean;
  takeArrivals: SweepWorld['takeArrivals'];
  wait: SweepWorld['wait'];
  hostBusy: SweepWorld['hostBusy'];
  scale: ChangeCalls['scale'];
  experiments: Pick<Experiments, 'start' | 'stop' | 'done'>;
  /** The document with all defaults; throws when it is not valid. */
  checked(document: ArchipelDocument): ArchipelDocument;
  live(): LiveTopology;
  recording(): Recording;
  host: HostInfo;
  isIdle(): boolean;
  changed(): void;
}
