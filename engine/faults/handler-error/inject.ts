import { injectAct } from '../inject-act.ts';
import { untilMeasured } from '../until-measured.ts';
import type { HandlerErrorParameters } from './act.ts';

/** So long is waited for a request that it can fail. */
const LOOK_MS = 3000;

export const injectHandlerError = injectAct<HandlerErrorParameters>('handler-error', {
  async effect({ state }) {
    const measured = await untilMeasured(state, ({ failed }) => (failed ?? 0) > 0, LOOK_MS);
    const { seen = 0, failed = 0 } = measured;
    return {
      holds: failed > 0,
      evidence:
        seen === 0 ? `no request came within ${LOOK_MS} ms` : `${failed} of ${seen} requests failed in the handler`,
    };
  },
});
