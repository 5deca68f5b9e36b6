import type { ProcessTarget } from '../inject.ts';
import { injectAct } from '../inject-act.ts';
import { undelayed } from '../undelayed.ts';
import type { SlowBrokerParameters } from './act.ts';

const ANSWER_MS = 3000;
/** A timer may be so much early. */
const EARLY_MS = 2;
const LOOKS = 3;

/** The quickest of a few answers to the health check, which is a command as any other; infinite when none came. */
async function answerMs(target: ProcessTarget): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS; look += 1) {
    const fromMs = performance.now();
    if (await target.healthy(ANSWER_MS)) best = Math.min(best, performance.now() - fromMs);
  }
  return best;
}

export const injectSlowBroker = injectAct<SlowBrokerParameters>('slow-broker', {
  async before({ target, notes }) {
    notes.beforeMs = await answerMs(target);
  },
  async effect({ target, parameters: { delayMs }, notes: { beforeMs = 0 } }) {
    const nowMs = await answerMs(target);
    return {
      // One that does not answer at all is not slow.
      holds: Number.isFinite(nowMs) && nowMs >= delayMs - EARLY_MS && nowMs > beforeMs,
      evidence: `a command is answered after ${nowMs.toFixed(1)} ms, before after ${beforeMs.toFixed(1)} ms (expected + ${delayMs} ms)`,
    };
  },
  removal: ({ target, parameters: { delayMs }, state }) =>
    undelayed(async () => {
      const nowMs = await answerMs(target);
      const { on } = await state();
      return {
        answered: Number.isFinite(nowMs),
        holds: !on && nowMs < Math.max(delayMs, 2 * EARLY_MS),
        evidence: `a command is answered after ${nowMs.toFixed(1)} ms again`,
      };
    }),
});
