import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { retryStormDefinition } from './definition.ts';

export type RetryStormParameters = z.output<(typeof retryStormDefinition)['parameters']>;

export const actRetryStorm: StartAct<RetryStormParameters> = ({ parameters, probability, random, hooks }) => {
  let { retries } = parameters;
  let failed = 0;
  let again = 0;
  const hook = (resent: number): boolean => {
    failed += 1;
    // Drawn for each failure in turn, also where it was the last.
    if (random() >= probability || resent >= retries) return false;
    again += 1;
    return true;
  };
  hooks.traffic.resend.add(hook);
  return {
    update(changed) {
      ({ retries } = changed);
    },
    measured: () => ({ failed, again }),
    stop: () => void hooks.traffic.resend.delete(hook),
  };
};
