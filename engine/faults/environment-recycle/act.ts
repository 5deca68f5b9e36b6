import type { z } from 'zod';
import type { HookedInvocation } from '../../process-kit/function-hooks.ts';
import type { StartAct } from '../act.ts';
import type { environmentRecycleDefinition } from './definition.ts';

export type EnvironmentRecycleParameters = z.output<(typeof environmentRecycleDefinition)['parameters']>;

export const actEnvironmentRecycle: StartAct<EnvironmentRecycleParameters> = ({
  parameters: { afterMs },
  probability,
  random,
  hooks: { functions },
}) => {
  let seen = 0;
  let acted = 0;
  const hook = (): HookedInvocation | null => {
    seen += 1;
    if (random() >= probability) return null;
    acted += 1;
    return { killAfterMs: afterMs };
  };
  functions.invocation.add(hook);
  return { measured: () => ({ seen, acted }), stop: () => void functions.invocation.delete(hook) };
};
