import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import { exists } from '../../runtime/operating-system.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { untilAborted } from '../until-aborted.ts';
import type { killDefinition } from './definition.ts';

type Parameters = z.output<(typeof killDefinition)['parameters']>;

const ANSWER_MS = 1000;

export const injectKill: Injector<ProcessTarget, Parameters> = async (target, { graceful }, { signal }) => {
  const pid = target.pid();
  if (pid === null)
    throw new ArchipelError(
      'fault-impossible',
      `Replica ${target.replica} of "${target.nodeId}" has no process that could be killed.`,
      'Wait until it runs, or restart it.',
    );
  try {
    await target.end(graceful ? 'graceful' : 'abrupt');
  } catch (error) {
    // It is not known how far the end got; nobody may stay down for a fault that is not on.
    await target.start().catch(() => {});
    throw error;
  }

  return {
    async proveEffect() {
      const gone = !exists(pid);
      const answers = await target.healthy(ANSWER_MS);
      return {
        holds: gone && !answers,
        evidence: `process ${pid} ${gone ? 'is gone' : 'still exists'}, its port ${answers ? 'still answers' : 'does not answer'}`,
      };
    },
    async proveRemoval() {
      const successor = target.pid();
      const answers = await target.healthy(ANSWER_MS);
      return {
        holds: successor !== null && successor !== pid && answers,
        evidence:
          successor === null
            ? `no process took the place of ${pid}`
            : `process ${successor} took the place of ${pid} and ${answers ? 'answers' : 'does not answer'} its health check`,
      };
    },
    undone: untilAborted(signal).then(() => target.start()),
  };
};
