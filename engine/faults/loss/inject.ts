import type { Answer } from '../edge-probe.ts';
import { ANSWER_MS, answersAgain, askPlainly, untilFigures } from '../edge-proofs.ts';
import { injectOnLink } from '../inject-on-link.ts';
import type { LossParameters } from './stage.ts';

/** So many questions on each connection, over a few connections at once, for so long. */
const PER_CONNECTION = 50;
const AT_ONCE = 4;
const BUSY_MS = 6000;

export const injectLoss = injectOnLink<LossParameters, Answer>('loss', {
  before: askPlainly,

  async effect(look) {
    const { target, parameters, before } = look;
    const { retransmitMs, lossPercent } = parameters;
    const deadlineMs = performance.now() + BUSY_MS;
    let asked = 0;
    let stalled = 0;
    const isShown = (): boolean => stalled > 0 || performance.now() > deadlineMs;
    const askOften = async (): Promise<void> => {
      while (!isShown()) {
        const probe = await target.dial();
        for (let i = 0; i < PER_CONNECTION && probe.fate() === 'open' && !isShown(); i += 1) {
          const { answered, tookMs } = await probe.ask({ timeoutMs: ANSWER_MS + 8 * retransmitMs });
          // Some protocols are out of questions after the first ones.
          if (!answered) break;
          asked += 1;
          if (tookMs - before.tookMs >= 0.5 * retransmitMs) stalled += 1;
        }
        probe.close();
      }
    };
    if (before.answered) await Promise.all(Array.from({ length: AT_ONCE }, askOften));
    const { segments = 0, lost = 0 } = await untilFigures(look, (figures) => (figures.lost ?? 0) > 0, 0);
    return {
      holds: stalled > 0 && lost > 0,
      evidence: `${stalled} of ${asked} round trips stalled for about ${retransmitMs} ms or longer; the link counted ${lost} of ${segments} segments as lost (${lossPercent} % wanted)`,
    };
  },

  removal: answersAgain,
});
