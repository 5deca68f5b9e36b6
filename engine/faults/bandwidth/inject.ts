import type { Answer, Question } from '../edge-probe.ts';
import { ANSWER_MS, askFresh, fastestOf, inWords, NOISE_MS, untilFigures } from '../edge-proofs.ts';
import type { EdgeTarget } from '../inject.ts';
import { injectOnLink, type LinkLook } from '../inject-on-link.ts';
import { overConnections } from '../over-connections.ts';
import { undelayed } from '../undelayed.ts';
import type { BandwidthParameters } from './stage.ts';

/** As many bytes as take this long are asked for, within these bounds. */
const WANTED_MS = 100;
const MAX_BYTES = 40_000;
/** So long is waited for traffic that it slows. */
const LOOK_MS = 3000;

const bytesOf = ({ rateKBps, burstKB }: BandwidthParameters): number =>
  Math.min(MAX_BYTES, Math.round(burstKB * 1000 + rateKBps * WANTED_MS));

function questionOf(parameters: BandwidthParameters): Question {
  const bytes = bytesOf(parameters);
  const { direction, rateKBps } = parameters;
  return {
    bytes: direction === 'downstream' ? 0 : bytes,
    answerBytes: direction === 'upstream' ? 0 : bytes,
    timeoutMs: ANSWER_MS + (4 * bytes) / rateKBps,
  };
}

const transfer = (target: EdgeTarget, parameters: BandwidthParameters): Promise<Answer> =>
  askFresh(target, questionOf(parameters));

/** How much longer such an exchange takes at least. */
function expectedMs(
  { sentBytes, receivedBytes }: Answer,
  { direction, rateKBps, burstKB }: BandwidthParameters,
): number {
  const spent = (bytes: number): number => Math.max(0, bytes - burstKB * 1000) / rateKBps;
  return Math.max(
    direction === 'downstream' ? 0 : spent(sentBytes),
    direction === 'upstream' ? 0 : spent(receivedBytes),
  );
}

/** Where our own question is too small to feel it, what it did to the traffic. */
async function showOnTraffic(look: LinkLook<BandwidthParameters, Answer>) {
  const { waited = 0, bytes = 0 } = await untilFigures(look, (figures) => (figures.waited ?? 0) > 0, LOOK_MS);
  return {
    holds: waited > 0,
    evidence: `${bytes} bytes passed the link, ${waited} slices had to wait (no question of ours is large enough to feel ${look.parameters.rateKBps} KB/s)`,
  };
}

export const injectBandwidth = injectOnLink<BandwidthParameters, Answer>('bandwidth', {
  before: (target, parameters) => fastestOf(3, () => transfer(target, parameters)),

  async effect(look) {
    const { target, parameters, probability, before } = look;
    const neededMs = expectedMs(before, parameters);
    if (before.answered && neededMs < Math.max(NOISE_MS, 0.5 * before.tookMs)) return showOnTraffic(look);
    const isSlow = (during: Answer): boolean =>
      before.answered && during.answered && during.tookMs - before.tookMs >= 0.5 * neededMs;
    const expected = `expected + ${neededMs.toFixed(0)} ms at ${parameters.rateKBps} KB/s`;
    if (probability < 1)
      return overConnections(probability, `took longer (${expected})`, async () =>
        isSlow(await transfer(target, parameters)),
      );
    const during = await transfer(target, parameters);
    return {
      holds: isSlow(during),
      evidence: `${before.sentBytes} bytes up and ${before.receivedBytes} down: ${inWords(before)} before, ${inWords(during)} with it (${expected})`,
    };
  },

  removal: ({ target, parameters, probability, before }) =>
    undelayed(
      async () => {
        const after = await fastestOf(3, () => transfer(target, parameters));
        const mostMs = before.tookMs + Math.max(NOISE_MS, 0.25 * expectedMs(before, parameters));
        return {
          answered: after.answered,
          holds: after.answered && after.tookMs <= mostMs,
          evidence: `${inWords(before)} before, ${inWords(after)} after (at most ${mostMs.toFixed(1)} ms)`,
        };
      },
      { byChance: probability < 1 },
    ),
});
