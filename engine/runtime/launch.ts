import type { Candidate, Findings } from '../metrics/messages/ledger.ts';
import type { ArchipelError } from '../model/error.ts';
import type { PeekedPage, PeekOf } from '../model/peek.ts';
import type { RewindTo } from '../model/rewind.ts';
import type { WiredEdge } from '../process-kit/protocol.ts';
import type { Environment } from './environment.ts';

/** A program of ours, run by Node with the process kit. */
export interface NodeLaunch {
  type: 'node';
  /** File in the bundle directory. */
  bundle: string;
  /** What its heap may grow to; a process that needs more ends. Null: as Node has it. */
  memoryLimitMb?: number | null;
  /** Whether the program at this port is ready for work. Never throws. Default: whether it answers its health path by HTTP. */
  healthy?(port: number, timeoutMs: number): Promise<boolean>;
  /** Of a broker: what it holds; `call` asks its process, by the names of its `calls`. */
  broker?(port: number, call: (name: string, payload: unknown) => Promise<unknown>): BrokerSight;
}

/** A foreign program that the engine starts as a process. */
export interface CommandLaunch {
  type: 'command';
  command: string;
  args: string[];
  /** In addition to what all processes have; undefined takes a variable away. */
  env: Record<string, string | undefined>;
  /** Asked at each start, when the outgoing edges are known. */
  environmentFor?(edges: readonly WiredEdge[]): Record<string, string>;
  cwd: string;
  /** Set where the program must not run as root. */
  uid?: number;
  gid?: number;
  port: number;
  /** Asks it to end gracefully. */
  stopSignal: NodeJS.Signals;
  /** What the guardian sends first when the engine is gone; SIGKILL follows. */
  guardianSignal: NodeJS.Signals;
  login?: WiredEdge['login'];
  /** How long it may take to become ready; default 30 s. */
  readyWithinMs?: number;
  /** How long it may take to end when it is asked to; default: as long as ours may. */
  stopWithinMs?: number;
  /** Asked to end, it drops what it has in flight: its callers are waited for before. */
  dropsRequests?: boolean;
  /** What it must do to become ready, for its user. */
  advice?: string;
  /** Runs before every start of the process, to clear away what an earlier one that was killed has left. */
  prepare?(): Promise<void>;
  /** True when it is ready for work. Never throws. */
  healthy(timeoutMs: number): Promise<boolean>;
  /** Runs once, after it is ready for the first time, and before anyone may use it. */
  setUp(): Promise<void>;
  /** Counters and gauges of its kind, asked for about once a second while it runs. Never throws. */
  measure?(): Promise<Foreign>;
  /** Of a broker: what it holds. */
  broker?(): BrokerSight;
  /** What faults ask of it; names and payloads belong to the kind. */
  call?(name: string, payload: unknown): Promise<unknown>;
  /** Why it ended before it was ready, from its last log lines, and what to do about it. */
  explain?(logLines: readonly string[]): ArchipelError;
}

/** Something that runs elsewhere: used, never started, stopped or killed. */
export interface RemoteLaunch {
  type: 'remote';
  host: string;
  port: number;
  login?: WiredEdge['login'];
  healthy(timeoutMs: number): Promise<boolean>;
  setUp(): Promise<void>;
  measure?(): Promise<Foreign>;
  /** Of a broker: what it holds. */
  broker?(): BrokerSight;
}

/** The engine's own look at what a broker holds, beside all clients. Its connections end with the topology. */
export interface BrokerSight {
  /** All destinations of its config. Rejects when there is no answer in time. */
  look(): Promise<DestinationSeen[]>;
  /**
   * Which of these messages it still has for a subscription, and which it let go of by its own rules. In one moment, or so
   * that a message that moves within the broker is never missed. Rejects when there is no answer in time.
   */
  held(
    of: { destination: string; subscription: string },
    asked: readonly Candidate[],
  ): Promise<Omit<Findings, 'asked'>>;
  /** What lies in one destination, which stays as it is: nothing is taken, acknowledged, moved or counted. */
  peek(of: PeekOf): Promise<PeekedPage>;
  /** Sets the position of a group of a log back. Resolves with how many messages come again. Absent: it has no logs. */
  rewind?(of: { destination: string; group: string; from: RewindTo }): Promise<number>;
}

export interface DestinationSeen {
  name: string;
  /** Messages that wait: to be taken, or for their time. */
  depth: number;
  /** Messages that consumers have and have not acknowledged; null where the broker does not say. */
  unacked: number | null;
  /** Messages that the furthest group has still to be through with. */
  lag: number;
  /** Since when the oldest of them waits, in epoch milliseconds; null where none does, undefined where nobody knows. */
  oldestAtMs: number | null | undefined;
  /** Set aside because a consumer rejected them. */
  setAside: number;
}

/** What a program that is not ours tells of itself, in the names of its kind's measures. */
export interface Foreign {
  counters?: Record<string, number>;
  gauges?: Record<string, number>;
}

export type Launch = NodeLaunch | CommandLaunch | RemoteLaunch;

/** What a launcher is told of the replica that it starts. */
export interface LaunchContext<Config> {
  config: Config;
  /** Its number, from 0. */
  replica: number;
  /** The same object for all replicas of a running node: a key for what they share. */
  scope: object;
  /** A private directory for this replica that survives its restarts and goes with the run. */
  directory: string;
  /** A free port on 127.0.0.1, kept for this replica. */
  port(): Promise<number>;
  /** Ends when the topology stops. */
  signal: AbortSignal;
}

/** All that there is to tell. */
export interface FullLaunchContext<Config> extends LaunchContext<Config> {
  nodeId: string;
  environment: Environment;
  /** What paths in the document are relative to; null for a document that is in no file. */
  documentDirectory: string | null;
}

/** The host-side half of a kind: how one replica of it is started. */
export type Launcher<Config, Result extends Launch = Launch, Context = LaunchContext<Config>> = (
  context: Context,
) => Promise<Result>;
