import type { Cut } from './define-cut.ts';
import type { Answer } from './edge-probe.ts';
import { askFresh, inWords } from './edge-proofs.ts';
import type { Measurement } from './inject.ts';
import type { LinkLook } from './inject-on-link.ts';
import { overConnections } from './over-connections.ts';

/** So long without an answer is silence, where one came much sooner before. */
const SILENT_MS = 300;

export const silentMs = (before: Answer): number => Math.max(SILENT_MS, 4 * before.tookMs);

/** Whether a fresh connection fared as on an edge that is cut in this way. */
const isCut = ({ answered, fate }: Answer, how: Cut, probability: number): boolean =>
  how === 'refuse' ? fate === 'refused' || (probability < 1 && fate === 'reset') : !answered && fate === 'open';

/** Fresh connections are refused, or stand and are not answered. */
export async function showCut(
  { target, probability, before }: LinkLook<unknown, Answer>,
  how: Cut,
): Promise<Measurement> {
  if (!before.answered) return { holds: false, evidence: `there was no answer before it either: ${inWords(before)}` };
  let last: Answer | undefined;
  const shown = await overConnections(
    probability,
    how === 'refuse' ? (probability < 1 ? 'met a reset' : 'were refused') : 'were accepted and not answered',
    async () => {
      last = await askFresh(target, { timeoutMs: silentMs(before) });
      return isCut(last, how, probability);
    },
  );
  return {
    holds: shown.holds,
    evidence: `${shown.evidence}; ${inWords(before)} before, the last one now: ${last ? inWords(last) : 'none'}`,
  };
}
