import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { eventLoopBlockDefinition } from './definition.ts';

export type EventLoopBlockParameters = z.output<(typeof eventLoopBlockDefinition)['parameters']>;

/** The event loop is free at least so long between two blocks, however late the timers of a busy machine are. */
const LEAST_FREE_MS = 5;

export const actEventLoopBlock: StartAct<EventLoopBlockParameters> = ({ parameters }) => {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let { blockMs, everyMs } = parameters;
  let blocks = 0;
  let timer: NodeJS.Timeout;
  const block = (): void => {
    if (blockMs > 0) {
      Atomics.wait(cell, 0, 0, blockMs);
      blocks += 1;
    }
    timer = setTimeout(block, Math.max(LEAST_FREE_MS, everyMs - blockMs));
    timer.unref();
  };
  // The answer that it is on leaves first.
  timer = setTimeout(block, LEAST_FREE_MS);
  timer.unref();
  return {
    update(changed) {
      ({ blockMs, everyMs } = changed);
    },
    measured: () => ({ blocks }),
    stop: () => clearTimeout(timer),
  };
};
