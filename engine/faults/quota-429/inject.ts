import { injectAct } from '../inject-act.ts';
import { untilMeasured } from '../until-measured.ts';
import type { Quota429Parameters } from './act.ts';

/** So long is waited for a request that is one too many. */
const LOOK_MS = 3000;

export const injectQuota429 = injectAct<Quota429Parameters>('quota-429', {
  async effect({ state, parameters: { ratePerSec } }) {
    const { seen = 0, refused = 0 } = await untilMeasured(state, (measured) => (measured.refused ?? 0) > 0, LOOK_MS);
    return {
      holds: refused > 0,
      evidence:
        refused > 0
          ? `the gateway answered ${refused} of ${seen} requests with 429`
          : `${seen} requests came within ${LOOK_MS} ms, none beyond ${ratePerSec} per second`,
    };
  },
});
