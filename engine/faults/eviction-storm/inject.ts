import type { z } from 'zod';
import type { Injector, ProcessTarget } from '../inject.ts';
import { untilAborted } from '../until-aborted.ts';
import type { evictionStormDefinition } from './definition.ts';

type Parameters = z.output<(typeof evictionStormDefinition)['parameters']>;

export const injectEvictionStorm: Injector<ProcessTarget, Parameters> = async (target, parameters, { signal }) => {
  const { usedBytes, limitBytes, evicted } = (await target.call('eviction-storm', parameters)) as {
    usedBytes: number;
    limitBytes: number;
    evicted: number;
  };
  let limitAfter = Number.NaN;
  return {
    proveEffect: async () => ({
      holds: evicted > 0,
      evidence: `of ${usedBytes} bytes in use ${limitBytes} are left; ${evicted} keys were evicted at once`,
    }),
    proveRemoval: async () => ({
      holds: limitAfter === 0 || limitAfter > limitBytes,
      evidence: `the limit of memory is ${limitAfter === 0 ? 'off' : `${limitAfter} bytes`} again`,
    }),
    undone: untilAborted(signal).then(async () => {
      // A process that was started anew has its own limit, and nothing to undo.
      if (target.pid() === null) return;
      limitAfter = ((await target.call('end-eviction-storm', {})) as { limitBytes: number }).limitBytes;
    }),
  };
};
