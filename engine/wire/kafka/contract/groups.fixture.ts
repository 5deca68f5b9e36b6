import { expect } from 'vitest';
import { KafkaClient } from '../client.ts';
import { apis } from '../protocol/apis.ts';
import { code, coordinator, type Part } from './conversation.fixture.ts';
import { SHORTEST_SESSION_MS } from './subjects.fixture.ts';

/** Groups of consumers, and the offsets that they keep. */
export const groups: Part = (contract) => {
  contract(
    'a group: members join with the id that they are given, one assigns, and all hear of changes',
    async ({ client, port, topic }) => {
      const groupId = `group-${topic}`;
      await coordinator(client, groupId);
      const [a, b] = [new KafkaClient(port), new KafkaClient(port)];
      const join = (
        own: KafkaClient,
        memberId: string,
        more: { sessionTimeoutMs?: number; protocols?: string[] } = {},
      ) =>
        own.send(apis.joinGroup, 7, {
          groupId,
          sessionTimeoutMs: more.sessionTimeoutMs ?? 10_000,
          rebalanceTimeoutMs: 10_000,
          memberId,
          groupInstanceId: null,
          protocolType: 'test',
          protocols: (more.protocols ?? ['range']).map((name) => ({ name, metadata: Buffer.from(`of ${name}`) })),
        });
      const beat = async (memberId: string, generationId: number) =>
        (await client.send(apis.heartbeat, 4, { groupId, memberId, generationId })).errorCode;
      const sync = (own: KafkaClient, memberId: string, generationId: number, assignments: [string, string][] = []) =>
        own.send(apis.syncGroup, 5, {
          groupId,
          memberId,
          generationId,
          protocolType: 'test',
          protocolName: 'range',
          assignments: assignments.map(([id, assignment]) => ({ memberId: id, assignment: Buffer.from(assignment) })),
        });

      expect(await join(a, '', { sessionTimeoutMs: 1 })).toMatchObject({ errorCode: code('INVALID_SESSION_TIMEOUT') });
      expect(await join(a, 'nobody')).toMatchObject({ errorCode: code('UNKNOWN_MEMBER_ID') });
      const told = await join(a, '');
      expect(told).toMatchObject({ errorCode: code('MEMBER_ID_REQUIRED'), members: [] });
      expect(told.memberId).toMatch(/^raw-/);
      const first = await join(a, told.memberId);
      expect(first).toMatchObject({
        errorCode: 0,
        generationId: 1,
        protocolType: 'test',
        protocolName: 'range',
        leader: told.memberId,
        members: [{ memberId: told.memberId, metadata: Buffer.from('of range') }],
      });
      expect(await beat(told.memberId, 7)).toBe(code('ILLEGAL_GENERATION'));
      expect(await beat('nobody', 1)).toBe(code('UNKNOWN_MEMBER_ID'));
      expect(await sync(a, told.memberId, 3)).toMatchObject({ errorCode: code('ILLEGAL_GENERATION') });
      const synced = await sync(a, told.memberId, 1, [[told.memberId, 'everything']]);
      expect(synced).toMatchObject({ errorCode: 0, protocolName: 'range', assignment: Buffer.from('everything') });
      expect(await beat(told.memberId, 1)).toBe(0);

      expect(await join(b, '', { protocols: ['other'] })).toMatchObject({
        errorCode: code('INCONSISTENT_GROUP_PROTOCOL'),
      });
      const second = await join(b, '');
      const joining = join(b, second.memberId);
      for (let error = 0; error !== code('REBALANCE_IN_PROGRESS'); ) error = await beat(told.memberId, 1);
      const [one, two] = await Promise.all([join(a, told.memberId), joining]);
      expect([one.generationId, two.generationId, two.leader]).toEqual([2, 2, told.memberId]);
      expect(one.members.map(({ memberId }) => memberId).sort()).toEqual([told.memberId, second.memberId].sort());
      expect(two.members).toEqual([]);
      const [parts, other] = await Promise.all([
        sync(a, told.memberId, 2, [
          [told.memberId, 'mine'],
          [second.memberId, 'yours'],
        ]),
        sync(b, second.memberId, 2),
      ]);
      expect([parts.assignment.toString(), other.assignment.toString()]).toEqual(['mine', 'yours']);

      const { groups } = await client.send(apis.describeGroups, 5, { groups: [groupId] });
      expect(groups[0]).toMatchObject({
        errorCode: 0,
        groupState: 'Stable',
        protocolType: 'test',
        protocolData: 'range',
      });
      expect(groups[0]?.members).toHaveLength(2);
      expect(groups[0]?.members[0]).toMatchObject({ clientId: 'raw', clientHost: '/127.0.0.1' });
      expect((await client.send(apis.deleteGroups, 2, { groupsNames: [groupId] })).results).toMatchObject([
        { errorCode: code('NON_EMPTY_GROUP') },
      ]);

      const leave = async (memberId: string) =>
        (await client.send(apis.leaveGroup, 4, { groupId, members: [{ memberId, groupInstanceId: null }] })).members;
      expect(await leave('nobody')).toMatchObject([{ errorCode: code('UNKNOWN_MEMBER_ID') }]);
      expect(await leave(second.memberId)).toMatchObject([{ errorCode: 0 }]);
      expect(await beat(told.memberId, 2)).toBe(code('REBALANCE_IN_PROGRESS'));
      expect(await leave(told.memberId)).toMatchObject([{ errorCode: 0 }]);
      expect((await client.send(apis.describeGroups, 5, { groups: [groupId] })).groups[0]?.groupState).toBe('Empty');
      expect((await client.send(apis.deleteGroups, 2, { groupsNames: [groupId, 'nowhere'] })).results).toMatchObject([
        { errorCode: 0 },
        { errorCode: code('GROUP_ID_NOT_FOUND') },
      ]);
      a.close();
      b.close();
    },
  );

  contract('a static member comes back under a new id, and nobody has to join again', async ({ client, topic }) => {
    const groupId = `group-${topic}`;
    await coordinator(client, groupId);
    const join = () =>
      client.send(apis.joinGroup, 7, {
        groupId,
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 10_000,
        memberId: '',
        groupInstanceId: 'instance',
        protocolType: 'test',
        protocols: [{ name: 'range', metadata: Buffer.from('m') }],
      });
    const first = await join();
    expect(first).toMatchObject({ errorCode: 0, generationId: 1 });
    const sync = (memberId: string) =>
      client.send(apis.syncGroup, 5, {
        groupId,
        memberId,
        groupInstanceId: 'instance',
        generationId: 1,
        protocolType: 'test',
        protocolName: 'range',
        assignments: [{ memberId, assignment: Buffer.from('all') }],
      });
    expect(await sync(first.memberId)).toMatchObject({ errorCode: 0 });
    const again = await join();
    expect(again).toMatchObject({ errorCode: 0, generationId: 1, members: [] });
    expect(again.memberId).not.toBe(first.memberId);
    expect((await sync(again.memberId)).assignment.toString()).toBe('all');
    expect(
      await client.send(apis.heartbeat, 4, {
        groupId,
        memberId: first.memberId,
        generationId: 1,
        groupInstanceId: 'instance',
      }),
    ).toMatchObject({ errorCode: code('FENCED_INSTANCE_ID') });
    expect(
      (await client.send(apis.leaveGroup, 4, { groupId, members: [{ memberId: '', groupInstanceId: 'instance' }] }))
        .members,
    ).toMatchObject([{ errorCode: 0 }]);
  });

  contract('a member that is not heard of for its session is out', async ({ client, topic }) => {
    const groupId = `group-${topic}`;
    await coordinator(client, groupId);
    const { errorCode, memberId } = await client.send(apis.joinGroup, 3, {
      groupId,
      sessionTimeoutMs: SHORTEST_SESSION_MS,
      rebalanceTimeoutMs: 6000,
      memberId: '',
      protocolType: 'test',
      protocols: [{ name: 'range', metadata: Buffer.from('m') }],
    });
    // Before version 4 nobody is asked to join twice.
    expect(errorCode).toBe(0);
    await client.send(apis.syncGroup, 3, { groupId, memberId, generationId: 1, assignments: [] });
    const fromMs = performance.now();
    let state = 'Stable';
    while (state === 'Stable') {
      await new Promise((resolve) => setTimeout(resolve, 20));
      state = (await client.send(apis.describeGroups, 5, { groups: [groupId] })).groups[0]?.groupState ?? '';
    }
    expect(state).toBe('Empty');
    expect(performance.now() - fromMs).toBeGreaterThan(SHORTEST_SESSION_MS - 100);
  });

  contract('offsets are kept for a group, and for whoever is in none', async ({ client, topic, create }) => {
    await create({}, 2);
    const groupId = `group-${topic}`;
    await coordinator(client, groupId);
    const commit = async (given: {
      memberId?: string;
      generation?: number;
      index?: number;
      offset?: number;
      metadata?: string | null;
    }) =>
      (
        await client.send(apis.offsetCommit, 8, {
          groupId,
          generationIdOrMemberEpoch: given.generation ?? -1,
          memberId: given.memberId ?? '',
          topics: [
            {
              name: topic,
              partitions: [
                {
                  partitionIndex: given.index ?? 0,
                  committedOffset: given.offset ?? 5,
                  committedMetadata: given.metadata === undefined ? 'note' : given.metadata,
                },
              ],
            },
          ],
        })
      ).topics[0]?.partitions[0]?.errorCode;
    expect(await commit({ generation: 3, memberId: 'nobody' })).toBe(code('ILLEGAL_GENERATION'));
    expect(await commit({ generation: 3, memberId: 'nobody', index: 9 })).toBe(code('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(await commit({})).toBe(0);
    expect(await commit({ index: 1, offset: 7, metadata: null })).toBe(0);
    expect(await commit({ memberId: 'nobody' })).toBe(0);
    expect(await commit({ generation: 3 })).toBe(code('UNKNOWN_MEMBER_ID'));
    expect(await commit({ generation: 3, memberId: 'nobody' })).toBe(code('UNKNOWN_MEMBER_ID'));
    expect(await commit({ index: 9 })).toBe(code('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(await commit({ metadata: 'x'.repeat(5000) })).toBe(code('OFFSET_METADATA_TOO_LARGE'));
    const { groups } = await client.send(apis.offsetFetch, 8, {
      groups: [
        { groupId, topics: [{ name: topic, partitionIndexes: [0, 1, 2] }] },
        { groupId: 'nowhere', topics: null },
      ],
      requireStable: true,
    });
    expect(groups[0]?.topics[0]?.partitions).toMatchObject([
      { committedOffset: 5, metadata: 'note', errorCode: 0 },
      { committedOffset: 7, metadata: '', errorCode: 0 },
      { committedOffset: -1, errorCode: 0 },
    ]);
    expect(groups[1]).toMatchObject({ errorCode: 0, topics: [] });
    const all = await client.send(apis.offsetFetch, 5, { groupId, topics: null });
    expect(all.topics[0]?.partitions).toHaveLength(2);
    const removed = await client.send(apis.offsetDelete, 0, {
      groupId,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0 }] }],
    });
    expect(removed).toMatchObject({ errorCode: 0, topics: [{ partitions: [{ errorCode: 0 }] }] });
    expect((await client.send(apis.offsetFetch, 5, { groupId, topics: null })).topics[0]?.partitions).toMatchObject([
      { partitionIndex: 1 },
    ]);
  });
};
