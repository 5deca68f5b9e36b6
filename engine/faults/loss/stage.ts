import type { z } from 'zod';
import { createDelayLine } from '../delay-line.ts';
import { directionsOf } from '../directions.ts';
import type { LinkFault } from '../stage.ts';
import type { lossDefinition } from './definition.ts';

export type LossParameters = z.output<(typeof lossDefinition)['parameters']>;

/** What one packet carries on an Ethernet. */
const SEGMENT_BYTES = 1448;
/** TCP gives up at some point; here the wait stops growing. */
const MAX_DOUBLINGS = 6;

/** In front of a lost segment bytes pass; it and all that follows wait until it is sent again. At most one loss per chunk. */
export const lossLinkFault: LinkFault<LossParameters> = {
  directions: directionsOf,

  createStage({ parameters: first, emit, now, schedule, random, count }) {
    let parameters = first;
    const { push, lastDueMs, flush, drop, heldBytes } = createDelayLine({ emit, now, schedule });
    /** Also of ends, which have no bytes. */
    const isWaiting = (): boolean => heldBytes() > 0 || lastDueMs() > now();

    /** Index of the first segment that is lost, possibly beyond the last. */
    const firstLost = (share: number): number =>
      share > 0 ? Math.floor(Math.log(1 - random()) / Math.log(1 - share)) : Number.POSITIVE_INFINITY;

    const stallMs = (share: number): number => {
      let sum = 0;
      for (let doublings = 0; ; doublings += 1) {
        sum += parameters.retransmitMs * 2 ** Math.min(doublings, MAX_DOUBLINGS);
        if (random() >= share) return sum;
      }
    };

    return {
      push(item) {
        const share = parameters.lossPercent / 100;
        const segments = item.type === 'bytes' ? Math.ceil(item.bytes.length / SEGMENT_BYTES) : 0;
        const lost = segments > 0 ? firstLost(share) : Number.POSITIVE_INFINITY;
        count('segments', Math.min(segments, lost + 1));
        if (item.type !== 'bytes' || lost >= segments) return isWaiting() ? push(item, item.atMs) : emit(item);
        count('lost');
        const fromByte = lost * SEGMENT_BYTES;
        if (fromByte > 0) {
          const passes = { ...item, bytes: item.bytes.subarray(0, fromByte) };
          if (isWaiting()) push(passes, item.atMs);
          else emit(passes);
        }
        push({ ...item, bytes: item.bytes.subarray(fromByte) }, Math.max(item.atMs, lastDueMs()) + stallMs(share));
      },
      update(changed) {
        parameters = changed;
      },
      flush,
      drop,
      heldBytes,
    };
  },
};
