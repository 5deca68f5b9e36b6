import type { z } from 'zod';
import { createTokenBucket } from '../../process-kit/policies/token-bucket.ts';
import type { StartAct } from '../act.ts';
import type { quota429Definition } from './definition.ts';

export type Quota429Parameters = z.output<(typeof quota429Definition)['parameters']>;

export const actQuota429: StartAct<Quota429Parameters> = ({ parameters: initial, hooks }) => {
  const bucketFor = ({ ratePerSec }: Quota429Parameters) =>
    createTokenBucket({ ratePerSec, burst: Math.max(1, ratePerSec), now: () => performance.now() });
  let parameters = initial;
  let bucket = bucketFor(initial);
  let seen = 0;
  let refused = 0;
  const hook = (): number | null => {
    seen += 1;
    if (bucket.take()) return null;
    refused += 1;
    return parameters.retryAfterS;
  };
  hooks.quota.add(hook);
  return {
    update(changed) {
      // A renewal of the lease must not fill the bucket.
      if (changed.ratePerSec !== parameters.ratePerSec) bucket = bucketFor(changed);
      parameters = changed;
    },
    measured: () => ({ seen, refused }),
    stop: () => void hooks.quota.delete(hook),
  };
};
