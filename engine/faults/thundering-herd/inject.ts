import { injectAct } from '../inject-act.ts';
import { leftNothing } from '../left-nothing.ts';
import { untilMeasured } from '../until-measured.ts';
import type { ThunderingHerdParameters } from './act.ts';

/** So long is waited for requests, beyond two periods. */
const LOOK_MS = 2000;

export const injectThunderingHerd = injectAct<ThunderingHerdParameters>('thundering-herd', {
  async effect({ parameters: { periodMs }, state }) {
    const {
      herds = 0,
      largest = 0,
      released = 0,
    } = await untilMeasured(state, (measured) => (measured.herds ?? 0) > 0, 2 * periodMs + LOOK_MS);
    return {
      holds: herds > 0,
      evidence:
        herds === 0
          ? `no request came within ${2 * periodMs + LOOK_MS} ms`
          : `${released} requests went out in ${herds} ${herds === 1 ? 'herd' : 'herds'} of up to ${largest}`,
    };
  },
  removal: leftNothing('held', 'requests kept back'),
});
