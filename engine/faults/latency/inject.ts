import { injectOnLink } from '../inject-on-link.ts';
import { overConnections } from '../over-connections.ts';
import { undelayed } from '../undelayed.ts';
import type { LatencyParameters } from './stage.ts';

/** Round trips without a fault differ by less than this between two measurements, on a machine that works. */
const NOISE_MS = 2;
const PLAIN_TIMEOUT_MS = 1500;

export const injectLatency = injectOnLink<LatencyParameters, number | null>('latency', {
  before: (target) => target.roundTripMs({ samples: 7, timeoutMs: PLAIN_TIMEOUT_MS }),

  async effect({ target, parameters: { latencyMs, jitterMs }, probability, before }) {
    const neededMs = 0.5 * Math.max(0, latencyMs - jitterMs);
    const during = (samples: number): Promise<number | null> =>
      target.roundTripMs({ samples, timeoutMs: (samples + 1) * (latencyMs + jitterMs) + PLAIN_TIMEOUT_MS });
    const expected = `expected + ${Math.round(latencyMs * 100) / 100}${jitterMs > 0 ? ` ± ${jitterMs}` : ''} ms`;
    // Those that are spared must be told from those that are not.
    if (probability < 1)
      return overConnections(probability, `took longer than ${inMs(before)} (${expected})`, async () => {
        const duringMs = await during(1);
        return before !== null && duringMs !== null && duringMs - before >= Math.max(neededMs, NOISE_MS);
      });
    const duringMs = await during(latencyMs + jitterMs >= 1000 ? 1 : latencyMs + jitterMs >= 100 ? 3 : 7);
    return {
      holds: before !== null && duringMs !== null && duringMs - before >= neededMs,
      evidence: `round trip ${inMs(before)} → ${inMs(duringMs)} (${expected})`,
    };
  },

  removal: ({ target, parameters: { latencyMs, jitterMs }, probability, before }) =>
    undelayed(
      async () => {
        const afterMs = await target.roundTripMs({ samples: 7, timeoutMs: PLAIN_TIMEOUT_MS });
        const mostMs = (before ?? 0) + Math.max(NOISE_MS, 0.25 * (latencyMs - jitterMs));
        return {
          answered: afterMs !== null,
          holds: afterMs !== null && afterMs <= mostMs,
          evidence: `round trip ${inMs(before)} before, ${inMs(afterMs)} after (at most ${mostMs.toFixed(1)} ms)`,
        };
      },
      // One delay may be drawn that is no longer than what is measured without any.
      { byChance: probability < 1 || latencyMs - jitterMs <= NOISE_MS },
    ),
});

const inMs = (roundTripMs: number | null): string =>
  roundTripMs === null ? 'no answer' : `${roundTripMs.toFixed(2)} ms`;
