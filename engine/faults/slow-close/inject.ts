import { ANSWER_MS, NOISE_MS } from '../edge-proofs.ts';
import type { EdgeTarget } from '../inject.ts';
import { injectOnLink } from '../inject-on-link.ts';
import { overConnections } from '../over-connections.ts';
import { undelayed } from '../undelayed.ts';
import type { SlowCloseParameters } from './stage.ts';

/** From our end to that of the other side, on a fresh connection that was answered. Null: not within the time. */
async function closingMs(target: EdgeTarget, timeoutMs: number): Promise<number | null> {
  const probe = await target.dial();
  try {
    const { answered } = await probe.ask({ timeoutMs: ANSWER_MS });
    return answered ? await probe.end(timeoutMs) : null;
  } finally {
    probe.close();
  }
}

/** Our end goes up, the answer to it comes down. */
const expectedMs = ({ delayMs, direction }: SlowCloseParameters): number => delayMs * (direction === 'both' ? 2 : 1);

export const injectSlowClose = injectOnLink<SlowCloseParameters, number | null>('slow-close', {
  before: (target) => closingMs(target, ANSWER_MS),

  async effect({ target, parameters, probability, before }) {
    const addedMs = expectedMs(parameters);
    let lastMs: number | null = null;
    const shown = await overConnections(probability, `were closed later by ${addedMs} ms`, async () => {
      lastMs = await closingMs(target, addedMs + ANSWER_MS);
      return (
        before !== null && lastMs !== null && lastMs - before >= Math.max(0.5 * addedMs, probability < 1 ? NOISE_MS : 0)
      );
    });
    return { holds: shown.holds, evidence: `${shown.evidence}; from end to end ${inMs(before)} → ${inMs(lastMs)}` };
  },

  removal: ({ target, parameters, probability, before }) =>
    undelayed(
      async () => {
        const afterMs = await closingMs(target, ANSWER_MS);
        const mostMs = (before ?? 0) + Math.max(NOISE_MS, 0.25 * expectedMs(parameters));
        return {
          answered: afterMs !== null,
          holds: afterMs !== null && afterMs <= mostMs,
          evidence: `from end to end ${inMs(before)} before, ${inMs(afterMs)} after (at most ${mostMs.toFixed(1)} ms)`,
        };
      },
      { byChance: probability < 1 },
    ),
});

const inMs = (measuredMs: number | null): string =>
  measuredMs === null ? 'not closed' : `${measuredMs.toFixed(1)} ms`;
