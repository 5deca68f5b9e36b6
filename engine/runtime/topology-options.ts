import type { LogLine } from '../api/types.ts';
import type { KindDefinition } from '../model/definition.ts';
import type { ProcessFrame } from '../process-kit/protocol.ts';
import type { Environment } from './environment.ts';
import type { Guardian } from './guardian/guardian.ts';
import type { Links } from './links/links.ts';
import type { WarmPool } from './warm-pool.ts';

export interface TopologyOptions {
  environment: Environment;
  links: Links;
  guardian: Guardian;
  kinds: readonly KindDefinition[];
  /** Private to this topology, and empty; the caller removes it. */
  directory: string;
  /** What paths in the document are relative to; null or absent for one that is in no file. */
  documentDirectory?: string | null;
  /** Idle processes that become replicas; absent: none. */
  warmPool?: WarmPool;
  /** How many idle processes wait for the next replica while it runs; default: none. */
  warmProcesses?: number;
  ports: { allocate(): Promise<number>; free(port: number): void };
  onChange(): void;
  onFrame(nodeId: string, replica: number, pid: number, frame: ProcessFrame): void;
  onGone(nodeId: string, replica: number, pid: number): void;
  onLines(lines: LogLine[]): void;
  /** Share of the requests that a new process samples. */
  traceRatio?(): number | null;
}
