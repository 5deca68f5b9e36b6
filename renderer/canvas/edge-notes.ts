import type { EdgeStatus } from '../../engine/api/types.ts';
import { edgeMeasures } from '../../engine/model/edge-measures.ts';
import { formatMeasure } from '../ui/format.ts';

/** Less than this much more or less than one attempt per request is not worth a word. */
const NOTABLE = 0.005;

const breaker = edgeMeasures.find(({ id }) => id === 'breaker');

/** The state of an edge's circuit breaker in words, while it keeps calls back; null while all is well or there is none. */
export function breakerNote(status: EdgeStatus | undefined): string | null {
  const state = status?.measures.breaker;
  return state ? `breaker ${breaker?.states?.[state] ?? state}` : null;
}

/** "1.35 × attempts" where the target gets more, or fewer, requests than were made; else empty. */
export function amplificationNote(status: EdgeStatus | undefined): string {
  const attempts = status?.measures.amplification;
  if (attempts == null || Math.abs(attempts - 1) < NOTABLE) return '';
  return `${formatMeasure(attempts, 'times')} attempts`;
}
