import type { EdgeTarget, Injector } from '../inject.ts';
import { untilAborted } from '../until-aborted.ts';
import type { LatencyParameters } from './stage.ts';

/** Round trips without a fault differ by less than this between two measurements, on a machine that works. */
const NOISE_MS = 2;
const PLAIN_TIMEOUT_MS = 1500;

export const injectLatency: Injector<EdgeTarget, LatencyParameters> = async (target, parameters, options) => {
  const { id, signal, seed } = options;
  let current = parameters;
  let { expiresAtMs } = options;
  const set = (): Promise<void> =>
    target.setLinkFault({
      ...{ id, fault: 'latency', parameters: current, seed, expiresAtMs },
      probability: options.probability,
    });

  const beforeMs = await target.roundTripMs({ samples: 7, timeoutMs: PLAIN_TIMEOUT_MS });
  try {
    await set();
  } catch (error) {
    await target.clearLinkFault(id).catch(() => {});
    throw error;
  }

  return {
    async proveEffect() {
      const { latencyMs, jitterMs } = current;
      const samples = latencyMs + jitterMs >= 1000 ? 1 : latencyMs + jitterMs >= 100 ? 3 : 7;
      const timeoutMs = (samples + 1) * (latencyMs + jitterMs) + PLAIN_TIMEOUT_MS;
      const duringMs = await target.roundTripMs({ samples, timeoutMs });
      const neededMs = 0.5 * Math.max(0, latencyMs - jitterMs);
      return {
        holds: beforeMs !== null && duringMs !== null && duringMs - beforeMs >= neededMs,
        evidence: `round trip ${inMs(beforeMs)} → ${inMs(duringMs)} (expected + ${latencyMs}${jitterMs > 0 ? ` ± ${jitterMs}` : ''} ms)`,
      };
    },
    async proveRemoval() {
      const { latencyMs, jitterMs } = current;
      const afterMs = await target.roundTripMs({ samples: 7, timeoutMs: PLAIN_TIMEOUT_MS });
      const mostMs = (beforeMs ?? 0) + Math.max(NOISE_MS, 0.25 * (latencyMs - jitterMs));
      return {
        holds: afterMs !== null && afterMs <= mostMs,
        evidence: `round trip ${inMs(beforeMs)} before, ${inMs(afterMs)} after (at most ${mostMs.toFixed(1)} ms)`,
      };
    },
    undone: untilAborted(signal).then(() => target.clearLinkFault(id)),
    renew(untilMs) {
      expiresAtMs = untilMs;
      return set();
    },
    update(changed) {
      current = changed;
      return set();
    },
  };
};

const inMs = (roundTripMs: number | null): string =>
  roundTripMs === null ? 'no answer' : `${roundTripMs.toFixed(2)} ms`;
