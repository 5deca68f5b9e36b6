import type { Answer } from '../edge-probe.ts';
import { ANSWER_MS, askFresh, fastestOf, inWords, NOISE_MS, untilFigures } from '../edge-proofs.ts';
import type { EdgeTarget } from '../inject.ts';
import { injectOnLink } from '../inject-on-link.ts';
import { overConnections } from '../over-connections.ts';
import { undelayed } from '../undelayed.ts';
import type { SlicerParameters } from './stage.ts';

/** So many slices are asked for, where the protocol lets one ask for that many bytes. */
const WANTED_SLICES = 10;
const MAX_BYTES = 40_000;
const LOOK_MS = 3000;

function exchange(target: EdgeTarget, { averageBytes, direction, delayMs }: SlicerParameters): Promise<Answer> {
  const bytes = Math.min(MAX_BYTES, WANTED_SLICES * averageBytes);
  return askFresh(target, {
    bytes: direction === 'downstream' ? 0 : bytes,
    answerBytes: direction === 'upstream' ? 0 : bytes,
    // An answer may be larger than what was asked for.
    timeoutMs: ANSWER_MS + 10 * WANTED_SLICES * delayMs,
  });
}

export const injectSlicer = injectOnLink<SlicerParameters, Answer>('slicer', {
  before: (target, parameters) => fastestOf(3, () => exchange(target, parameters)),

  async effect(look) {
    const { target, parameters, probability, before } = look;
    if (probability < 1)
      return overConnections(probability, `were sliced (answers in ${before.pieces} pieces before)`, async () => {
        const { pieces, tookMs } = await exchange(target, parameters);
        const addedMs = 0.5 * WANTED_SLICES * parameters.delayMs;
        return pieces >= before.pieces + 0.5 * WANTED_SLICES || tookMs - before.tookMs >= Math.max(NOISE_MS, addedMs);
      });
    const during = await exchange(target, parameters);
    const { chunks = 0, slices = 0 } = await untilFigures(
      look,
      (figures) => (figures.slices ?? 0) > (figures.chunks ?? 0),
      LOOK_MS,
    );
    return {
      holds: slices > chunks && before.answered,
      evidence: `the link cut ${chunks} chunks into ${slices} slices; our answer of ${during.receivedBytes} bytes came in ${during.pieces} pieces instead of ${before.pieces}, ${inWords(during)} instead of ${before.tookMs.toFixed(1)} ms`,
    };
  },

  removal: ({ target, parameters, probability, before }) =>
    undelayed(
      async () => {
        const after = await fastestOf(3, () => exchange(target, parameters));
        const mostMs = before.tookMs + NOISE_MS + 0.25 * WANTED_SLICES * parameters.delayMs;
        return {
          answered: after.answered,
          holds: after.answered && after.tookMs <= mostMs,
          evidence: `${inWords(before)} before, ${inWords(after)} after, in ${after.pieces} pieces (at most ${mostMs.toFixed(1)} ms)`,
        };
      },
      { byChance: probability < 1 },
    ),
});
