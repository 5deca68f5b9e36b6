import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { isStandby, sqlServer } from '../sql-server.ts';
import { undelayed } from '../undelayed.ts';
import { untilAborted } from '../until-aborted.ts';
import type { replicaLagDefinition } from './definition.ts';

type Parameters = z.output<(typeof replicaLagDefinition)['parameters']>;

/** What a standby answers to the call `apply-time`: how long it took to apply a commit that was just made. */
interface ApplyTime {
  /** Null: it had not within the time. */
  appliedMs: number | null;
  received: boolean;
}

/** A proof of a long delay does not wait for its end. */
const LOOK_MS = 1500;
const CATCH_UP_MS = 5000;

export const injectReplicaLag: Injector<ProcessTarget, Parameters> = async (target, { delayMs }, { signal }) => {
  if (!(await isStandby(target)))
    throw new ArchipelError(
      'fault-impossible',
      `Replica ${target.replica} of "${target.nodeId}" is the primary, which follows nobody.`,
      'Give the node read replicas, and name one of them: replica 1 or higher.',
    );
  const server = sqlServer(target);
  const applyTime = (timeoutMs: number): Promise<ApplyTime> =>
    target.call('apply-time', { timeoutMs }) as Promise<ApplyTime>;
  const set = async (sql: string): Promise<void> => {
    // Each on its own: ALTER SYSTEM is refused in a transaction, as which several statements run.
    await server.query({ sql });
    await server.query({ sql: 'select pg_reload_conf()' });
  };
  const reset = (): Promise<void> => set('alter system reset recovery_min_apply_delay');

  const before = await applyTime(CATCH_UP_MS);
  try {
    await set(`alter system set recovery_min_apply_delay = ${delayMs}`);
  } catch (error) {
    await reset().catch(() => {});
    throw error;
  }

  return {
    async proveEffect() {
      const lookMs = Math.min(delayMs, LOOK_MS);
      const during = await applyTime(lookMs);
      return {
        // A commit is only held back once the server has read its settings anew; that takes it some milliseconds.
        holds: during.received && (during.appliedMs === null || during.appliedMs >= 0.8 * delayMs),
        evidence: `a commit was applied ${inMs(before, CATCH_UP_MS)} before; now it is ${during.received ? 'received' : 'not received'} and applied ${inMs(during, lookMs)} (expected after ${delayMs} ms)`,
      };
    },
    proveRemoval: () =>
      undelayed(async () => {
        const after = await applyTime(CATCH_UP_MS);
        return {
          answered: after.appliedMs !== null,
          holds: after.appliedMs !== null && after.appliedMs < Math.max(0.5 * delayMs, 10 * (before.appliedMs ?? 0)),
          evidence: `a commit is applied ${inMs(after, CATCH_UP_MS)}`,
        };
      }),
    undone: untilAborted(signal).then(reset),
  };
};

const inMs = ({ appliedMs }: ApplyTime, timeoutMs: number): string =>
  appliedMs === null ? `not within ${timeoutMs} ms` : `after ${appliedMs.toFixed(1)} ms`;
