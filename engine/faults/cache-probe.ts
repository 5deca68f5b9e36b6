import type { Measurement, ProcessTarget } from './inject.ts';

/** What a cache that works does: it takes a key and gives it back. */
export async function probeCache(target: ProcessTarget): Promise<Measurement> {
  const { holds, keys } = (await target.call('cache-probe', {})) as { holds: boolean; keys: number };
  return {
    holds,
    evidence: `a key was written and ${holds ? 'read back' : 'not found again'}; the cache holds ${keys} keys`,
  };
}
