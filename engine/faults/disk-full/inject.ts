import { diskWriteMs } from '../disk-write.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { refusingWrites } from '../refusing-writes.ts';

export const injectDiskFull: Injector<ProcessTarget, Record<string, never>> = async (target, _, { signal }) => {
  await diskWriteMs(target);
  return refusingWrites(target, { signal, begin: 'disk-full', end: 'end-disk-full', since: 'its disk is full' });
};
