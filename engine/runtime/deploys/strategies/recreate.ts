import type { RollOut } from '../rollout.ts';

/** Ends all of the old version, then starts the new one. In between nobody answers. */
export const recreate: RollOut<'recreate'> = async (rollout) => {
  rollout.phase('ends the old version');
  await rollout.retire(rollout.old());
  rollout.phase('starts the new version');
  await rollout.join(await rollout.start(rollout.desired));
  return true;
};
