import { injectAct } from '../inject-act.ts';
import { untilMeasured } from '../until-measured.ts';
import type { DiscoveryErrorParameters } from './act.ts';

/** So long is waited for a call that it can fail. */
const LOOK_MS = 3000;

export const injectDiscoveryError = injectAct<DiscoveryErrorParameters>('discovery-error', {
  async effect({ state }) {
    const { seen = 0, failed = 0 } = await untilMeasured(state, (measured) => (measured.failed ?? 0) > 0, LOOK_MS);
    return {
      holds: failed > 0,
      evidence:
        seen === 0
          ? `no call that fits came within ${LOOK_MS} ms`
          : `${failed} of ${seen} calls did not find their target`,
    };
  },
});
