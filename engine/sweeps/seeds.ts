import { createRandom, streamOf } from '../traffic/random.ts';

const stream = streamOf('sweep');

/** The seed of a step: it follows from that of the sweep, and says nothing of those of the other steps. */
export const derivedSeed = (seed: number, step: number): number =>
  Math.floor(createRandom(seed, stream, step)() * 2 ** 32);
