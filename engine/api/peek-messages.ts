import { catalogue } from '../catalogue.ts';
import { ArchipelError } from '../model/error.ts';
import type { Peek, PeekedPage } from '../model/peek.ts';
import { declared } from './declared-destination.ts';
import type { LiveTopology } from './live-topology.ts';

/** What lies in a destination of a broker that runs. Refuses what is no destination of a broker. */
export async function peekMessages({ topology, messages }: LiveTopology, of: Peek): Promise<PeekedPage> {
  const { nodes } = topology.document;
  const definitionOf = (kind: string) => catalogue.kinds.find((definition) => definition.kind === kind);
  const brokers = nodes.filter(({ kind }) => definitionOf(kind)?.destinations);
  const broker = brokers.find(({ id }) => id === of.node);
  if (!broker)
    throw new ArchipelError(
      'not-found',
      `No broker "${of.node}" runs.`,
      brokers.length === 0
        ? 'Nothing that runs keeps messages.'
        : `Use one of ${brokers.map(({ id }) => `"${id}"`).join(', ')}.`,
    );
  declared(definitionOf(broker.kind)?.destinations?.(broker.config as never) ?? [], of.destination, of.node);
  return messages.peek(of);
}
