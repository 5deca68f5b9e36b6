import { exists, isStopped } from '../../runtime/operating-system.ts';
import type { InjectOptions, Injector, ProcessTarget } from '../inject.ts';
import { pidOf } from '../running-process.ts';
import { untilAborted } from '../until-aborted.ts';
import { block } from './block.ts';
import { freeze, thaw } from './freeze.ts';

/** A process that answers its health check within this time is not paused. */
const SILENCE_MS = 300;
const ANSWER_MS = 2000;

interface Held {
  frozen: readonly number[];
  end(): void | Promise<void>;
  renew?(expiresAtMs: number): Promise<void>;
}

export const injectPause: Injector<ProcessTarget, Record<string, never>> = async (target, _parameters, options) => {
  const pid = pidOf(target, 'paused');
  const held = await hold(target, pid, options);

  return {
    async proveEffect() {
      const answered = await target.healthy(SILENCE_MS);
      // A child that had just ended stays a zombie, since its stopped parent cannot take note of it.
      const alive = held.frozen.filter(exists);
      const running = alive.filter((frozen) => isStopped(frozen) === false).length;
      const state =
        held.frozen.length === 0
          ? 'its event loop is blocked'
          : `${alive.length - running} of ${alive.length} processes stopped`;
      return {
        holds: !answered && running === 0,
        evidence: `process ${pid}: health check ${answered ? 'answered' : 'not answered'} within ${SILENCE_MS} ms, ${state}`,
      };
    },
    async proveRemoval() {
      const current = target.pid();
      const stopped = held.frozen.filter((frozen) => isStopped(frozen) === true).length;
      const startMs = performance.now();
      const answered = await target.healthy(ANSWER_MS);
      const elapsedMs = (performance.now() - startMs).toFixed(1);
      const successor =
        current !== pid ? `process ${pid} ended meanwhile, ${current ?? 'nothing'} took its place; ` : '';
      const ended = current === pid && !exists(pid) ? `process ${pid} ended meanwhile; ` : '';
      return {
        holds: answered && stopped === 0,
        evidence: `${successor}${ended}health check ${answered ? `answered in ${elapsedMs} ms` : `not answered within ${ANSWER_MS} ms`}, ${stopped} processes stopped`,
      };
    },
    undone: untilAborted(options.signal).then(() => held.end()),
    renew: held.renew,
  };
};

async function hold(target: ProcessTarget, pid: number, { platform, expiresAtMs }: InjectOptions): Promise<Held> {
  if (platform === 'win32') return { frozen: [], ...(await block(target, expiresAtMs)) };
  const frozen = await freeze(pid);
  return { frozen, end: () => thaw(frozen) };
}
