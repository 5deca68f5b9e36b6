import type { Strategy } from '../../../model/deploy.ts';
import type { RollOut, Rollout } from '../rollout.ts';
import { blueGreen } from './blue-green.ts';
import { canary } from './canary.ts';
import { recreate } from './recreate.ts';
import { rolling } from './rolling.ts';
import { shadow } from './shadow.ts';

const strategies: { [Type in Strategy['type']]: RollOut<Type> } = {
  recreate,
  rolling,
  'blue-green': blueGreen,
  canary,
  shadow,
};

/** Rolls a version out by a strategy. False when it was only tried, and goes again. */
export const rollOut = (rollout: Rollout, strategy: Strategy): Promise<boolean> =>
  (strategies[strategy.type] as RollOut<Strategy['type']>)(rollout, strategy);
