import type { z } from 'zod';
import type { Injector, ProcessTarget } from '../inject.ts';
import { pidOf } from '../running-process.ts';
import { startAgain } from '../start-again.ts';
import { untilAborted } from '../until-aborted.ts';
import type { slowStartDefinition } from './definition.ts';

type Parameters = z.output<(typeof slowStartDefinition)['parameters']>;

const ANSWER_MS = 2000;
const RETRY_MS = 500;
/** So much longer than the delay is waited for a start that somebody else begins. */
const LOOK_MS = 3000;

export const injectSlowStart: Injector<ProcessTarget, Parameters> = async (target, parameters, { signal }) => {
  const { readyDelayMs, restart, scope } = parameters;
  if (restart) pidOf(target, 'restarted');
  const startsMs: number[] = [];
  let onFirst: () => void = () => {};
  const first = new Promise<void>((resolve) => {
    onFirst = resolve;
  });
  const lift = target.impose(
    {
      readyDelayMs,
      onReady(startMs) {
        startsMs.push(startMs);
        onFirst();
      },
    },
    scope === 'node' ? 'all' : 'this',
  );
  let starting: Promise<void> = Promise.resolve();
  if (restart) {
    try {
      await target.end('graceful');
    } catch (error) {
      lift();
      await target.start().catch(() => {});
      throw error;
    }
    starting = startAgain(target, { everyMs: RETRY_MS, signal });
  }

  return {
    async proveEffect() {
      await Promise.race([first, new Promise((resolve) => setTimeout(resolve, readyDelayMs + LOOK_MS).unref())]);
      const [startMs] = startsMs;
      return {
        holds: startMs !== undefined && startMs >= readyDelayMs,
        evidence:
          startMs === undefined
            ? `no process became ready within ${readyDelayMs + LOOK_MS} ms`
            : `process ${target.pid()} was ready ${startMs.toFixed(0)} ms after its start (held back for ${readyDelayMs} ms)`,
      };
    },
    async proveRemoval() {
      const answers = await target.healthy(ANSWER_MS);
      return {
        holds: answers,
        evidence: `nothing holds back its starts any more, after ${startsMs.length} that were; process ${target.pid()} ${answers ? 'answers' : 'does not answer'} its health check`,
      };
    },
    undone: untilAborted(signal).then(async () => {
      // A start that is being held back goes on at once.
      lift();
      await starting;
      if (restart) await target.start();
    }),
  };
};
