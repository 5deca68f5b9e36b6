import type { z } from 'zod';
import { createDelayLine } from '../delay-line.ts';
import { directionsOf } from '../directions.ts';
import type { LinkFault } from '../stage.ts';
import type { slowCloseDefinition } from './definition.ts';

export type SlowCloseParameters = z.output<(typeof slowCloseDefinition)['parameters']>;

/** Holds nothing but the end. A reset is not a close, and passes. */
export const slowCloseLinkFault: LinkFault<SlowCloseParameters> = {
  directions: directionsOf,

  createStage({ parameters: first, emit, now, schedule, count }) {
    let { delayMs } = first;
    const line = createDelayLine({ emit, now, schedule });
    return {
      push(item) {
        if (item.type === 'end') {
          count('ends');
          line.push(item, item.atMs + delayMs);
          return;
        }
        if (item.type === 'reset') line.drop();
        emit(item);
      },
      update(changed) {
        ({ delayMs } = changed);
        line.reschedule((item) => item.atMs + delayMs);
      },
      flush: line.flush,
      drop: line.drop,
      heldBytes: line.heldBytes,
    };
  },
};
