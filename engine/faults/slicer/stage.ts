import type { z } from 'zod';
import { createDelayLine } from '../delay-line.ts';
import { directionsOf } from '../directions.ts';
import type { LinkFault } from '../stage.ts';
import type { slicerDefinition } from './definition.ts';

export type SlicerParameters = z.output<(typeof slicerDefinition)['parameters']>;

/** More than this cut up and waiting is enough; then the sender must wait. */
const QUEUE_BYTES = 65_536;

export const slicerLinkFault: LinkFault<SlicerParameters> = {
  directions: directionsOf,

  createStage({ parameters: first, emit, now, schedule, random, count }) {
    let parameters = first;
    /** When the last slice went out. */
    let lastOutMs = Number.NEGATIVE_INFINITY;
    const line = createDelayLine({
      now,
      schedule,
      emit(item) {
        lastOutMs = item.atMs;
        emit(item);
      },
    });

    const drawSize = (): number => {
      const { averageBytes, variationBytes } = parameters;
      return Math.max(1, Math.round(averageBytes + variationBytes * (2 * random() - 1)));
    };

    return {
      push(item) {
        if (item.type !== 'bytes') return line.push(item, item.atMs);
        count('chunks');
        for (let from = 0; from < item.bytes.length; ) {
          const slice = item.bytes.subarray(from, from + drawSize());
          from += slice.length;
          count('slices');
          const inFrontMs = line.heldBytes() > 0 ? line.lastDueMs() : lastOutMs;
          line.push({ ...item, bytes: slice }, Math.max(item.atMs, inFrontMs + parameters.delayMs));
        }
      },
      update(changed) {
        parameters = changed;
        let inFrontMs = lastOutMs;
        line.reschedule((item) => {
          inFrontMs = Math.max(item.atMs, inFrontMs + (item.type === 'bytes' ? parameters.delayMs : 0));
          return inFrontMs;
        });
      },
      flush: line.flush,
      drop: line.drop,
      heldBytes: line.heldBytes,
      isFull: () => line.heldBytes() > QUEUE_BYTES,
    };
  },
};
