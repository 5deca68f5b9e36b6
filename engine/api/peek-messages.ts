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
  const definition = definitionOf(broker.kind);
  const { pattern } = declared(definition?.destinations?.(broker.config as never) ?? [], of.destination, of.node);
  const cursor = pattern !== 'log' ? cursors.queue : definition?.accepts === 'kafka' ? cursors.topic : cursors.stream;
  if (of.cursor !== null && !cursor.test(of.cursor))
    throw new ArchipelError(
      'not-found',
      `"${of.destination}" has no page that begins at "${of.cursor.slice(0, 100)}".`,
      'Take "next" of the page before, or leave it out for the first page.',
    );
  return messages.peek(of);
}

/** Where a page may begin: at a place in a queue, behind an entry of a stream, or at offsets of the partitions of a topic. */
const cursors = {
  queue: /^\d{1,15}$/,
  stream: /^\d{1,20}-\d{1,20}$/,
  topic: /^\[(\[\d{1,9},\d{1,16}\](,(?=\[))?)*\]$/,
};
