import { probeCache } from '../cache-probe.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { untilAborted } from '../until-aborted.ts';

export const injectCacheFlush: Injector<ProcessTarget, Record<string, never>> = async (target, _, { signal }) => {
  const { removed, markerGone } = (await target.call('cache-flush', {})) as { removed: number; markerGone: boolean };
  return {
    proveEffect: async () => ({
      holds: markerGone,
      evidence: `${removed} keys were removed; a key written just before is ${markerGone ? 'gone' : 'still there'}`,
    }),
    proveRemoval: () => probeCache(target),
    undone: untilAborted(signal),
  };
};
