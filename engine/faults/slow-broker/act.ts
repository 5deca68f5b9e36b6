import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { slowBrokerDefinition } from './definition.ts';

export type SlowBrokerParameters = z.output<(typeof slowBrokerDefinition)['parameters']>;

export const actSlowBroker: StartAct<SlowBrokerParameters> = ({ parameters: initial, hooks }) => {
  let { delayMs } = initial;
  let held = 0;
  const hook = (): number => {
    held += 1;
    return delayMs;
  };
  hooks.command.add(hook);
  return {
    update(changed) {
      ({ delayMs } = changed);
    },
    measured: () => ({ held }),
    stop: () => void hooks.command.delete(hook),
  };
};
