import type { Injector, ProcessTarget } from '../inject.ts';
import { unlessEnded } from '../unless-ended.ts';
import { untilAborted } from '../until-aborted.ts';

export const injectQueueFull: Injector<ProcessTarget, Record<string, never>> = async (target, _, { signal }) => {
  const takesWrites = async (): Promise<boolean> => (await target.call('takes-writes', {})) as boolean;
  const before = await takesWrites();
  await target.call('queue-full', {});
  return {
    async proveEffect() {
      const now = await takesWrites();
      return {
        holds: before && !now,
        evidence: `the broker ${before ? 'took a write before' : 'took no write before either'}, and ${now ? 'takes one now' : 'refuses one now, since it has no room'}`,
      };
    },
    async proveRemoval() {
      const now = await takesWrites();
      return { holds: now, evidence: `the broker ${now ? 'takes a write again' : 'still refuses a write'}` };
    },
    undone: untilAborted(signal).then(async () => {
      // A process that was started anew has its own limit, and nothing to undo.
      const pid = target.pid();
      if (pid !== null) await unlessEnded(target, pid, () => target.call('end-queue-full', {}));
    }),
  };
};
