import type { HookedInvocation } from '../../process-kit/function-hooks.ts';
import type { StartAct } from '../act.ts';

export const actFunctionTimeout: StartAct<unknown> = ({ probability, random, hooks: { functions } }) => {
  let seen = 0;
  let acted = 0;
  const hook = (): HookedInvocation | null => {
    seen += 1;
    if (random() >= probability) return null;
    acted += 1;
    return { hangs: true };
  };
  functions.invocation.add(hook);
  return { measured: () => ({ seen, acted }), stop: () => void functions.invocation.delete(hook) };
};
