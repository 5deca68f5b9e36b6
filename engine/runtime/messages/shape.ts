import { catalogue } from '../../catalogue.ts';
import type { LedgerShape } from '../../metrics/messages/ledger.ts';
import type { Destination } from '../../model/broker.ts';
import type { Consumer } from '../../model/consumer.ts';
import { delivers } from '../../model/dialling.ts';
import type { ArchipelDocument, ArchipelNode } from '../../model/document.ts';

export type MessageDocument = Pick<ArchipelDocument, 'nodes' | 'edges'>;

const definitionOf = ({ kind }: ArchipelNode) => catalogue.kinds.find((definition) => definition.kind === kind);

/** What a broker has, by its config; undefined of any other node. */
const destinationsOf = (node: ArchipelNode): Destination[] | undefined =>
  definitionOf(node)?.destinations?.(node.config as never);

type Subscriber = Pick<Consumer, 'edge' | 'from' | 'group'>;

const consumersOf = ({ config }: ArchipelNode): readonly Subscriber[] => {
  const { consumers = [], eventSources = [] } = config as Partial<Record<string, readonly Subscriber[]>>;
  return [...consumers, ...eventSources];
};

/** What of a document has to do with messages. */
export function shapeOf({ nodes, edges }: MessageDocument): LedgerShape & { brokers: readonly string[] } {
  const brokers = nodes.filter((node) => delivers(definitionOf(node)));
  const ids = new Set(brokers.map(({ id }) => id));
  const brokerOf = new Map<string, string>();
  for (const { id, source, target } of edges) {
    if (ids.has(source)) brokerOf.set(id, source);
    else if (ids.has(target)) brokerOf.set(id, target);
  }
  const destinations = brokers.flatMap((node) =>
    (destinationsOf(node) ?? []).map(({ name, pattern, deadLetter }) => ({
      broker: node.id,
      name,
      pattern,
      deadLetter,
    })),
  );
  const groups = nodes.flatMap((node) =>
    consumersOf(node).flatMap(({ edge, from, group }) => {
      const broker = brokerOf.get(edge);
      const isLog = destinations.some((each) => each.broker === broker && each.name === from && each.pattern === 'log');
      return broker !== undefined && isLog ? [{ broker, destination: from, group: group ?? node.id }] : [];
    }),
  );
  // What nobody consumes is kept all the same, and counts.
  const unread = destinations.flatMap(({ broker, name, pattern }) =>
    pattern === 'log' && !groups.some((group) => group.broker === broker && group.destination === name)
      ? [{ broker, destination: name, group: '' }]
      : [],
  );
  return { brokers: [...ids], destinations, brokerOf, groups: [...groups, ...unread] };
}
