import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { slowDiskDefinition } from './definition.ts';

export type SlowDiskParameters = z.output<(typeof slowDiskDefinition)['parameters']>;

export const actSlowDisk: StartAct<SlowDiskParameters> = ({ parameters: initial, hooks }) => {
  let { delayMs } = initial;
  let held = 0;
  const hook = (): number => {
    held += 1;
    return delayMs;
  };
  hooks.disk.add(hook);
  return {
    update(changed) {
      ({ delayMs } = changed);
    },
    measured: () => ({ held }),
    stop: () => void hooks.disk.delete(hook),
  };
};
