import type { GroupPartitionsAssigner } from '@platformatic/kafka';

/**
 * Deals out the partitions of each topic by turns among those members of the group that read it, as Kafka's own
 * RoundRobinAssignor does. Consumers of one service are members of one group, each for its topic; the client's own way deals out
 * the topics of one of them to all.
 */
export const assignPartitions: GroupPartitionsAssigner = (_, members, __, { topics }) => {
  const dealt = new Map([...members.keys()].map((memberId) => [memberId, new Map<string, number[]>()]));
  for (const [topic, { partitionsCount }] of topics) {
    const readers = [...members].flatMap(([memberId, member]) => (member.topics?.includes(topic) ? [memberId] : []));
    for (let partition = 0; readers.length > 0 && partition < partitionsCount; partition += 1) {
      const of = dealt.get(readers[partition % readers.length] as string);
      of?.set(topic, [...(of.get(topic) ?? []), partition]);
    }
  }
  return [...dealt].map(([memberId, partitionsOf]) => ({
    memberId,
    assignments: new Map([...partitionsOf].map(([topic, partitions]) => [topic, { topic, partitions }])),
  }));
};
