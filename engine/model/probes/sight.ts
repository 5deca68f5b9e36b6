import type { LogLine } from '../log-line.ts';

/** What a probe that looks at the running system can see of it. */
export interface ProbeSight {
  now(): number;
  /** A real request to a node, beside its callers, or through the link of an edge. Throws where no answer comes. */
  http(request: HttpLook): Promise<HttpSeen>;
  /** The rows of a statement that only reads. */
  query(statement: { node: string; sql: string }): Promise<Record<string, unknown>[]>;
  /** Figures of nodes, edges and traffic as they are now. */
  picture(): Picture;
  /** Of a broker: what it holds and what became of its messages, looked at now. */
  messages(broker: string): Promise<readonly QueueSeen[]>;
  /** Lines of a node's log since then, the oldest first. */
  logs(node: string, range: { fromMs: number; toMs: number }): readonly LogLine[];
  /** What nodes with a price have cost in the run so far, by id. */
  costs(): Readonly<Record<string, CostSeen>>;
  /** Requests so far, overall and by route, and whether they add up. */
  traffic(): TrafficSeen;
  /** Texts that match a pattern, found within a bounded time. */
  matching(pattern: string, texts: readonly string[]): readonly string[];
}

export interface CostSeen {
  amount: number;
  /** Null where requests have no cost of their own, or none came. */
  perRequest: number | null;
  /** Null: there is none. */
  breakEvenPerSec: number | null;
}

/** One destination for one subscription; figures by the names that the probe has for them. */
export interface QueueSeen {
  destination: string;
  subscription: string;
  figures: Record<string, number | null>;
}

export interface HttpLook {
  node?: string | undefined;
  edge?: string | undefined;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
  timeoutMs: number;
}

export interface HttpSeen {
  status: number;
  /** JSON where the answer is, else text. */
  body: unknown;
  latencyMs: number;
}

export interface Picture {
  nodes: Record<string, NodeSeen>;
  edges: Record<string, Record<string, number | null>>;
  traffic: Record<string, number | null>;
}

export interface NodeSeen {
  state: string;
  replicas: readonly { replica: number; state: string; pid: number | null }[];
  figures: Record<string, number | null>;
}

export interface Counted {
  issued: number;
  ok: number;
  failed: number;
  dropped: number;
  inFlight: number;
}

export interface TrafficSeen extends Counted {
  routes: Record<string, Counted>;
  conservation: { holds: boolean; equation: string };
}
