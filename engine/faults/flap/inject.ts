import { silentMs } from '../cut-proofs.ts';
import type { Answer } from '../edge-probe.ts';
import { ANSWER_MS, answersAgain, askFresh, askPlainly, inWords } from '../edge-proofs.ts';
import { injectOnLink } from '../inject-on-link.ts';
import type { FlapParameters } from './stage.ts';

/** Asked so often in the shorter of both times. */
const ASKED_PER_SPAN = 10;

export const injectFlap = injectOnLink<FlapParameters, Answer>('flap', {
  before: askPlainly,

  /** Down, up and down again, as a caller sees it. */
  async effect({ target, parameters: { downMs, upMs }, before, figures }) {
    if (!before.answered) return { holds: false, evidence: `there was no answer before it either: ${inWords(before)}` };
    const everyMs = Math.min(downMs, upMs) / ASKED_PER_SPAN;
    const deadlineMs = performance.now() + 2 * (downMs + upMs) + ANSWER_MS;
    const seen: boolean[] = [];
    while (seen.length < 3 && performance.now() < deadlineMs) {
      const { answered } = await askFresh(target, { timeoutMs: silentMs(before) });
      if (answered !== seen.at(-1)) seen.push(answered);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    const { timesDown = 0 } = await figures();
    return {
      holds: seen.length >= 3 && timesDown > 0,
      evidence: `fresh connections saw it ${seen.map((up) => (up ? 'up' : 'down')).join(', ')}; the link was down ${timesDown} times so far`,
    };
  },

  removal: answersAgain,
});
