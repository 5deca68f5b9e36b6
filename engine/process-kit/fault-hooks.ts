import { type TrafficHooks, trafficHooks } from './traffic-hooks.ts';

/** A request that a handler program is about to run. */
export interface HookedRequest {
  method: string;
  /** As the node's config has it, e.g. `/users/:id`. */
  route: string;
}

/**
 * Places where faults step into a program. All are empty while no fault is on, and then cost a look at a size.
 * A program that has such a place asks the hook; one that has not leaves it alone.
 */
export interface FaultHooks {
  /** Runs before a request's handler, in its slot. It may take time, or throw to fail the request. */
  request: Set<(request: HookedRequest) => void | Promise<void>>;
  /** Only clients send traffic. */
  traffic: TrafficHooks;
}

export const faultHooks: FaultHooks = { request: new Set(), traffic: trafficHooks };
