import { injectAct } from '../inject-act.ts';
import { leftNothing } from '../left-nothing.ts';
import { untilMeasured } from '../until-measured.ts';
import type { MalformedParameters } from './act.ts';

/** So long is waited for what becomes of the first. */
const LOOK_MS = 5000;

export const injectMalformed = injectAct<MalformedParameters>('malformed', {
  async effect({ state }) {
    const measured = await untilMeasured(
      state,
      ({ refused, closed, silent }) => (refused ?? 0) + (closed ?? 0) + (silent ?? 0) > 0,
      LOOK_MS,
    );
    const { sent = 0, refused = 0, closed = 0, silent = 0 } = measured;
    return {
      holds: refused + closed + silent > 0,
      evidence:
        sent === 0
          ? `no request came within ${LOOK_MS} ms that it could go beside`
          : `${sent} sent: ${refused} answered with a status 4xx, ${closed} closed without one, ${silent} left without a word`,
    };
  },
  removal: leftNothing('open', 'connections'),
});
