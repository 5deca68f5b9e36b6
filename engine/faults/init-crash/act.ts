import type { z } from 'zod';
import type { HookedInit } from '../../process-kit/function-hooks.ts';
import type { StartAct } from '../act.ts';
import type { initCrashDefinition } from './definition.ts';

export type InitCrashParameters = z.output<(typeof initCrashDefinition)['parameters']>;

export const actInitCrash: StartAct<InitCrashParameters> = ({
  parameters,
  probability,
  random,
  hooks: { functions },
}) => {
  let seen = 0;
  let acted = 0;
  const hook = (): HookedInit | null => {
    seen += 1;
    if (random() >= probability) return null;
    acted += 1;
    return { crashes: true };
  };
  functions.init.add(hook);
  if (parameters.renew) functions.renew?.();
  return {
    measured: () => ({ seen, acted }),
    stop: () => void functions.init.delete(hook),
  };
};
