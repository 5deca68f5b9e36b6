import type { CircuitBreaker as Settings } from '../../model/policies.ts';
import { createSlidingRatio } from './sliding-ratio.ts';

export type BreakerState = 'closed' | 'half-open' | 'open';

/** A call that was let through, until it is told how it ended. */
export type Permit = number;

/**
 * Closed, open, half-open: Michael Nygard, "Release It!", 2nd edition 2018, and the state machine of resilience4j.
 * Each permit is given back once, by `record` or by `release`.
 */
export interface CircuitBreaker {
  /** Whether a call that begins now would be turned away. */
  rejects(): boolean;
  /** Null: the call must not be made. */
  pass(): Permit | null;
  record(permit: Permit, failed: boolean): void;
  /** The call ended in a way that tells nothing about the target. */
  release(permit: Permit): void;
  state(): BreakerState;
  /** How often it opened so far. */
  opened(): number;
}

export function createCircuitBreaker({ trip, openMs, halfOpenProbes }: Settings, now: () => number): CircuitBreaker {
  let state: BreakerState = 'closed';
  /** Grows with each change of state: a permit of an earlier one tells nothing about this one. */
  let era = 0;
  let openedAtMs = 0;
  let opened = 0;
  let probes = 0;
  let proven = 0;
  let trips = createTrip(trip, now);

  const enter = (next: BreakerState): void => {
    state = next;
    era += 1;
    probes = 0;
    proven = 0;
    if (next === 'closed') trips = createTrip(trip, now);
    if (next === 'open') {
      openedAtMs = now();
      opened += 1;
    }
  };
  const lookAtClock = (): void => {
    if (state === 'open' && now() - openedAtMs >= openMs) enter('half-open');
  };

  const rejects = (): boolean => {
    lookAtClock();
    return state === 'open' || (state === 'half-open' && probes >= halfOpenProbes);
  };

  return {
    rejects,
    pass() {
      if (rejects()) return null;
      if (state === 'half-open') probes += 1;
      return era;
    },
    record(permit, failed) {
      if (permit !== era) return;
      if (state === 'closed') {
        if (trips(failed)) enter('open');
      } else if (failed) enter('open');
      else {
        proven += 1;
        if (proven === halfOpenProbes) enter('closed');
      }
    },
    release(permit) {
      if (permit === era && state === 'half-open') probes -= 1;
    },
    state() {
      lookAtClock();
      return state;
    },
    opened: () => opened,
  };
}

/** Takes the outcomes one after the other, and says after each whether it is time to open. */
function createTrip(trip: Settings['trip'], now: () => number): (failed: boolean) => boolean {
  if (trip.type === 'consecutive') {
    let inARow = 0;
    return (failed) => {
      inARow = failed ? inARow + 1 : 0;
      return inARow >= trip.failures;
    };
  }
  const outcomes = createSlidingRatio(trip.windowMs, now);
  return (failed) => {
    outcomes.add(failed);
    return failed && outcomes.total() >= trip.minSamples && outcomes.failureRatio() >= trip.ratio;
  };
}
