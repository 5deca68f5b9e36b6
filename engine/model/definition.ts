import type { z } from 'zod';
import type { Destination } from './broker.ts';
import type { CausedCall, RoutedRequest } from './caused-calls.ts';
import type { Protocol } from './edge.ts';
import type { MessageProtocol } from './message-protocols.ts';
import type { ArchipelEdge, ArchipelNode } from './parts.ts';
import type { UnitPrice } from './price-sheet.ts';

/** A problem in a document: where it is, what is wrong, and what to do next. */
export interface DocumentError {
  /** JSON path, e.g. `$.nodes[2].config.replicas`. */
  path: string;
  message: string;
  nextStep: string;
}

/** One figure that a kind shows beside requests and latency, derived from what its processes count. */
export interface MeasureDefinition {
  id: string;
  title: string;
  help: string;
  unit: 'count' | 'ratio' | 'times' | 'ms' | 'bytes' | 'per second';
  /** Of a gauge that stands for a state: the words for 0, 1, 2 … */
  states?: readonly string[];
  source:
    | { type: 'rate'; counter: string }
    /** Since the topology started; in the result of a run, during the run. */
    | { type: 'total'; counter: string }
    /** Of counters, each side summed, over the last second; in the result of a run, over the run. */
    | { type: 'ratio'; numerator: readonly string[]; denominator: readonly string[] }
    /** The newest value of each replica. */
    | { type: 'gauge'; gauge: string; over: 'sum' | 'max' | 'mean' }
    /** In milliseconds, over the last second; in the result of a run, over the run. Merged over replicas, never averaged. */
    | { type: 'percentile'; histogram: string; percentile: number };
  /** Shown on the card, not only in the inspector. */
  onCard?: boolean;
  /** Where the inspector shows it, if a kind has many: under this title, with the others of the same. */
  section?: string;
}

/** A counter of a kind that costs money. */
export interface BilledCounter {
  price: UnitPrice;
  counter: string;
  /** What the counter counts, in one unit of the price. */
  perUnit: number;
  /** Of the quantity, e.g. "GB-s". */
  unit: string;
  /** It counts requests: what the other counters cost is shared out among them. */
  isRequest?: boolean;
  /** It grows whether requests come or not. */
  isStanding?: boolean;
}

/** What must add up in a process of a kind: whatever was begun has ended in one of these ways, or is still open. */
export interface BalanceDefinition {
  /** What is counted, e.g. "invocations". */
  title: string;
  /** Names of counters. */
  begun: string;
  ended: readonly { counter: string; title: string }[];
  /** Name of the gauge that counts what is open. */
  open: string;
}

/** What the isomorphic half of a node kind says. Palette, forms, validation and spawning derive from it. */
export interface KindDefinition<Kind extends string = string, Config extends z.ZodObject = z.ZodObject> {
  kind: Kind;
  title: string;
  /** One or two sentences for the palette and the inspector. */
  help: string;
  family: 'traffic' | 'edge' | 'compute' | 'storage' | 'messaging';
  /** The schema of `node.config`. Each field carries `.meta({ title, description })` for the form. */
  config: Config;
  /** A config that a new node starts with, and that parses. */
  defaults: z.input<Config>;
  /** What a node of this kind accepts, or null when nothing may call it. */
  accepts: Protocol | null;
  /** Where its processes answer health checks over HTTP; default: where all programs of ours do. */
  healthPath?(config: z.output<Config>): string;
  /** What a node of this kind may call. */
  calls: readonly Protocol[];
  /**
   * Of a broker: what messages go to. An edge to it publishes, and one that leaves it delivers: the node at its end dials
   * the broker.
   */
  destinations?(config: z.output<Config>): Destination[];
  /** How many ports each of its processes has for its callers, such as one for each broker of a cluster; default: 1. */
  doors?(config: z.output<Config>): number;
  /** Brokers may deliver to it. */
  consumes?: readonly MessageProtocol[];
  /** Cores that one of its processes can keep busy. `all`: it starts processes of its own. Default: one. */
  cores?: 'one' | 'all';
  /** How a changed config reaches running processes. */
  applyConfig: 'live' | 'restart';
  /** A node of this kind that does not start leaves the others running: it is shown as dead, with the reason. */
  failsAlone?: boolean;
  /** Ids of the faults that can act on its processes. */
  faults: readonly string[];
  /** Whose program its processes run: ours, one that we start, or one that runs elsewhere and is only used. Default: ours. */
  program?(config: z.output<Config>): 'ours' | 'foreign' | 'remote';
  /**
   * Which field of the config counts its processes, and how many run besides: those come first, and are ready before the
   * others start. Default: `replicas`, and none.
   */
  replicaCount?: { field: string; besides: number };
  /** How many modules are built, tested and deployed together as this node. Default: one. */
  modules?(config: z.output<Config>): number;
  /** What a replica is called, where they are not all alike. */
  replicaTitle?(replica: number): string;
  /** Figures of its own. */
  measures?: readonly MeasureDefinition[];
  /** What of it is billed by what it executes; else its replicas are billed by the hour. */
  billed?: readonly BilledCounter[];
  /** What must add up of what its processes count; a run of which it does not gets no verdict. */
  balances?: readonly BalanceDefinition[];
  /** What of it is real, and what is modelled, in a few words each: the label that the inspector and the reports show. */
  fidelity: { real: readonly string[]; modelled: readonly string[] };
  /**
   * Parts of a config that run as a program of the document's author, with paths relative to the config. They run only
   * after the user has trusted the document.
   */
  code?(config: z.output<Config>): { path: string; text: string }[];
  /**
   * The HTTP calls that a request to it causes, as far as its config tells; without a request, those of all requests that
   * it knows. Paths are relative to the config; `edges` are the ids of those that leave the node.
   */
  causes?(config: z.output<Config>, request: RoutedRequest | null, edges: readonly string[]): CausedCall[];
  /** Checks that a schema cannot say, e.g. that a step's edge leaves this node. Paths are relative to the config. */
  check?(node: { config: z.output<Config> }, context: KindCheckContext): DocumentError[];
}

export interface KindCheckContext {
  node: ArchipelNode;
  /** Edges that leave this node, with the protocol that their target accepts; to a broker, with what it has. */
  outgoing: readonly NeighbourEdge[];
  /** Edges along which brokers deliver to this node. */
  deliveries: readonly NeighbourEdge[];
}

export interface NeighbourEdge {
  edge: ArchipelEdge;
  protocol: Protocol | null;
  /** Of the broker at the other end; null where there is none, or where its config cannot be read. */
  destinations: readonly Destination[] | null;
}

/** What the isomorphic half of a fault says. */
export interface FaultDefinition<Id extends string = string, Parameters extends z.ZodObject = z.ZodObject> {
  fault: Id;
  title: string;
  help: string;
  /** What it acts on, one at a time; of more, on each of them. Those on a group, or on anything, are made of other faults. */
  target: 'process' | 'edge' | 'node' | 'group' | 'any';
  /** Of a fault on a group. */
  composition?: Composition<z.output<Parameters>>;
  /** Which faults it puts on, and where, is told only when it is over. */
  hidden?: boolean;
  family: FaultFamily;
  /** Of a fault on edges that understands what travels there: protocols of the edges that it can act on. Default: all. */
  protocols?: readonly Protocol[];
  /** How many processes a node has at least where it can act. Default: 1. */
  leastReplicas?: number;
  /** The process goes on answering its health check while the fault is on. */
  staysReady?: boolean;
  /** What a probability below 1 is drawn for. Default: each time that a schedule puts it on. */
  probability?: 'request' | 'message' | 'connection' | 'activation';
  /** Parameters that a ramp brings up, with the values that have no effect. Without any it cannot grow. */
  ramps?: Readonly<Record<string, number>>;
  /** By which steps: equal ones, or equal factors where only the order of magnitude is felt. Default: linear. */
  rampScale?: 'linear' | 'geometric';
  parameters: Parameters;
  defaults: z.input<Parameters>;
  /** Says why the fault cannot act on an operating system, or how it differs there. */
  limits: Partial<Record<NodeJS.Platform, string>>;
  /** Says why, on an operating system, it cannot act on a program that is not ours at all. */
  foreignLimits?: Partial<Record<NodeJS.Platform, string>>;
}

/** Faults that are put on a group together: on everywhere or nowhere, and off together. */
export interface Composition<Parameters> {
  groups: readonly ('host' | 'zone')[];
  /** In the order in which they are put on. */
  parts(parameters: Parameters): readonly ComposedPart[];
}

export interface ComposedPart {
  fault: string;
  /** The processes in the group, the edges across its border, or those of them that lead into it. */
  on: 'processes' | 'edges' | 'incoming-edges';
  parameters: Record<string, unknown>;
}

/** How the window and the documentation put them together. */
export type FaultFamily =
  | 'process'
  | 'resource'
  | 'network'
  | 'http'
  | 'storage'
  | 'messaging'
  | 'traffic'
  | 'control'
  | 'function'
  | 'group';

export interface Catalogue {
  kinds: readonly KindDefinition[];
  faults: readonly FaultDefinition[];
}
