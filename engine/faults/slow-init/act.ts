import type { z } from 'zod';
import type { HookedInit } from '../../process-kit/function-hooks.ts';
import type { StartAct } from '../act.ts';
import type { slowInitDefinition } from './definition.ts';

export type SlowInitParameters = z.output<(typeof slowInitDefinition)['parameters']>;

export const actSlowInit: StartAct<SlowInitParameters> = ({
  parameters: initial,
  probability,
  random,
  hooks: { functions },
}) => {
  let parameters = initial;
  let seen = 0;
  let acted = 0;
  const hook = (): HookedInit | null => {
    seen += 1;
    if (random() >= probability) return null;
    acted += 1;
    return { delayMs: parameters.delayMs };
  };
  functions.init.add(hook);
  if (parameters.renew) functions.renew?.();
  return {
    update(changed) {
      parameters = changed;
    },
    measured: () => ({ seen, acted }),
    stop: () => void functions.init.delete(hook),
  };
};
