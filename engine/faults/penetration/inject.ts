import type { z } from 'zod';
import { startCacheReader } from '../cache-reader.ts';
import { proveReads, proveReadsOver } from '../cache-reads.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { seededRandom } from '../random.ts';
import { untilAborted } from '../until-aborted.ts';
import type { penetrationDefinition } from './definition.ts';

type Parameters = z.output<(typeof penetrationDefinition)['parameters']>;

export const injectPenetration: Injector<ProcessTarget, Parameters> = async (target, parameters, options) => {
  const { id, seed, signal } = options;
  const random = seededRandom(seed);
  const digits = (): string => String(Math.floor(random() * 1e9)).padStart(9, '0');
  const reader = await startCacheReader(target, {
    name: `archipel-${id}`,
    ratePerSec: parameters.ratePerSec,
    nextKey: () => `${parameters.prefix}${digits()}${digits()}`,
  });
  return {
    proveEffect: () => proveReads(reader, 'misses'),
    proveRemoval: () => proveReadsOver(target, reader),
    undone: untilAborted(signal).then(() => reader.stop()),
  };
};
