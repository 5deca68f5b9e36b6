import type { StartAct } from '../act.ts';

export const actColdStart: StartAct<unknown> = ({ probability, random, hooks: { functions } }) => {
  let seen = 0;
  let acted = 0;
  const hook = (): 'cold' | null => {
    seen += 1;
    if (random() >= probability) return null;
    acted += 1;
    return 'cold';
  };
  functions.grant.add(hook);
  return { measured: () => ({ seen, acted }), stop: () => void functions.grant.delete(hook) };
};
