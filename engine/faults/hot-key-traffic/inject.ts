import { injectAct } from '../inject-act.ts';
import { untilMeasured } from '../until-measured.ts';
import type { HotKeyTrafficParameters } from './act.ts';

/** So long is waited for requests with keys. */
const LOOK_MS = 3000;
const ENOUGH = 20;

export const injectHotKeyTraffic = injectAct<HotKeyTrafficParameters>('hot-key-traffic', {
  async effect({ parameters: { share, key }, state }) {
    const measured = await untilMeasured(state, ({ drawn, hot }) => (drawn ?? 0) >= ENOUGH && (hot ?? 0) > 0, LOOK_MS);
    const { drawn = 0, hot = 0 } = measured;
    return {
      holds: hot > 0,
      evidence:
        drawn === 0
          ? `no request of a route with a key came within ${LOOK_MS} ms`
          : `${hot} of ${drawn} requests asked for key ${key} (expected at least ${Math.round(100 * share)} %)`,
    };
  },
});
