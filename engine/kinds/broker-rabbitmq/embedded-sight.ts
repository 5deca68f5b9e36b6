import type { Destination } from '../../model/broker.ts';
import type { PeekedPage } from '../../model/peek.ts';
import type { BrokerSight, DestinationSeen } from '../../runtime/launch.ts';
import type { HeldAnswer } from './held.ts';
import { exchangeSeen } from './unseen.ts';

const ANSWER_MS = 2000;

/** What an embedded broker holds, asked of its process, which knows each message by its id. */
export function createEmbeddedSight(
  call: (name: string, payload: unknown) => Promise<unknown>,
  destinations: readonly Destination[],
): BrokerSight {
  const ask = <Answer>(name: string, payload: unknown): Promise<Answer> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
    });
    return Promise.race([call(name, payload) as Promise<Answer>, late]).finally(() => clearTimeout(timer));
  };
  const isExchange = (wanted: string): boolean =>
    destinations.some(({ name, pattern }) => name === wanted && pattern === 'exchange');
  return {
    async peek(of) {
      if (isExchange(of.destination)) return exchangeSeen();
      return ask<PeekedPage>('peek', of);
    },
    look: () => ask<DestinationSeen[]>('look', null),
    async held({ destination }, asked) {
      const ids = asked.map(({ id }) => id);
      // An exchange keeps nothing: what reached no queue of it is gone.
      if (isExchange(destination)) return { held: new Set(), dropped: new Set(ids) };
      const { held, fates } = await ask<HeldAnswer>('held', { queue: destination, ids });
      const of = (wanted: string): Set<string> =>
        new Set(fates.flatMap(({ id, fate }) => (fate === wanted ? [id] : [])));
      return { held: new Set(held), dropped: of('dropped'), expired: of('expired'), deadLettered: of('dead-lettered') };
    },
  };
}
