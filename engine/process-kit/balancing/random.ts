import type { Endpoint, Pick } from './endpoint.ts';

/** Each replica with a probability in proportion to its weight, whatever came before. */
export const createRandom =
  (random: () => number): Pick =>
  (candidates) =>
    drawn(candidates, random);

/** A candidate by its weight. With `except`, one of the others, of which there must be one. */
export function drawn(candidates: readonly Endpoint[], random: () => number, except?: Endpoint): Endpoint {
  let left = random() * candidates.reduce((sum, endpoint) => sum + (endpoint === except ? 0 : endpoint.weight), 0);
  let last = candidates[0] as Endpoint;
  for (const endpoint of candidates) {
    if (endpoint === except) continue;
    last = endpoint;
    left -= endpoint.weight;
    if (left < 0) break;
  }
  return last;
}
