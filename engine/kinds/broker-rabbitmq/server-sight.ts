import { DELAYED_NAMES, delayedNames, isDelayedFor } from '../../model/amqp-declaration.ts';
import type { Destination } from '../../model/broker.ts';
import type { BrokerSight, DestinationSeen } from '../../runtime/launch.ts';
import type { RabbitLink } from './link.ts';
import { exchangeSeen, serverSeen } from './unseen.ts';

/**
 * What a RabbitMQ that is not embedded holds. AMQP tells how many messages wait in a queue, and not which: where they are fewer
 * than they should be, at two looks one after the other, the oldest are those that are gone.
 */
export function createServerSight(link: RabbitLink, destinations: readonly Destination[]): BrokerSight {
  const delayed = new Set<string>();
  const goneBefore = new Map<string, ReadonlySet<string>>();

  /** Clients say which queues of delayed messages there are. */
  const learnDelayed = (): Promise<void> =>
    link.run(async (channel) => {
      await channel.assertQueue(DELAYED_NAMES, delayedNames);
      for (;;) {
        const message = await channel.get(DELAYED_NAMES, { noAck: true });
        if (!message) return;
        delayed.add(message.content.toString());
      }
    });

  /** Messages that wait in it; null where there is no such queue. */
  const waitingIn = (name: string): Promise<number | null> =>
    link
      .aside(async (channel) => (await channel.checkQueue(name)).messageCount)
      .catch((error: Error) => {
        if (/NOT-FOUND|NOT_FOUND/.test(error.message)) return null;
        throw error;
      });

  const waitingFor = async (queue: string): Promise<number> => {
    let count = (await waitingIn(queue)) ?? 0;
    for (const name of [...delayed].filter((each) => isDelayedFor(each, queue))) {
      const waiting = await waitingIn(name);
      if (waiting === null) delayed.delete(name);
      count += waiting ?? 0;
    }
    return count;
  };

  return {
    async look() {
      await learnDelayed();
      const seen: DestinationSeen[] = [];
      for (const { name, pattern } of destinations) {
        if (pattern !== 'queue') continue;
        const depth = await waitingFor(name);
        seen.push({ name, depth, unacked: null, lag: depth, oldestAtMs: depth === 0 ? null : undefined, setAside: 0 });
      }
      return seen;
    },
    async peek({ destination }) {
      const isExchange = destinations.some(({ name, pattern }) => name === destination && pattern === 'exchange');
      return isExchange ? exchangeSeen() : serverSeen();
    },
    async held({ destination }, asked) {
      const ids = asked.map(({ id }) => id);
      const found = destinations.find(({ name }) => name === destination);
      if (found?.pattern === 'exchange') return { held: new Set(), dropped: new Set(ids) };
      await learnDelayed();
      const count = await waitingFor(destination);
      const short = new Set(ids.slice(0, Math.max(0, ids.length - count)));
      const before = goneBefore.get(destination);
      goneBefore.set(destination, short);
      const gone = new Set([...short].filter((id) => before?.has(id)));
      const held = new Set(ids.filter((id) => !gone.has(id)));
      const rule = found && ruleOf(found);
      return rule ? { held, [rule]: gone } : { held };
    },
  };
}

/** What becomes of messages that a queue lets go by the rules that it has. */
function ruleOf({ declaration, deadLetter }: Destination): 'deadLettered' | 'expired' | 'dropped' | null {
  const { arguments: rules = {} } = declaration as { arguments?: Readonly<Record<string, unknown>> };
  const expires = rules['x-message-ttl'] !== undefined;
  if (!expires && rules['x-overflow'] !== 'drop-head') return null;
  return deadLetter !== undefined ? 'deadLettered' : expires ? 'expired' : 'dropped';
}
