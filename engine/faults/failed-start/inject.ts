import type { z } from 'zod';
import type { Injector, ProcessTarget } from '../inject.ts';
import { seededRandom } from '../random.ts';
import { pidOf } from '../running-process.ts';
import { startAgain } from '../start-again.ts';
import { untilAborted } from '../until-aborted.ts';
import type { failedStartDefinition } from './definition.ts';

type Parameters = z.output<(typeof failedStartDefinition)['parameters']>;

const ANSWER_MS = 2000;
/** So long is waited for a start that it can fail. */
const LOOK_MS = 4000;
const LOOK_EVERY_MS = 25;

export const injectFailedStart: Injector<ProcessTarget, Parameters> = async (target, parameters, options) => {
  const { failRate, restart, retryAfterMs, scope } = parameters;
  const { signal, seed } = options;
  if (restart) pidOf(target, 'restarted');
  const random = seededRandom(seed);
  let starts = 0;
  let failed = 0;
  const lift = target.impose(
    {
      fails() {
        starts += 1;
        if (random() >= failRate) return false;
        failed += 1;
        return true;
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
    starting = startAgain(target, { everyMs: retryAfterMs, signal });
  }

  return {
    async proveEffect() {
      const deadlineMs = performance.now() + LOOK_MS;
      while (failed === 0 && performance.now() < deadlineMs)
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      // Its process is ended in the turn of its start, and gone a moment later.
      while (failed > 0 && failRate === 1 && target.pid() !== null && performance.now() < deadlineMs)
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const pid = target.pid();
      return {
        holds: failed > 0 && (failRate < 1 || pid === null),
        evidence:
          starts === 0
            ? `nothing was started within ${LOOK_MS} ms`
            : `${failed} of ${starts} starts failed; ${pid === null ? 'no process runs' : `process ${pid} runs`}`,
      };
    },
    async proveRemoval() {
      const answers = await target.healthy(ANSWER_MS);
      const pid = target.pid();
      return {
        holds: pid !== null && answers,
        evidence: `${failed} of ${starts} starts failed; now process ${pid ?? 'none'} runs and ${answers ? 'answers' : 'does not answer'} its health check`,
      };
    },
    undone: untilAborted(signal).then(async () => {
      lift();
      await starting;
      if (restart) await target.start();
    }),
  };
};
