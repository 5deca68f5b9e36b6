import type { AddressBook } from './address-book.ts';
import { type FunctionHooks, functionHooks } from './function-hooks.ts';
import { type TrafficHooks, trafficHooks } from './traffic-hooks.ts';

/** A request that a handler program is about to run. */
export interface HookedRequest {
  method: string;
  /** As the node's config has it, e.g. `/users/:id`. */
  route: string;
}

/** How a request fails that a fault has failed. */
export interface HookedFailure {
  status: number;
  message: string;
}

export interface PublishTrouble {
  /** It is kept back before it is sent, so that later ones overtake it. */
  holdMs?: number;
  /** It counts as confirmed, and was never sent. */
  isDropped?: boolean;
  /** Its consumers will fail each time. */
  isPoisoned?: boolean;
  /** It is sent, and nobody hears of its confirmation. */
  losesConfirmation?: boolean;
}

export interface ConsumeTrouble {
  /** The work on it begins so much later. */
  delayMs?: number;
  /** It comes a second time when it is done. */
  comesTwice?: boolean;
  /** Called when its work is done, before it is acknowledged. */
  beforeAck?(): void;
}

/**
 * Places where faults step into a program. All are empty while no fault is on, and then cost a look at a size.
 * A program that has such a place asks the hook; one that has not leaves it alone.
 */
export interface FaultHooks {
  /** Runs before a request's handler, in its slot. It may take time, and fail the request. */
  request: Set<(request: HookedRequest) => HookedFailure | null | Promise<HookedFailure | null>>;
  /** What becomes of a message that is about to be published. */
  publish: Set<(message: { destination: string }) => PublishTrouble | null>;
  /** What becomes of a message that a consumer has begun with. */
  consume: Set<(message: { destination: string }) => ConsumeTrouble | null>;
  /** Only brokers: for how long the next command is held back, in milliseconds. */
  command: Set<() => number>;
  /** Only brokers: how much longer what is written next to the disk takes, in milliseconds. */
  disk: Set<() => number>;
  /** Whether a call along an edge finds its target. */
  lookup: Set<(edge: { id: string; targetId: string }) => boolean>;
  /** Where the program's calls go; null before it has started. */
  addresses: AddressBook | null;
  /** Only gateways have quotas: null lets a request in, a number says after how many seconds it may come again. */
  quota: Set<() => number | null>;
  /** Only gateways: what an active health check of a replica is taken for. */
  healthCheck: Set<(check: { edgeId: string | null; replica: number; answered: boolean }) => boolean>;
  /** Only functions. */
  functions: FunctionHooks;
  /** Only clients send traffic. */
  traffic: TrafficHooks;
}

export const faultHooks: FaultHooks = {
  request: new Set(),
  publish: new Set(),
  consume: new Set(),
  command: new Set(),
  disk: new Set(),
  lookup: new Set(),
  addresses: null,
  quota: new Set(),
  healthCheck: new Set(),
  functions: functionHooks,
  traffic: trafficHooks,
};

/** Of several delays at one place the longest counts, in milliseconds. */
export function longest(hooks: ReadonlySet<() => number>): number {
  let delayMs = 0;
  for (const hook of hooks) delayMs = Math.max(delayMs, hook());
  return delayMs;
}
