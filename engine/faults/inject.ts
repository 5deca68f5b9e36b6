import type { FaultPart } from '../api/types.ts';
import type { Version } from '../model/deploy.ts';
import type { Protocol } from '../model/edge.ts';
import type { StartCondition } from '../runtime/start-conditions.ts';
import type { EdgeProbe } from './edge-probe.ts';

/** A measured proof: what was looked at, what was seen, and whether it shows what it should. */
export interface Measurement {
  holds: boolean;
  /** E.g. "round trip 0.4 ms → 200.6 ms (expected + 200 ms)". */
  evidence: string;
}

/** What the half of a fault says that is at work elsewhere: whether it is, and its figures, or null where they are not known. */
export interface HalfState {
  on: boolean;
  measured: Record<string, number> | null;
}

/** A version that a fault has let go live. */
export interface LiveVersion {
  /** The version that served before. */
  from: string;
  /** The processes of the node that take requests now. */
  serving(): { version: string; pid: number | null; requests: number; errors: number }[];
  /** Whether each of them answers its health check within the time. */
  healthy(timeoutMs: number): Promise<boolean>;
  /** Resolves when the version before serves again, or another one has taken its place. */
  takeBack(): Promise<void>;
}

/** A process that a fault acts on, as the runtime hands it over. */
export interface ProcessTarget {
  nodeId: string;
  replica: number;
  /** Faults that its kind lists; the others are refused. Absent: any. */
  faults?: readonly string[];
  /** Null while it has no process. */
  pid(): number | null;
  /** Whether its health check is answered within the time. Never throws. */
  healthy(timeoutMs: number): Promise<boolean>;
  /** Ends the process and keeps it down until `start`. Resolves when the operating system has no such process any more. */
  end(how: 'graceful' | 'abrupt'): Promise<void>;
  /** Starts a new process in its place and resolves when it is ready. */
  start(): Promise<void>;
  /** The same process, for a fault that nobody is to see the name of: what is done to it gives no reason. */
  hidden?(): ProcessTarget;
  /** The port at which it listens; null while it has none. */
  port(): number | null;
  /** Requests that the process has answered, as its newest frame tells; null where the program does not tell. */
  requests(): number | null;
  /** From now on its processes start under this condition; those that are added to its node too, if it is for all. */
  impose(condition: StartCondition, forWhom: 'this' | 'all'): () => void;
  /** The other processes of its node. */
  siblings(): ProcessTarget[];
  /** Leads its callers to another process of its node, or with null to itself again. */
  leadTo(replica: number | null): Promise<void>;
  /**
   * Lets a version go live on its node, on all replicas at once, and resolves when it serves. Who lets the same version go
   * live on another replica of the node shares it. Absent where a node has no versions.
   */
  goLive?(version: Version): Promise<LiveVersion>;
  /** A call of the process kit, or of the kind where the program is not ours. */
  call(name: string, payload: unknown): Promise<unknown>;
}

/** An edge that a fault acts on. */
export interface EdgeTarget {
  edgeId: string;
  /** What travels on it. */
  protocol: Protocol;
  /** Puts a fault on the link, which takes it off by itself at `expiresAtMs`, or replaces the one with the same id. */
  setLinkFault(fault: {
    id: string;
    fault: string;
    parameters: unknown;
    seed: number;
    /** Share of the connections that it acts on; default: all. Those that it does not spare are drawn from the seed. */
    probability?: number;
    expiresAtMs: number;
  }): Promise<void>;
  clearLinkFault(id: string): Promise<void>;
  /** Whether the link has the fault, and what the fault measured there: while it is on, and for a while after. */
  linkFaultState(id: string): Promise<HalfState>;
  /** A fresh connection through the link. Resolves when it stands, is refused, or after the time. */
  dial(options?: { timeoutMs?: number }): Promise<EdgeProbe>;
  /** Median round trip through the link to the target and back, in its own protocol. Null when nothing answered. */
  roundTripMs(options: { samples: number; timeoutMs: number }): Promise<number | null>;
}

/** A node as a whole, which a fault acts on from the engine's side. */
export interface NodeTarget {
  nodeId: string;
  /** None of them alone. */
  replica: null;
  /** Faults that its kind lists. */
  faults?: readonly string[];
  /** How its autoscaler does; null where it has none. */
  autoscaler(): AutoscalerView | null;
  /** Its autoscaler changes nothing until this is called again with null, and says that this holds it. */
  holdAutoscaler(reason: string | null): void;
  /** Those that are dialled to it. */
  edges(): EdgeTarget[];
}

export interface AutoscalerView {
  /** Syncs so far, and how many of them wanted a change that was held back. */
  syncs: number;
  heldBack: number;
  syncPeriodMs: number;
  heldBy: string | null;
  desired: number;
}

/** Whatever one fault acts on. */
export type MemberTarget = ProcessTarget | EdgeTarget | NodeTarget;

/** A fault that is on. Ending the signal given to the injector undoes it; `undone` then resolves. */
export interface InjectedFault {
  proveEffect(): Promise<Measurement>;
  /** Called after `undone`. */
  proveRemoval(): Promise<Measurement>;
  undone: Promise<void>;
  /** Moves the end of the lease, where something outside the engine holds it. */
  renew?(expiresAtMs: number): Promise<void>;
  /** Changes its parameters while it is on; faults with `ramps` have it. */
  update?(parameters: never): Promise<void>;
  /** Of one that is made of others: those, as they are now. */
  parts?(): FaultPart[];
}

export interface InjectOptions {
  id: string;
  signal: AbortSignal;
  seed: number;
  /** Of the requests or connections that it acts on, for a fault whose definition says so; else 1. */
  probability: number;
  expiresAtMs: number;
  platform: NodeJS.Platform;
  /** What `prepare` measured. */
  prepared?: unknown;
}

/**
 * Puts a fault on and resolves when it is on, or throws and leaves nothing behind. Ending the signal undoes it:
 * the injector listens to it before it resolves.
 */
export interface Injector<Target, Parameters> {
  (target: Target, parameters: Parameters, options: InjectOptions): Promise<InjectedFault>;
  /**
   * Measures what the proofs compare with, where nothing acts yet. A schedule has it done ahead, so that the fault is on
   * in time; an injector that gets nothing prepared does it itself.
   */
  prepare?(target: Target, parameters: Parameters): Promise<unknown>;
}
