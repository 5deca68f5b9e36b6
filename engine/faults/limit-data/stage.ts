import type { z } from 'zod';
import { BOTH, directionsOf } from '../directions.ts';
import { passThrough } from '../pass-through.ts';
import type { Item, LinkFault, Stage } from '../stage.ts';
import type { limitDataDefinition } from './definition.ts';

export type LimitDataParameters = z.output<(typeof limitDataDefinition)['parameters']>;

/** What both directions of a connection share. */
interface Passed {
  bytes: number;
  isCut: boolean;
  /** Ends each direction, behind what has passed. */
  ends: ((item: Item) => void)[];
}

export const limitDataLinkFault: LinkFault<LimitDataParameters> = {
  // One that does not count is cut all the same.
  directions: () => BOTH,

  createStage(context): Stage<LimitDataParameters> {
    const { emit, now, reset, direction, count } = context;
    let { parameters } = context;
    const passed = context.ofConnection<Passed>(() => ({ bytes: 0, isCut: false, ends: [] }));
    passed.ends.push(emit);

    const cut = (): void => {
      passed.isCut = true;
      count('cutConnections');
      for (const end of passed.ends) end({ type: parameters.ending, atMs: now() });
    };

    return passThrough(context, {
      push(item) {
        // Nothing follows a cut; what comes is read and forgotten, so that its sender is not kept waiting.
        if (passed.isCut) return;
        if (item.type !== 'bytes' || !directionsOf(parameters).includes(direction)) return emit(item);
        const left = parameters.limitBytes - passed.bytes;
        passed.bytes += Math.min(item.bytes.length, Math.max(0, left));
        if (item.bytes.length < left) return emit(item);
        if (left > 0) emit({ ...item, bytes: item.bytes.subarray(0, left) });
        cut();
      },
      update(changed) {
        parameters = changed;
      },
      flush() {
        // Both sides were told that it is over.
        if (passed.isCut) reset();
      },
    });
  },
};
