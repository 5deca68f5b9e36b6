import type { RollOut } from '../rollout.ts';

/** Gives the new version a growing share of the requests, as long as it proves good. */
export const canary: RollOut<'canary'> = async (rollout, { steps, analysis }) => {
  for (const { weight, durationMs } of steps) {
    const wanted = Math.max(1, Math.ceil(rollout.desired * weight));
    rollout.phase(`starts canaries for ${Math.round(weight * 100)} %`);
    await rollout.start(Math.max(0, wanted - rollout.fresh().length));
    await rollout.canary(weight);
    rollout.phase(`observes the new version with ${Math.round(weight * 100)} % of the requests`);
    await rollout.observe(analysis, durationMs);
  }
  rollout.phase('takes over');
  await rollout.start(Math.max(0, rollout.desired - rollout.fresh().length));
  await rollout.switchOver();
  await rollout.retire(rollout.old());
  return true;
};
