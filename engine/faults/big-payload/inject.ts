import { injectAct } from '../inject-act.ts';
import { untilMeasured } from '../until-measured.ts';
import type { BigPayloadParameters } from './act.ts';

/** So long is waited for a request with a body. */
const LOOK_MS = 3000;

export const injectBigPayload = injectAct<BigPayloadParameters>('big-payload', {
  async effect({ parameters: { sizeKb }, state }) {
    const measured = await untilMeasured(state, ({ big }) => (big ?? 0) > 0, LOOK_MS);
    const { bodies = 0, big = 0 } = measured;
    return {
      holds: big > 0,
      evidence:
        bodies === 0
          ? `no request with a body came within ${LOOK_MS} ms`
          : `${big} of ${bodies} bodies had ${sizeKb} KB`,
    };
  },
});
