import { getHeapStatistics } from 'node:v8';
import type { StartAct } from '../act.ts';

/** Changes nothing: it tells what V8 in this process goes by. */
export const actHeapLimit: StartAct<unknown> = () => ({
  measured: () => ({ limitMb: getHeapStatistics().heap_size_limit / (1024 * 1024) }),
  stop() {},
});
