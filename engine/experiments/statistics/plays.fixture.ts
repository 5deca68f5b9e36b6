import { createRandom } from '../../traffic/random.ts';

/** The share of so many plays that came out true, each with random numbers of its own. */
export function shareOfPlays(plays: number, play: (random: () => number) => boolean): number {
  let hits = 0;
  for (let index = 0; index < plays; index += 1) if (play(createRandom(1, index))) hits += 1;
  return hits / plays;
}

/** Normal numbers of mean 0 and standard deviation 1. Box and Muller, 1958. */
export const normalFrom = (random: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
