import type { RollOut } from '../rollout.ts';

/** Gives the new version a copy of each request, and throws its answers away: users cannot notice how it behaves. */
export const shadow: RollOut<'shadow'> = async (rollout, { durationMs, promote, analysis }) => {
  rollout.phase('starts the shadows');
  await rollout.start(rollout.desired);
  await rollout.shadow();
  rollout.phase('observes the new version on copies of the requests');
  await rollout.observe(analysis, durationMs);
  if (!promote) return false;
  rollout.phase('takes over');
  await rollout.switchOver();
  await rollout.retire(rollout.old());
  return true;
};
