import type { ScalingRules } from '../../model/scaling.ts';

/** A change of the count that was made: `by` is positive for more replicas. */
export interface Change {
  atMs: number;
  by: number;
}

/**
 * The most, or the fewest, replicas that the policies of a direction allow now. Each policy counts from how many there were
 * at the beginning of its period. Kubernetes: calculateScaleUpLimitWithScalingRules and its counterpart for fewer, in
 * pkg/controller/podautoscaler/horizontal.go.
 */
export function limitOf(
  direction: 'up' | 'down',
  { select, policies }: ScalingRules,
  { current, changes, nowMs }: { current: number; changes: readonly Change[]; nowMs: number },
): number {
  if (select === 'disabled') return current;
  const limits = policies.map(({ type, value, periodMs }) => {
    const recent = changes.filter(({ atMs }) => nowMs - atMs < periodMs);
    const before = current - recent.reduce((sum, { by }) => sum + by, 0);
    if (direction === 'up') return type === 'replicas' ? before + value : Math.ceil(before * (1 + value / 100));
    return type === 'replicas' ? before - value : Math.floor(before * (1 - value / 100));
  });
  const farthest = (direction === 'up') === (select === 'max');
  const limit = farthest ? Math.max(...limits) : Math.min(...limits);
  // More may have been added already than the policies allow by now: that is no reason to go the other way.
  return direction === 'up' ? Math.max(current, limit) : Math.max(0, Math.min(current, limit));
}

/** The longest time for which changes must be remembered. */
export const longestPeriodMs = ({ policies }: ScalingRules): number =>
  Math.max(...policies.map(({ periodMs }) => periodMs));
