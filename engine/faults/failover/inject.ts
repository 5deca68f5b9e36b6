import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import { exists } from '../../runtime/operating-system.ts';
import { delay } from '../delay.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { pidOf } from '../running-process.ts';
import { isStandby } from '../sql-server.ts';
import { untilAborted } from '../until-aborted.ts';
import type { failoverDefinition } from './definition.ts';
import {
  commitOn,
  committedBeyond,
  followersOf,
  furthest,
  gather,
  type Promoted,
  promote,
  standbysOf,
  untilFollows,
} from './fleet.ts';

type Parameters = z.output<(typeof failoverDefinition)['parameters']>;

const ANSWER_MS = 2000;
const FOLLOW_MS = 5000;
const POLL_MS = 50;

interface Takeover extends Promoted {
  /** From the end of the primary until the new one had committed something. */
  gapMs: number;
  /** Transactions that were committed and that the new primary does not know; null where they could not be counted. */
  lost: number | null;
}

export const injectFailover: Injector<ProcessTarget, Parameters> = async (
  target,
  { detectAfterMs, planned },
  { signal },
) => {
  const pid = pidOf(target, 'failed over');
  if (await isStandby(target))
    throw new ArchipelError(
      'fault-impossible',
      `Replica ${target.replica} of "${target.nodeId}" is a read replica: nobody takes over from it.`,
      'Name replica 0, the primary.',
    );
  if ((await standbysOf(target)).length === 0)
    throw new ArchipelError(
      'fault-impossible',
      `"${target.nodeId}" has no read replica that could take over.`,
      'Give the node read replicas.',
    );

  const goneAtMs = performance.now();
  try {
    await target.end(planned ? 'graceful' : 'abrupt');
  } catch (error) {
    await target.start().catch(() => {});
    throw error;
  }

  const takeOver = async (): Promise<Takeover | null> => {
    if (!planned) await delay(detectAfterMs, signal);
    // Nobody has noticed in time: the primary comes back as it was.
    if (signal.aborted) return null;
    const standbys = await standbysOf(target);
    const promoted = await promote(await furthest(standbys));
    await target.leadTo(promoted.server.replica);
    await commitOn(promoted.server);
    const gapMs = performance.now() - goneAtMs;
    await gather(
      promoted.server,
      standbys.filter((standby) => standby.replica !== promoted.server.replica),
    );
    return { ...promoted, gapMs, lost: await countLost(target, promoted.snapshot).catch(() => null) };
  };
  const takeover = takeOver();
  takeover.catch(() => {});

  let back: { gapMs: number; from: number } | null = null;
  return {
    async proveEffect() {
      const found = await takeover;
      if (!found)
        return {
          holds: false,
          evidence: `process ${pid}, the primary, was gone, and came back before that was noticed`,
        };
      const { server, timeline, gapMs, lost } = found;
      return {
        holds: !exists(pid) && !(await isStandby(server)),
        evidence: `process ${pid}, the primary, is gone; replica ${server.replica} takes writes since ${Math.round(gapMs)} ms after, on timeline ${timeline}; ${
          lost === null ? 'what was lost could not be counted' : `${lost} committed transactions are not there`
        }`,
      };
    },
    async proveRemoval() {
      const answers = await target.healthy(ANSWER_MS);
      const isPrimary = answers && !(await isStandby(target));
      const others = target.siblings().map(({ replica }) => replica);
      const followed = isPrimary ? await untilFollowed(target, others) : [];
      return {
        holds: isPrimary && others.every((replica) => followed.includes(replica)),
        evidence: `replica ${target.replica} ${isPrimary ? 'is the primary' : answers ? 'answers, and takes no writes' : 'does not answer'}${
          back
            ? `, with what replica ${back.from} had taken; nobody took writes for ${Math.round(back.gapMs)} ms on the way back`
            : ''
        }; ${followed.length} of ${others.length} read replicas follow it`,
      };
    },
    undone: untilAborted(signal).then(async () => {
      const found = await takeover.catch(() => null);
      if (!found) return target.start();
      const { server } = found;
      try {
        back = { from: server.replica, gapMs: await giveBack(target, server) };
      } catch (error) {
        // It was taken away, and what it alone had with it. Better the old primary than none.
        if (server.pid() === null) {
          await target.leadTo(null);
          await target.start();
        }
        throw error;
      }
    }),
  };
};

/** Starts the old primary, where its callers do not come any more, only to see what nobody else has of it. */
async function countLost(target: ProcessTarget, snapshot: string): Promise<number> {
  try {
    await target.start();
    return await committedBeyond(target, snapshot);
  } finally {
    await target.end('abrupt');
  }
}

/**
 * The old primary becomes a copy of the new one, follows it, and takes its place when it has stopped in order. Resolves with
 * the time for which nobody took writes.
 */
async function giveBack(target: ProcessTarget, leader: ProcessTarget): Promise<number> {
  // What was committed meanwhile is there alone.
  if (leader.pid() === null) await leader.start();
  if (target.pid() !== null) await target.end('abrupt');
  await leader.call('copy-to', { replica: target.replica });
  await target.start();
  await untilFollows(leader, target);
  const others = (await standbysOf(leader)).filter(({ replica }) => replica !== target.replica);

  const stoppedAtMs = performance.now();
  await leader.end('graceful');
  await promote(target);
  await target.leadTo(null);
  await commitOn(target);
  const gapMs = performance.now() - stoppedAtMs;

  await target.call('keep-for', { replica: leader.replica });
  await leader.call('become-standby', { replica: target.replica });
  await leader.start();
  await gather(target, others);
  return gapMs;
}

/** Those that follow it, as soon as all of them do, or after a while. */
async function untilFollowed(primary: ProcessTarget, others: readonly number[]): Promise<number[]> {
  const never = new AbortController().signal;
  for (const untilMs = performance.now() + FOLLOW_MS; ; ) {
    const followed = await followersOf(primary);
    if (others.every((replica) => followed.includes(replica)) || performance.now() > untilMs) return followed;
    await delay(POLL_MS, never);
  }
}
