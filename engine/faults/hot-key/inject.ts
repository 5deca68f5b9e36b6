import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import { startCacheReader } from '../cache-reader.ts';
import { proveReads, proveReadsOver } from '../cache-reads.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { untilAborted } from '../until-aborted.ts';
import type { hotKeyDefinition } from './definition.ts';

type Parameters = z.output<(typeof hotKeyDefinition)['parameters']>;

/** A key of ours goes by itself where nobody can take it away. */
const OWN_KEY_MS = 600_000;

export const injectHotKey: Injector<ProcessTarget, Parameters> = async (target, parameters, { id, signal }) => {
  const { ratePerSec, valueBytes } = parameters;
  const isOwn = parameters.key === '';
  const key = isOwn ? `archipel:hot:${id}` : parameters.key;
  const reader = await startCacheReader(target, { name: `archipel-${id}`, ratePerSec, nextKey: () => key });
  try {
    if (isOwn) await reader.execute('SET', key, 'x'.repeat(valueBytes), 'PX', String(OWN_KEY_MS));
    else if ((await reader.execute('EXISTS', key)) !== 1)
      throw new ArchipelError(
        'fault-impossible',
        `The cache holds no key "${key}".`,
        'Name one that the topology has written, or leave the key empty.',
      );
    // What was read before the key was there does not count.
    Object.assign(reader.seen, { hits: 0, misses: 0, errors: 0, slowestMs: 0 });
  } catch (error) {
    reader.stop();
    throw error;
  }
  return {
    proveEffect: () => proveReads(reader, 'hits'),
    proveRemoval: () => proveReadsOver(target, reader),
    undone: untilAborted(signal).then(async () => {
      reader.stop();
      if (isOwn && target.pid() !== null) await reader.execute('DEL', key);
    }),
  };
};
