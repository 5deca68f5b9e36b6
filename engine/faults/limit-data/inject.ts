import type { Answer, Fate } from '../edge-probe.ts';
import { ANSWER_MS, askPlainly, untilFigures } from '../edge-proofs.ts';
import type { EdgeTarget } from '../inject.ts';
import { injectOnLink } from '../inject-on-link.ts';
import { overConnections } from '../over-connections.ts';
import type { LimitDataParameters } from './stage.ts';

/** More is not asked for at once. */
const MAX_BYTES = 40_000;
/** So long a connection of ours is kept busy until it has passed the limit. */
const BUSY_MS = 3000;
const LOOK_MS = 3000;

interface Passed {
  bytes: number;
  fate: Fate;
}

/** Asks on one connection until more than the limit would have passed. */
async function passLimit(target: EdgeTarget, { limitBytes, direction }: LimitDataParameters): Promise<Passed> {
  const probe = await target.dial();
  const deadlineMs = performance.now() + BUSY_MS;
  let bytes = 0;
  let answered = true;
  try {
    while (answered && bytes <= limitBytes && performance.now() < deadlineMs) {
      const size = Math.min(MAX_BYTES, limitBytes - bytes + 1);
      const answer = await probe.ask({
        bytes: direction === 'downstream' ? 0 : size,
        answerBytes: direction === 'upstream' ? 0 : size,
        timeoutMs: ANSWER_MS,
      });
      answered = answer.answered;
      // Of a question that was cut short nobody knows how much of it passed.
      if (direction !== 'downstream' && answered) bytes += answer.sentBytes;
      if (direction !== 'upstream') bytes += answer.receivedBytes;
    }
    return { bytes, fate: probe.fate() };
  } finally {
    probe.close();
  }
}

export const injectLimitData = injectOnLink<LimitDataParameters, Answer>('limit-data', {
  before: askPlainly,

  async effect(look) {
    const { target, parameters, probability } = look;
    const { limitBytes, ending } = parameters;
    let last: Passed = { bytes: 0, fate: 'open' };
    const shown = await overConnections(probability, `were cut after ${limitBytes} bytes`, async () => {
      last = await passLimit(target, parameters);
      return last.bytes <= limitBytes && last.fate === (ending === 'end' ? 'ended' : 'reset');
    });
    if (last.fate !== 'open' || probability < 1) return { ...shown, evidence: `${shown.evidence}; ${inWords(last)}` };
    // No question of ours is large enough; the traffic is.
    const { cutConnections = 0 } = await untilFigures(look, (figures) => (figures.cutConnections ?? 0) > 0, LOOK_MS);
    return {
      holds: cutConnections > 0,
      evidence: `${inWords(last)}; the link cut ${cutConnections} connections of the traffic after ${limitBytes} bytes`,
    };
  },

  async removal({ target, parameters: { limitBytes, ...parameters } }) {
    const passed = await passLimit(target, { ...parameters, limitBytes: Math.min(limitBytes, MAX_BYTES) });
    return { holds: passed.fate === 'open', evidence: `${inWords(passed)} without the limit` };
  },
});

const inWords = ({ bytes, fate }: Passed): string =>
  `our last connection was ${fate === 'open' ? 'still open' : fate} when we had counted ${bytes} bytes`;
