import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Candidate } from '../../metrics/messages/ledger.ts';
import type { Destination } from '../../model/broker.ts';
import type { BrokerSight } from '../../runtime/launch.ts';
import { type Subject, startOurs } from '../../wire/kafka/contract/subjects.fixture.ts';
import { apis } from '../../wire/kafka/protocol/apis.ts';
import { batchOf } from '../../wire/kafka/records/record.ts';
import { type ClusterLink, createClusterLink } from './cluster-link.ts';
import { createKafkaSight } from './sight.ts';

/* What a topic has let go of by its own rules is dropped, whoever has read how much of it and when it was looked at. */

const TOPIC = 'orders';
const CHECK_MS = 10;

let nowMs: number;
let broker: Subject;
let over: AbortController;
let link: ClusterLink;

beforeEach(async () => {
  nowMs = Date.now();
  broker = await startOurs({
    ...{ retentionCheckIntervalMs: CHECK_MS, compactionCheckIntervalMs: CHECK_MS },
    now: () => nowMs,
  });
  over = new AbortController();
  link = createClusterLink([{ host: '127.0.0.1', port: broker.port }], over.signal);
});
afterEach(async () => {
  over.abort();
  await broker.stop();
});

async function topicOf(settings: Record<string, string>) {
  const made = await link.ask(apis.createTopics, 5, {
    timeoutMs: 5000,
    topics: [
      {
        ...{ name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [] },
        configs: Object.entries(settings).map(([name, value]) => ({ name, value })),
      },
    ],
  });
  expect(made.topics[0]?.errorCode).toBe(0);
  const destination: Destination = {
    ...{ name: TOPIC, pattern: 'log', maxLength: null, setsAside: false, takes: [] },
    ...{ acks: ['after'], confirmedBy: 'all' },
  };
  const sight = createKafkaSight(link, [destination]);
  const asked: Candidate[] = [];
  return {
    sight,
    /** One record in a batch of its own. */
    async publish(...ids: string[]) {
      const [of] = (await link.look([TOPIC])).partitions;
      for (const id of ids) {
        const key = Buffer.from(id.slice(0, 1));
        const record = { key, value: Buffer.alloc(200), headers: [['message-id', Buffer.from(id)] as const] };
        const { responses } = await link.ask(apis.produce, 9, {
          ...{ acks: -1, timeoutMs: 5000, transactionalId: null },
          topicData: [{ name: TOPIC, partitionData: [{ index: 0, records: batchOf([record], nowMs) }] }],
        });
        const { errorCode, baseOffset } = responses[0]?.partitionResponses[0] ?? {};
        expect(errorCode).toBe(0);
        asked.push({ id, position: `${of?.topicId}/${of?.leaderEpoch}/0/${baseOffset}`, wasTaken: false });
      }
    },
    asked: (...taken: string[]) => asked.map((each) => ({ ...each, wasTaken: taken.includes(each.id) })),
  };
}

/** As a group that is elsewhere. */
async function commit(groupId: string, committedOffset: number): Promise<void> {
  await link.ask(apis.findCoordinator, 2, { keyType: 0, key: groupId });
  const { topics } = await link.ask(apis.offsetCommit, 5, {
    ...{ groupId, generationIdOrMemberEpoch: -1, memberId: '' },
    topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, committedOffset, committedMetadata: '' }] }],
  });
  expect(topics[0]?.partitions[0]?.errorCode).toBe(0);
}

async function deleteBefore(offset: number): Promise<void> {
  const { topics } = await link.ask(apis.deleteRecords, 1, {
    topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, offset }] }],
    timeoutMs: 5000,
  });
  expect(topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, lowWatermark: offset });
}

async function startsAt(): Promise<number | undefined> {
  const { topics } = await link.ask(apis.listOffsets, 5, {
    ...{ replicaId: -1, isolationLevel: 0 },
    topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, timestamp: -2 }] }],
  });
  return topics[0]?.partitions[0]?.offset;
}
const until = (offset: number): Promise<void> =>
  vi.waitFor(async () => expect(await startsAt()).toBe(offset), { timeout: 15_000, interval: CHECK_MS });

async function heldBy(sight: BrokerSight, subscription: string, asked: readonly Candidate[]) {
  const { held, dropped } = await sight.held({ destination: TOPIC, subscription }, asked);
  const names = (ids: ReadonlySet<string> | undefined) => [...(ids ?? [])].sort().join(' ');
  return { held: names(held), dropped: names(dropped) };
}

test('records that went before anybody looked at them, with newer ones behind them', async () => {
  const { sight, publish, asked } = await topicOf({});
  await publish('a1', 'a2');
  expect(await heldBy(sight, 'late', asked())).toEqual({ held: 'a1 a2', dropped: '' });
  // Between two looks more come and go than the sight has read.
  await publish('a3', 'a4');
  await deleteBefore(4);
  await publish('a5');
  expect(await heldBy(sight, 'late', asked())).toEqual({ held: 'a5', dropped: 'a1 a2 a3 a4' });
  expect((await sight.look())[0]).toMatchObject({ depth: 1, lag: 1 });
});

test('what was written under an earlier leader, and seen by nobody', async () => {
  const { sight, publish, asked } = await topicOf({});
  await publish('a1', 'a2', 'a3');
  await deleteBefore(2);
  const earlier = asked().map(({ id, position }) => {
    const [topicId, epoch, ...rest] = position.split('/');
    return { id, position: [topicId, Number(epoch) - 1, ...rest].join('/'), wasTaken: false };
  });
  expect(await heldBy(sight, 'late', earlier)).toEqual({ held: 'a3', dropped: 'a1 a2' });
});

test('what one group has read and another has not is dropped of the other alone', async () => {
  const { sight, publish, asked } = await topicOf({});
  await publish('a1', 'a2', 'a3');
  await commit('early', 2);
  expect(await heldBy(sight, 'early', asked())).toEqual({ held: 'a3', dropped: '' });
  expect(await heldBy(sight, 'late', asked())).toEqual({ held: 'a1 a2 a3', dropped: '' });
  await deleteBefore(3);
  // The first two were taken by it; what became of them its journal tells.
  expect(await heldBy(sight, 'early', asked('a1', 'a2'))).toEqual({ held: '', dropped: 'a3' });
  expect(await heldBy(sight, 'late', asked())).toEqual({ held: '', dropped: 'a1 a2 a3' });
});

test('a group that begins behind what is gone has not lost it, also where it was quicker than a look', async () => {
  const { sight, publish, asked } = await topicOf({});
  await publish('a1', 'a2', 'a3');
  expect(await heldBy(sight, 'late', asked())).toEqual({ held: 'a1 a2 a3', dropped: '' });
  await publish('a4');
  await deleteBefore(2);
  await commit('late', 4);
  // Who was taken before that and is not done was lost by its consumer: the first one here, committed and never done.
  expect(await heldBy(sight, 'late', asked('a1', 'a3', 'a4'))).toEqual({ held: '', dropped: 'a2' });
  await deleteBefore(4);
  // What is lost stays so, whatever the topic lets go of later.
  const lost = asked('a1', 'a3', 'a4').filter(({ wasTaken }) => wasTaken);
  expect(await heldBy(sight, 'late', lost)).toEqual({ held: '', dropped: '' });
});

test('retention by time: what is too old when a group first comes is dropped, and nothing else', async () => {
  const { sight, publish, asked } = await topicOf({ 'retention.ms': '1000', 'segment.ms': '100' });
  await publish('a1', 'a2');
  nowMs += 900;
  await publish('a3');
  expect(await heldBy(sight, 'late', asked())).toEqual({ held: 'a1 a2 a3', dropped: '' });
  nowMs += 800;
  await until(2);
  await publish('a4');
  expect(await heldBy(sight, 'late', asked())).toEqual({ held: 'a3 a4', dropped: 'a1 a2' });
  nowMs += 900;
  await until(3);
  expect(await heldBy(sight, 'new', asked())).toEqual({ held: 'a4', dropped: 'a1 a2 a3' });
});

test('retention by size: what makes a topic too large is dropped, however much comes between two looks', async () => {
  const { sight, publish, asked } = await topicOf({ 'retention.bytes': '1000', 'segment.bytes': '300' });
  await publish('a1');
  expect(await heldBy(sight, 'late', asked())).toEqual({ held: 'a1', dropped: '' });
  const ids = Array.from({ length: 30 }, (_, i) => `b${i}`);
  await publish(...ids);
  const end = 1 + ids.length;
  await vi.waitFor(async () => expect(end - ((await startsAt()) ?? 0)).toBeLessThan(6), {
    timeout: 15_000,
    interval: 10,
  });
  const start = (await startsAt()) ?? 0;
  const expected = {
    held: ids
      .slice(start - 1)
      .sort()
      .join(' '),
    dropped: ['a1', ...ids.slice(0, start - 1)].sort().join(' '),
  };
  expect(await heldBy(sight, 'late', asked())).toEqual(expected);
});

test('compaction: the older ones of a key are dropped, also where nobody saw them and the document does not say so', async () => {
  const { sight, publish, asked } = await topicOf({
    ...{ 'cleanup.policy': 'compact', 'segment.bytes': '300', 'min.cleanable.dirty.ratio': '0.01' },
  });
  await publish('a1', 'b1');
  expect(await heldBy(sight, 'late', asked())).toEqual({ held: 'a1 b1', dropped: '' });
  await publish('a2', 'a3', 'b2', 'c1');
  await vi.waitFor(
    async () => expect(await heldBy(sight, 'late', asked())).toEqual({ held: 'a3 b2 c1', dropped: 'a1 a2 b1' }),
    { timeout: 15_000, interval: CHECK_MS },
  );
  // Of another group that has committed up to a2 and not handled it, it is lost.
  await commit('early', 3);
  expect(await heldBy(sight, 'early', asked('a1', 'b1', 'a2'))).toEqual({ held: 'a3 b2 c1', dropped: '' });
});

test('compaction: a group that gets past what is gone between two looks has not lost it', async () => {
  const { sight, publish, asked } = await topicOf({
    ...{ 'cleanup.policy': 'compact', 'segment.bytes': '300', 'min.cleanable.dirty.ratio': '0.01' },
  });
  await publish('a1', 'a2', 'b1', 'c1');
  await commit('late', 0);
  const late = (...taken: string[]) => heldBy(sight, 'late', asked(...taken));
  await vi.waitFor(async () => expect(await late()).toEqual({ held: 'a2 b1 c1', dropped: 'a1' }), {
    timeout: 15_000,
    interval: CHECK_MS,
  });
  await publish('b2', 'b3', 'c2', 'd1');
  await vi.waitFor(async () => expect(await heldBy(sight, 'other', asked())).toMatchObject({ held: 'a2 b3 c2 d1' }), {
    timeout: 15_000,
    interval: CHECK_MS,
  });
  await commit('late', 7);
  // What is there, was committed, and was begun by nobody known, is lost: a2 here.
  const open = asked('b3', 'c2').filter(({ id }) => id !== 'a1');
  expect(await heldBy(sight, 'late', open)).toEqual({ held: 'd1', dropped: 'b1 b2 c1' });
  expect(await heldBy(sight, 'late', open)).toEqual({ held: 'd1', dropped: '' });
});

test('a group that is set back gets what is there, and what is gone meanwhile stays what it was', async () => {
  const { sight, publish, asked } = await topicOf({});
  await publish('a1', 'a2', 'a3');
  await commit('back', 3);
  await publish('a4');
  expect(await heldBy(sight, 'back', asked().slice(3))).toEqual({ held: 'a4', dropped: '' });
  await deleteBefore(1);
  expect(await sight.rewind?.({ destination: TOPIC, group: 'back', from: { type: 'earliest' } })).toBe(2);
  expect((await sight.look())[0]).toMatchObject({ depth: 3, lag: 3 });
  expect(await heldBy(sight, 'back', asked().slice(3))).toEqual({ held: 'a4', dropped: '' });
  await deleteBefore(4);
  expect(await heldBy(sight, 'back', asked().slice(3))).toEqual({ held: '', dropped: 'a4' });
  expect((await sight.look())[0]).toMatchObject({ depth: 0, lag: 0 });
});
