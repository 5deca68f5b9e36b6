import type { RollOut } from '../rollout.ts';

/**
 * Replaces a few replicas at a time. Never more than `maxSurge` beyond the desired number run, never fewer than the desired
 * number less `maxUnavailable` take requests. Kubernetes: Deployment, `strategy.rollingUpdate`.
 */
export const rolling: RollOut<'rolling'> = async (rollout, { maxSurge, maxUnavailable }) => {
  const { desired } = rollout;
  while (rollout.fresh().length < desired || rollout.old().length > 0) {
    rollout.phase(`${rollout.fresh().length} of ${desired} replaced`);
    const running = rollout.fresh().length + rollout.old().length;
    const room = Math.min(desired - rollout.fresh().length, desired + maxSurge - running);
    if (room > 0) await rollout.join(await rollout.start(room));
    const spare = rollout.fresh().length + rollout.old().length - (desired - maxUnavailable);
    await rollout.retire(rollout.old().slice(0, Math.max(0, spare)));
  }
  return true;
};
