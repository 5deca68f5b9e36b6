import type { FaultCourse, FaultTarget } from '../../model/fault.ts';

/** A measured proof: what was looked at, what was seen, and whether it shows what it should. */
export interface Proof {
  holds: boolean;
  /** E.g. "round trip 0.4 ms → 200.6 ms (expected + 200 ms)". */
  evidence: string;
  atMs: number;
}

/** One of those that a fault acts on. Without a replica: the node as a whole. */
export type FaultMember = { node: string; replica: number | null } | { edge: string };

/** One of the faults that another is made of. */
export interface FaultPart {
  fault: string;
  members: FaultMember[];
  parameters: Record<string, unknown>;
  startedAtMs: number;
  /** Null while it is on. */
  endedAtMs: number | null;
  proofOfEffect: Proof | null;
  proofOfRemoval: Proof | null;
  /** Why it did not come off, or null. */
  error: string | null;
}

export interface FaultStatus {
  id: string;
  fault: string;
  target: FaultTarget;
  /** Whom the target came to when the fault was put on; left out where that is not told. */
  members?: FaultMember[];
  /** The faults that it is made of; of a hidden one, once it is over. */
  parts?: FaultPart[];
  parameters: Record<string, unknown>;
  course: FaultCourse;
  seed: number;
  state: 'starting' | 'on' | 'ending' | 'off' | 'failed';
  /** It acts now: it is on, and its schedule has its turn. */
  active: boolean;
  /** How often it has been put on. */
  activations: number;
  /** When its schedule puts it on next, or null. */
  nextAtMs: number | null;
  startedAtMs: number;
  /** When it comes off by itself unless it is renewed. */
  expiresAtMs: number;
  endedAtMs: number | null;
  endedBy: 'lease' | 'cleared' | 'stop' | null;
  proofOfEffect: Proof | null;
  proofOfRemoval: Proof | null;
  /** Set when the state is `failed`. */
  error: string | null;
}
