export type Magnitude = 'negligible' | 'small' | 'medium' | 'large';

/** Thresholds of Romano et al. (2006), who carried Cohen's over to delta. */
const THRESHOLDS: readonly [below: number, magnitude: Magnitude][] = [
  [0.147, 'negligible'],
  [0.33, 'small'],
  [0.474, 'medium'],
];

/**
 * Cliff's delta: how much likelier a value of `b` is to be above one of `a` than below it, −1 to 1. It needs no shape of
 * distribution, and one wild repetition moves it no more than any other does. Null when one side has nothing.
 */
export function cliffsDelta(
  a: readonly number[],
  b: readonly number[],
): { delta: number; magnitude: Magnitude } | null {
  if (a.length === 0 || b.length === 0) return null;
  let above = 0;
  for (const one of a) for (const other of b) above += Math.sign(other - one);
  const delta = above / (a.length * b.length);
  const magnitude = THRESHOLDS.find(([below]) => Math.abs(delta) < below)?.[1] ?? 'large';
  return { delta, magnitude };
}
