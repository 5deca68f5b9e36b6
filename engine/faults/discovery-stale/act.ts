import type { z } from 'zod';
import { createMatcher } from '../../wire/resp/pattern.ts';
import type { StartAct } from '../act.ts';
import type { discoveryStaleDefinition } from './definition.ts';

export type DiscoveryStaleParameters = z.output<(typeof discoveryStaleDefinition)['parameters']>;

export const actDiscoveryStale: StartAct<DiscoveryStaleParameters> = ({ parameters, hooks }) => {
  const { addresses } = hooks;
  if (!addresses) throw new Error('the program has no addresses yet');
  const heldBefore = addresses.heldBack();
  let staleCalls = 0;
  let current = parameters;
  let fits = createMatcher(current.pattern || '*');
  const letGo = addresses.holdBack(({ id, targetId }) => (fits(id) || fits(targetId) ? current.ttlMs : 0));
  const count = ({ id }: { id: string }): boolean => {
    if (addresses.isOutOfDate(id)) staleCalls += 1;
    return true;
  };
  hooks.lookup.add(count);
  return {
    update(changed) {
      current = changed;
      fits = createMatcher(current.pattern || '*');
    },
    measured: () => ({
      heldBack: addresses.heldBack() - heldBefore,
      outOfDate: addresses.outOfDate(),
      staleCalls,
    }),
    stop() {
      hooks.lookup.delete(count);
      letGo();
    },
  };
};
