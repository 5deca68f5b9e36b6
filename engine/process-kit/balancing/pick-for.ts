import type { Balancing } from '../../model/balancing.ts';
import { createConsistentHash } from './consistent-hash.ts';
import type { Pick } from './endpoint.ts';
import { createLeastConnections, createPowerOfTwoChoices } from './least-loaded.ts';
import { createRandom } from './random.ts';
import { createRoundRobin } from './round-robin.ts';
import { createSticky } from './sticky.ts';

/** How each balancing chooses; what goes by a key goes in turn where there is none. */
export const pickFor: Record<Balancing, (random: () => number) => Pick> = {
  'round-robin': createRoundRobin,
  random: createRandom,
  'least-connections': createLeastConnections,
  'power-of-two-choices': createPowerOfTwoChoices,
  weighted: createRoundRobin,
  'consistent-hash': () => createConsistentHash(createRoundRobin()),
  sticky: () => createSticky(createRoundRobin()),
};
