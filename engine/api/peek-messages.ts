import { catalogue } from '../catalogue.ts';
import { ArchipelError } from '../model/error.ts';
import type { Peek, PeekedPage } from '../model/peek.ts';
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
  const destinations = definitionOf(broker.kind)?.destinations?.(broker.config as never) ?? [];
  if (!destinations.some(({ name }) => name === of.destination))
    throw new ArchipelError(
      'not-found',
      `"${of.node}" has no queue, exchange, stream, channel or topic "${of.destination}".`,
      destinations.length === 0
        ? 'Declare one in its config.'
        : `Use one of ${destinations.map(({ name }) => `"${name}"`).join(', ')}.`,
    );
  return messages.peek(of);
}
