import type { Autoscaling } from '../../model/scaling.ts';
import { type Change, limitOf, longestPeriodMs } from './policies.ts';
import { type ReplicaSample, recommend } from './recommend.ts';
import { createStabiliser } from './stabilise.ts';

/** Why the count is not what the metric alone asks for. */
export type HeldBy = 'no-metric' | 'tolerance' | 'stabilisation' | 'policy' | 'min' | 'max' | 'ceiling';

export interface Decision {
  desired: number;
  /** What the metric alone asks for. */
  recommended: number;
  /** Mean over the replicas that count; null when none does. */
  measured: number | null;
  heldBy: HeldBy | null;
}

/** Decides at each sync how many replicas there should be, one or more. Times are those of the caller's clock. */
export interface Decider {
  decide(input: {
    nowMs: number;
    /** Desired replicas so far. */
    current: number;
    samples: readonly ReplicaSample[];
    /** No more fit, e.g. because a budget is used up; null: no such limit. */
    ceiling?: number | null;
  }): Decision;
}

/** `config` is read at each sync. */
export function createDecider(config: () => Autoscaling): Decider {
  const stabilise = createStabiliser();
  let changes: Change[] = [];
  return {
    decide({ nowMs, current, samples, ceiling = null }) {
      const { metric, tolerance, minReplicas, maxReplicas, scaleUp, scaleDown } = config();
      const longestMs = Math.max(longestPeriodMs(scaleUp), longestPeriodMs(scaleDown));
      changes = changes.filter(({ atMs }) => nowMs - atMs < longestMs);

      const {
        replicas: recommended,
        measured,
        withinTolerance,
      } = recommend({
        current,
        samples,
        target: metric.target,
        tolerance,
      });
      let heldBy: HeldBy | null = measured === null ? 'no-metric' : withinTolerance ? 'tolerance' : null;
      let desired = recommended;
      const hold = (limited: number, by: HeldBy): void => {
        if (limited === desired) return;
        desired = limited;
        heldBy = by;
      };
      hold(stabilise({ current, recommended, nowMs }, { scaleUp, scaleDown }), 'stabilisation');
      const step = { current, changes, nowMs };
      if (desired > current) hold(Math.min(desired, limitOf('up', scaleUp, step)), 'policy');
      if (desired < current) hold(Math.max(desired, limitOf('down', scaleDown, step)), 'policy');
      if (ceiling !== null && desired > current) hold(Math.max(current, Math.min(desired, ceiling)), 'ceiling');
      hold(Math.min(desired, maxReplicas), 'max');
      // From one to none is for idleness to decide, not for the metric.
      hold(Math.max(desired, minReplicas, 1), 'min');
      if (desired !== current) changes.push({ atMs: nowMs, by: desired - current });
      return { desired, recommended, measured, heldBy };
    },
  };
}
