import type { RollOut } from '../rollout.ts';

/** Starts all of the new version beside the old one, and switches over at once. */
export const blueGreen: RollOut<'blue-green'> = async (rollout) => {
  rollout.phase('starts the new version beside the old one');
  await rollout.start(rollout.desired);
  rollout.phase('switches over');
  await rollout.switchOver();
  await rollout.retire(rollout.old());
  return true;
};
