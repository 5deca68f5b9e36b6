/* What the engine host and the link process say to each other, as JSON over Node's IPC channel. */

/** Where one replica of an edge's target listens. */
export interface Upstream {
  host: string;
  port: number;
}

/** Of a lane on which connections wait while it has no upstream. */
export interface HoldLimits {
  /** A connection that has waited so long is reset. */
  maxWaitMs: number;
  /** One more is reset at once. */
  maxWaiting: number;
}

export interface LinkFaultSpec {
  id: string;
  fault: string;
  /** Valid for the fault's definition; the host has parsed it. */
  parameters: unknown;
  seed: number;
  /** Share of the connections that it acts on, both directions alike; default: all. */
  probability?: number;
  /** Epoch milliseconds. The link process takes the fault off by itself then. */
  expiresAtMs: number;
}

export interface LinkFaultState {
  on: boolean;
  /** What it did and saw so far. Null of one that was never on, or long ago. */
  measured: Record<string, number> | null;
}

export type LinkOrder =
  | { type: 'open-lane'; edgeId: string; replica: number; port: number }
  | { type: 'set-upstream'; edgeId: string; replica: number; upstream: Upstream | null }
  | { type: 'close-lane'; edgeId: string; replica: number }
  /** Done when the lane has no open connection, or when the time is over. */
  | { type: 'await-unused'; edgeId: string; replica: number; withinMs: number }
  | { type: 'hold-lane'; edgeId: string; replica: number; limits: HoldLimits | null }
  | { type: 'set-fault'; edgeId: string; fault: LinkFaultSpec }
  | { type: 'clear-fault'; edgeId: string; faultId: string }
  /** Done with a `LinkFaultState`. */
  | { type: 'measure-fault'; edgeId: string; faultId: string };

export type LinkRequest = LinkOrder & { id: number };

export interface LinkStats {
  /** Open connections now. */
  connections: number;
  /** Cumulative bytes towards the callee, and back. */
  upstreamBytes: number;
  downstreamBytes: number;
}

export type LinkMessage =
  | { type: 'done'; id: number; value?: unknown }
  | { type: 'failed'; id: number; message: string }
  /** Only edges whose counters changed since the last ones. */
  | { type: 'stats'; edges: Record<string, LinkStats> /** CPU time of the link process so far. */; cpuUs: number }
  | { type: 'lease-ended'; edgeId: string; faultId: string }
  /** A connection waits for an upstream. */
  | { type: 'wanted'; edgeId: string };
