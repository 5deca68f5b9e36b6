import type { z } from 'zod';
import { probeCache } from '../cache-probe.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { untilAborted } from '../until-aborted.ts';
import type { expireDefinition } from './definition.ts';

type Parameters = z.output<(typeof expireDefinition)['parameters']>;

interface Expired {
  matched: number;
  chosen: number;
  expired: number;
  markerGone: boolean;
}

export const injectExpire: Injector<ProcessTarget, Parameters> = async (target, parameters, { signal }) => {
  const { matched, chosen, expired, markerGone } = (await target.call('expire', parameters)) as Expired;
  const { pattern } = parameters;
  return {
    proveEffect: async () => ({
      // A key that was written again meanwhile does not expire. Whoever names keys expects that there are some.
      holds: markerGone && expired >= 0.9 * chosen && (matched > 0 || pattern === '*'),
      evidence: `${matched} keys match "${pattern}", ${chosen} of them were to expire; the cache counted ${expired} that expired`,
    }),
    proveRemoval: () => probeCache(target),
    undone: untilAborted(signal),
  };
};
