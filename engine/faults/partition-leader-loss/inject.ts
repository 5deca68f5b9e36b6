import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { untilAborted } from '../until-aborted.ts';
import type { partitionLeaderLossDefinition } from './definition.ts';

type Parameters = z.output<(typeof partitionLeaderLossDefinition)['parameters']>;

/** As the process of the cluster tells it. */
interface Leadership {
  leader: number;
  isr: number[];
  running: number[];
}

const LOOK_EVERY_MS = 50;
/** Brokers are missed after a second. */
const ELECTION_MS = 4000;
const CATCH_UP_MS = 5000;

export const injectPartitionLeaderLoss: Injector<ProcessTarget, Parameters> = async (
  target,
  parameters,
  { signal },
) => {
  const look = async (): Promise<Leadership> => (await target.call('leadership', parameters)) as Leadership;
  const before = await look().catch((error: unknown) => {
    throw impossible(`${target.nodeId}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (before.running.length < 2) throw impossible(`"${target.nodeId}" has no second broker`);
  const lost = before.leader;
  if (!before.running.includes(lost)) throw impossible(`nobody leads the partition of "${target.nodeId}"`);
  const hasOthers = before.isr.length > 1;
  await target.call('end-broker', { broker: lost });

  const until = async (holds: (now: Leadership) => boolean, withinMs: number): Promise<Leadership> => {
    const deadlineMs = performance.now() + withinMs;
    let now = await look();
    while (!holds(now) && performance.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      now = await look();
    }
    return now;
  };

  return {
    async proveEffect() {
      const fits = ({ leader, running }: Leadership): boolean =>
        !running.includes(lost) && leader !== lost && hasOthers === leader >= 0;
      const now = await until(fits, ELECTION_MS);
      return {
        holds: fits(now),
        evidence: `broker ${lost} led the partition and is gone; ${now.leader < 0 ? 'nobody leads it' : `broker ${now.leader} leads it`} now, in sync: ${now.isr.join(', ')}`,
      };
    },
    async proveRemoval() {
      const fits = ({ leader, isr, running }: Leadership): boolean =>
        running.includes(lost) && leader >= 0 && isr.length >= before.isr.length;
      const now = await until(fits, CATCH_UP_MS);
      return {
        holds: fits(now),
        evidence: `broker ${lost} ${now.running.includes(lost) ? 'is back' : 'is still gone'}; broker ${now.leader} leads the partition, in sync: ${now.isr.join(', ')}`,
      };
    },
    undone: untilAborted(signal).then(async () => {
      // A process that was started anew has all its brokers.
      if (target.pid() !== null) await target.call('start-broker', { broker: lost });
    }),
  };
};

const impossible = (why: string): ArchipelError =>
  new ArchipelError(
    'fault-impossible',
    `${why}, so no leader of a partition can be lost.`,
    'Name a topic of an embedded cluster of two brokers or more.',
  );
