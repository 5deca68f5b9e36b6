import type { EdgeProbe } from '../edge-probe.ts';
import { ANSWER_MS, answersAgain, askFresh, inWords } from '../edge-proofs.ts';
import type { Measurement } from '../inject.ts';
import { injectOnLink } from '../inject-on-link.ts';
import { connectionsToShow, overConnections } from '../over-connections.ts';
import type { ResetParameters } from './stage.ts';

/** Connections of our own that are open when it begins. A share of them is seen as well as fresh ones are. */
const WITNESSES = 8;
/** A server ends a connection on which nothing happens. */
const ASK_EVERY_MS = 1000;
/** Beyond the delay, in which a reset must have come. */
const BEYOND_MS = 500;

/** Keeps asking until the connection is reset, or too late for that. */
async function isReset(probe: EdgeProbe, withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  while (probe.fate() === 'open' && performance.now() < deadlineMs) {
    await probe.ask({ timeoutMs: Math.max(1, deadlineMs - performance.now()) });
    const askAgainMs = Math.min(deadlineMs, performance.now() + ASK_EVERY_MS);
    while (probe.fate() === 'open' && performance.now() < askAgainMs)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }
  probe.close();
  return probe.fate() === 'reset';
}

export const injectReset = injectOnLink<ResetParameters, EdgeProbe[]>('reset', {
  async before(target, { openConnections }) {
    if (!openConnections) return [];
    const witnesses = await Promise.all(Array.from({ length: WITNESSES }, () => target.dial()));
    await Promise.all(witnesses.map((witness) => witness.ask({ timeoutMs: ANSWER_MS })));
    return witnesses;
  },

  async effect({ target, parameters: { delayMs, newConnections, openConnections }, probability, before: witnesses }) {
    const shown: Measurement[] = [];
    const withinMs = delayMs + BEYOND_MS;
    if (openConnections) {
      const fates = await Promise.all(witnesses.map((witness) => isReset(witness, withinMs)));
      const reset = fates.filter(Boolean).length;
      const enough = witnesses.length >= connectionsToShow(probability);
      shown.push({
        // A small share may spare all of a few; then only the new ones can tell.
        holds: reset > 0 || (!enough && newConnections),
        evidence: `${reset} of ${witnesses.length} connections that were open met a reset`,
      });
    }
    if (newConnections)
      shown.push(await overConnections(probability, 'met a reset', async () => isReset(await target.dial(), withinMs)));
    return {
      holds: shown.length > 0 && shown.every(({ holds }) => holds),
      evidence: shown.map(({ evidence }) => evidence).join('; ') || 'it acts on no connection',
    };
  },

  async removal(look) {
    for (const witness of look.before) witness.close();
    const { delayMs } = look.parameters;
    const { holds, evidence } = await answersAgain(look);
    const fresh = await askFresh(look.target, { timeoutMs: ANSWER_MS });
    return { holds: holds && fresh.answered, evidence: `${evidence}, ${inWords(fresh)} (reset after ${delayMs} ms)` };
  },
});
