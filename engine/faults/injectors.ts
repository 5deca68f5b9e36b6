import type { FaultId } from './index.ts';
import type { EdgeTarget, Injector, ProcessTarget } from './inject.ts';
import { injectKill } from './kill/inject.ts';
import { injectLatency } from './latency/inject.ts';
import { injectPause } from './pause/inject.ts';

/** The half of each fault that puts it on. Only the host imports this; the definitions stay isomorphic. */
export const injectors: Record<FaultId, Injector<ProcessTarget, never> | Injector<EdgeTarget, never>> = {
  kill: injectKill,
  pause: injectPause,
  latency: injectLatency,
};
