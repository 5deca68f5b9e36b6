import type { z } from 'zod';
import { BOTH } from '../directions.ts';
import { passThrough } from '../pass-through.ts';
import type { LinkFault } from '../stage.ts';
import type { staleKeepAliveDefinition } from './definition.ts';

export type StaleKeepAliveParameters = z.output<(typeof staleKeepAliveDefinition)['parameters']>;

export const staleKeepAliveLinkFault: LinkFault<StaleKeepAliveParameters> = {
  directions: () => BOTH,

  createStage(context) {
    const { emit, now, reset, count } = context;
    let { maxIdleMs } = context.parameters;
    /** Of both directions. A connection that is open when the fault begins counts as just used. */
    const use = context.ofConnection(() => ({ lastMs: now(), isForgotten: false }));

    return passThrough(context, {
      push(item) {
        if (use.isForgotten) return;
        if (item.atMs - use.lastMs <= maxIdleMs) {
          use.lastMs = item.atMs;
          return emit(item);
        }
        use.isForgotten = true;
        count('resetConnections');
        reset();
      },
      update(changed) {
        ({ maxIdleMs } = changed);
      },
    });
  },
};
