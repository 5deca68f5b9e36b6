import { injectAct } from '../inject-act.ts';
import type { DiscoveryStaleParameters } from './act.ts';

const LOOK_EVERY_MS = 100;
const ANSWER_MS = 2000;

export const injectDiscoveryStale = injectAct<DiscoveryStaleParameters>('discovery-stale', {
  // Its effect can only be seen once a target's replicas change, which may be at any time while it is on.
  async effect({ state }) {
    for (;;) {
      const { on, measured } = await state();
      const { heldBack = 0, staleCalls = 0 } = measured ?? {};
      if (staleCalls > 0)
        return {
          holds: true,
          evidence: `${heldBack} changed ${heldBack === 1 ? 'list' : 'lists'} of addresses held back, ${staleCalls} calls made by the old one since`,
        };
      if (!on)
        return {
          holds: false,
          evidence:
            heldBack === 0
              ? 'the addresses of no target that fits changed while it was on'
              : `${heldBack} changed lists of addresses held back, and no call was made meanwhile`,
        };
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  },
  async removal({ target, state }) {
    const answers = await target.healthy(ANSWER_MS);
    const { on, measured } = await state();
    const outOfDate = measured?.outOfDate ?? 0;
    return {
      holds: answers && !on && outOfDate === 0,
      evidence: `the process, which ${answers ? 'answers' : 'does not answer'} its health check, uses ${outOfDate === 0 ? 'the newest addresses of all its targets' : `old addresses of ${outOfDate} targets`}`,
    };
  },
});
