import { injectAct } from '../inject-act.ts';
import { untilMeasured } from '../until-measured.ts';
import type { RetryStormParameters } from './act.ts';

/** So long is waited for a request that fails. */
const LOOK_MS = 3000;

export const injectRetryStorm = injectAct<RetryStormParameters>('retry-storm', {
  async effect({ state }) {
    const measured = await untilMeasured(state, ({ again }) => (again ?? 0) > 0, LOOK_MS);
    const { failed = 0, again = 0 } = measured;
    return {
      holds: again > 0,
      evidence:
        failed === 0 ? `no request failed within ${LOOK_MS} ms` : `${failed} attempts failed, ${again} were sent again`,
    };
  },
});
