import type { z } from 'zod';
import { createMatcher } from '../../wire/resp/pattern.ts';
import type { StartAct } from '../act.ts';
import type { discoveryErrorDefinition } from './definition.ts';

export type DiscoveryErrorParameters = z.output<(typeof discoveryErrorDefinition)['parameters']>;

export const actDiscoveryError: StartAct<DiscoveryErrorParameters> = ({ parameters, probability, random, hooks }) => {
  let fits = createMatcher(parameters.pattern || '*');
  let seen = 0;
  let failed = 0;
  const hook = ({ id, targetId }: { id: string; targetId: string }): boolean => {
    if (!fits(id) && !fits(targetId)) return true;
    seen += 1;
    if (random() >= probability) return true;
    failed += 1;
    return false;
  };
  hooks.lookup.add(hook);
  return {
    update(changed) {
      fits = createMatcher(changed.pattern || '*');
    },
    measured: () => ({ seen, failed }),
    stop: () => void hooks.lookup.delete(hook),
  };
};
