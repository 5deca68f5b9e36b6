import type { Injector, ProcessTarget } from '../inject.ts';
import { refusingWrites } from '../refusing-writes.ts';

export const injectQueueFull: Injector<ProcessTarget, Record<string, never>> = (target, _, { signal }) =>
  refusingWrites(target, { signal, begin: 'queue-full', end: 'end-queue-full', since: 'it has no room' });
