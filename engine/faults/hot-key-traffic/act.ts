import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { hotKeyTrafficDefinition } from './definition.ts';

export type HotKeyTrafficParameters = z.output<(typeof hotKeyTrafficDefinition)['parameters']>;

export const actHotKeyTraffic: StartAct<HotKeyTrafficParameters> = ({ parameters, random, hooks: { traffic } }) => {
  let { share, key } = parameters;
  let drawn = 0;
  let hot = 0;
  const hook = (keys: number[]): void => {
    drawn += 1;
    if (random() < share) keys.fill(key);
    if (keys.every((asked) => asked === key)) hot += 1;
  };
  traffic.keys.add(hook);
  return {
    update(changed) {
      ({ share, key } = changed);
    },
    measured: () => ({ drawn, hot }),
    stop: () => void traffic.keys.delete(hook),
  };
};
