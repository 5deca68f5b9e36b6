import type { Autoscaling } from '../../model/scaling.ts';

/** What was recommended when. */
export interface Recommended {
  atMs: number;
  replicas: number;
}

/**
 * Of the counts recommended within a window, the one that changes least: the lowest of the window for more replicas, the
 * highest for fewer. Kubernetes: stabilizeRecommendationWithBehaviors in pkg/controller/podautoscaler/horizontal.go.
 */
export function createStabiliser(): (
  next: { current: number; recommended: number; nowMs: number },
  windows: Pick<Autoscaling, 'scaleUp' | 'scaleDown'>,
) => number {
  let past: Recommended[] = [];
  return ({ current, recommended, nowMs }, { scaleUp, scaleDown }) => {
    const longestMs = Math.max(scaleUp.stabilisationWindowMs, scaleDown.stabilisationWindowMs);
    past = past.filter(({ atMs }) => nowMs - atMs <= longestMs);
    const within = (windowMs: number): number[] =>
      past.filter(({ atMs }) => nowMs - atMs <= windowMs).map(({ replicas }) => replicas);
    const up = Math.min(recommended, ...within(scaleUp.stabilisationWindowMs));
    const down = Math.max(recommended, ...within(scaleDown.stabilisationWindowMs));
    past.push({ atMs: nowMs, replicas: recommended });
    return Math.max(up, Math.min(down, current));
  };
}
