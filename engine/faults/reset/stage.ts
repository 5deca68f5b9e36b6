import type { z } from 'zod';
import { passThrough } from '../pass-through.ts';
import type { LinkFault } from '../stage.ts';
import type { resetDefinition } from './definition.ts';

export type ResetParameters = z.output<(typeof resetDefinition)['parameters']>;

export const resetLinkFault: LinkFault<ResetParameters> = {
  // One direction is enough to act on the connection as a whole.
  directions: () => ['upstream'],

  createStage(context) {
    const { isNew, now, schedule, count } = context;
    const fromMs = now();
    let cancel: (() => void) | null = null;

    const reset = (): void => {
      count('resetConnections');
      context.reset();
    };
    const arm = ({ delayMs, newConnections, openConnections }: ResetParameters): void => {
      cancel?.();
      cancel = null;
      if (!(isNew ? newConnections : openConnections)) return;
      if (fromMs + delayMs <= now()) reset();
      else cancel = schedule(fromMs + delayMs, reset);
    };
    const stop = (): void => cancel?.();

    arm(context.parameters);
    return passThrough(context, { update: arm, flush: stop, drop: stop });
  },
};
