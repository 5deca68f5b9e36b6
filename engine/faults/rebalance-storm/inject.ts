import type { z } from 'zod';
import { delay } from '../delay.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { unlessEnded } from '../unless-ended.ts';
import { untilAborted } from '../until-aborted.ts';
import type { rebalanceStormDefinition } from './definition.ts';

type Parameters = z.output<(typeof rebalanceStormDefinition)['parameters']>;

const LOOK_EVERY_MS = 50;
/** Of a group whose members hear of each other in their own time. */
const FIRST_MS = 4500;
/** So many are a storm. */
const ENOUGH = 2;
const QUIET_MS = 500;

export const injectRebalanceStorm: Injector<ProcessTarget, Parameters> = async (target, parameters, { id, signal }) => {
  const count = async (): Promise<number> => (await target.call('rebalances', { id })) as number;
  await target.call('begin-rebalances', { id, ...parameters });
  return {
    async proveEffect() {
      const deadlineMs = performance.now() + FIRST_MS;
      let seen = await count();
      while (seen < ENOUGH && performance.now() < deadlineMs) {
        await delay(LOOK_EVERY_MS, signal);
        seen = await count();
      }
      return {
        holds: seen >= ENOUGH,
        evidence: `a consumer has joined "${parameters.group}" ${seen} times and left it again; each time the group began a generation`,
      };
    },
    async proveRemoval() {
      if (target.pid() === null) return { holds: true, evidence: 'the process that joined is gone' };
      const before = await count();
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      const now = await count();
      return {
        holds: now === before,
        evidence: `it joined ${before} times, and ${now - before} times within the last ${QUIET_MS} ms`,
      };
    },
    undone: untilAborted(signal).then(async () => {
      const pid = target.pid();
      if (pid !== null) await unlessEnded(target, pid, () => target.call('end-rebalances', { id }));
    }),
  };
};
