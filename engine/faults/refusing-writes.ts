import type { InjectedFault, ProcessTarget } from './inject.ts';
import { unlessEnded } from './unless-ended.ts';
import { untilAborted } from './until-aborted.ts';

/** A broker that takes no writes, between two calls of its process, and for a reason. */
export async function refusingWrites(
  target: ProcessTarget,
  { signal, begin, end, since }: { signal: AbortSignal; begin: string; end: string; since: string },
): Promise<InjectedFault> {
  const takesWrites = async (): Promise<boolean> => (await target.call('takes-writes', {})) as boolean;
  const before = await takesWrites();
  await target.call(begin, {});
  return {
    async proveEffect() {
      const now = await takesWrites();
      return {
        holds: before && !now,
        evidence: `the broker ${before ? 'took a write before' : 'took no write before either'}, and ${now ? 'takes one now' : `refuses one now, since ${since}`}`,
      };
    },
    async proveRemoval() {
      const now = await takesWrites();
      return { holds: now, evidence: `the broker ${now ? 'takes a write again' : 'still refuses a write'}` };
    },
    undone: untilAborted(signal).then(async () => {
      // A process that was started anew knows nothing of it.
      const pid = target.pid();
      if (pid !== null) await unlessEnded(target, pid, () => target.call(end, {}));
    }),
  };
}
