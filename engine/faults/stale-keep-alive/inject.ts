import type { Answer } from '../edge-probe.ts';
import { ANSWER_MS, askPlainly, inWords, untilFigures } from '../edge-proofs.ts';
import type { EdgeTarget } from '../inject.ts';
import { injectOnLink } from '../inject-on-link.ts';
import { overConnections } from '../over-connections.ts';
import type { StaleKeepAliveParameters } from './stage.ts';

/** Beyond the limit, so that no clock is in doubt. */
const BEYOND_MS = 100;
/** Servers end idle connections themselves, many after five seconds. */
const MAX_IDLE_MS = 3000;
const LOOK_MS = 3000;

/** What the second question meets, on a connection that was idle for this long after the first. */
async function askAfter(target: EdgeTarget, idleMs: number): Promise<Answer> {
  const probe = await target.dial();
  try {
    const first = await probe.ask({ timeoutMs: ANSWER_MS });
    if (!first.answered) return first;
    await new Promise((resolve) => setTimeout(resolve, idleMs));
    return await probe.ask({ timeoutMs: ANSWER_MS });
  } finally {
    probe.close();
  }
}

export const injectStaleKeepAlive = injectOnLink<StaleKeepAliveParameters, Answer>('stale-keep-alive', {
  before: askPlainly,

  async effect(look) {
    const { target, parameters, probability } = look;
    const idleMs = parameters.maxIdleMs + BEYOND_MS;
    if (idleMs > MAX_IDLE_MS) {
      const isEnough = (figures: Record<string, number>): boolean => (figures.resetConnections ?? 0) > 0;
      const { resetConnections = 0 } = await untilFigures(look, isEnough, parameters.maxIdleMs + LOOK_MS);
      return {
        holds: resetConnections > 0,
        evidence: `the link forgot ${resetConnections} connections of the traffic`,
      };
    }
    let last: Answer | undefined;
    const shown = await overConnections(probability, `met a reset after ${idleMs} ms of silence`, async () => {
      last = await askAfter(target, idleMs);
      return last.fate === 'reset';
    });
    return { holds: shown.holds, evidence: `${shown.evidence}; the last one: ${last ? inWords(last) : 'none'}` };
  },

  async removal({ target, parameters }) {
    const idleMs = Math.min(parameters.maxIdleMs + BEYOND_MS, MAX_IDLE_MS);
    const answer = await askAfter(target, idleMs);
    return { holds: answer.answered, evidence: `after ${idleMs} ms of silence: ${inWords(answer)}` };
  },
});
