import type { Endpoint, Pick } from './endpoint.ts';
import { drawn } from './random.ts';

/** Requests in flight for each unit of weight if it took one more. */
const loadOf = ({ inFlight, weight }: Endpoint): number => (inFlight + 1) / weight;

/** The replica with the fewest requests in flight. Ties go round, or the first would take all of a quiet topology. */
export function createLeastConnections(): Pick {
  let turn = 0;
  return (candidates) => {
    const from = turn;
    turn = (turn + 1) % candidates.length;
    let best = candidates[from % candidates.length] as Endpoint;
    for (let step = 1; step < candidates.length; step += 1) {
      const endpoint = candidates[(from + step) % candidates.length] as Endpoint;
      if (loadOf(endpoint) < loadOf(best)) best = endpoint;
    }
    return best;
  };
}

/**
 * The less loaded of two drawn at random: nearly as even as looking at all, and callers that know little of each other's
 * requests do not all run to the same replica. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001.
 */
export const createPowerOfTwoChoices =
  (random: () => number): Pick =>
  (candidates) => {
    const one = drawn(candidates, random);
    if (candidates.length === 1) return one;
    const other = drawn(candidates, random, one);
    return loadOf(other) < loadOf(one) ? other : one;
  };
