import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import { exists } from '../../runtime/operating-system.ts';
import { delay } from '../delay.ts';
import type { Injector, Measurement, ProcessTarget } from '../inject.ts';
import { pidOf } from '../running-process.ts';
import { startAgain } from '../start-again.ts';
import { untilAborted } from '../until-aborted.ts';
import type { killDefinition } from './definition.ts';

type Parameters = z.output<(typeof killDefinition)['parameters']>;

const ANSWER_MS = 1000;
/** The newest frame of a process is at most so old. */
const LOOK_EVERY_MS = 50;

export const injectKill: Injector<ProcessTarget, Parameters> = async (target, parameters, { signal }) => {
  const { afterRequests, restart, restartAfterMs, times, upMs } = parameters;
  let lastPid = pidOf(target, 'killed');
  if (afterRequests > 0 && target.requests() === null)
    throw new ArchipelError(
      'fault-impossible',
      `Replica ${target.replica} of "${target.nodeId}" is a program that does not tell how many requests it has answered.`,
      'Leave "afterRequests" out, or kill a node whose program is ours.',
    );
  let killed = 0;
  let onFirst: (proof: Measurement | Promise<never>) => void = () => {};
  const first = new Promise<Measurement>((resolve) => {
    onFirst = resolve;
  });
  first.catch(() => {});

  const killOnce = async (): Promise<void> => {
    lastPid = pidOf(target, 'killed');
    const answered = target.requests();
    await target.end(parameters.graceful ? 'graceful' : 'abrupt');
    killed += 1;
    if (killed > 1) return;
    const gone = !exists(lastPid);
    const answers = await target.healthy(ANSWER_MS);
    onFirst({
      holds: gone && !answers,
      evidence: `process ${lastPid} ${gone ? 'is gone' : 'still exists'}${answered === null || afterRequests === 0 ? '' : `, after ${answered} requests`}, its port ${answers ? 'still answers' : 'does not answer'}`,
    });
  };

  /** Waits until it has run for long enough and has answered enough requests since. */
  const untilDue = async (lifeMs: number): Promise<void> => {
    const fromRequests = target.requests() ?? 0;
    await delay(lifeMs, signal);
    while (!signal.aborted && afterRequests > 0 && (target.requests() ?? 0) - fromRequests < afterRequests)
      await delay(LOOK_EVERY_MS, signal);
    // One that has ended by itself meanwhile cannot be killed; a supervisor starts it again.
    while (!signal.aborted && target.pid() === null) await startAgain(target, { everyMs: restartAfterMs, signal });
  };

  const goOn = async (): Promise<void> => {
    while (!signal.aborted) {
      if (killed > 0) {
        if (restart === 'never') return;
        await delay(restartAfterMs, signal);
        await startAgain(target, { everyMs: restartAfterMs, signal });
        if (killed >= times) return;
      }
      await untilDue(killed > 0 ? upMs : 0);
      if (!signal.aborted) await killOnce();
    }
  };

  if (afterRequests === 0)
    try {
      await killOnce();
    } catch (error) {
      // It is not known how far the end got; nobody may stay down for a fault that is not on.
      await target.start().catch(() => {});
      throw error;
    }
  const loop = goOn();
  loop.catch((error: unknown) => onFirst(Promise.reject(error)));

  return {
    proveEffect: () => first,
    async proveRemoval() {
      const successor = target.pid();
      const answers = await target.healthy(ANSWER_MS);
      const health = answers ? 'answers its health check' : 'does not answer its health check';
      if (killed === 0) return { holds: answers, evidence: `process ${lastPid} was never killed and ${health}` };
      const often = killed > 1 ? `after ${killed} kills ` : '';
      return {
        holds: successor !== null && successor !== lastPid && answers,
        evidence:
          successor === null
            ? `no process took the place of ${lastPid}`
            : `${often}process ${successor} took the place of ${lastPid} and ${health}`,
      };
    },
    undone: untilAborted(signal).then(async () => {
      await loop.catch(() => {});
      await target.start();
    }),
  };
};
