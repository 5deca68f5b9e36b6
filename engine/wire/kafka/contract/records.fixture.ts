import { expect } from 'vitest';
import { frameOf, KafkaClient } from '../client.ts';
import { apis } from '../protocol/apis.ts';
import { batch, code, initProducer, type Part, T0 } from './conversation.fixture.ts';

/** What is produced and fetched, and where it is found. */
export const records: Part = (contract) => {
  contract(
    'what is produced is fetched, byte for byte but for offset and epoch',
    async ({ create, produce, fetchFrom }) => {
      await create();
      const sent = batch(['a', 'b', null]);
      const before = Buffer.from(sent);
      expect(await produce(sent)).toMatchObject({
        errorCode: 0,
        baseOffset: 0,
        logAppendTimeMs: -1,
        logStartOffset: 0,
      });
      expect(await produce(batch(['c']))).toMatchObject({ errorCode: 0, baseOffset: 3 });
      const found = await fetchFrom(0);
      expect(found).toMatchObject({ errorCode: 0, highWatermark: 4, lastStableOffset: 4, logStartOffset: 0 });
      expect(found.values).toEqual(['a', 'b', null, 'c']);
      const [first] = found.batches;
      expect(first?.bytes.subarray(16, before.length)).toEqual(before.subarray(16));
      // A batch is sent whole, also where only its end is asked for.
      expect((await fetchFrom(2)).batches[0]?.baseOffset).toBe(0);
      expect((await fetchFrom(3)).values).toEqual(['c']);
      expect((await fetchFrom(4)).values).toEqual([]);
    },
  );

  contract('records that are none are refused', async ({ create, produce, fetchFrom }) => {
    await create({ 'max.message.bytes': '1000' });
    const damaged = batch(['a']);
    damaged[damaged.length - 2] = 1 + (damaged.at(-2) as number);
    const old = batch(['a']);
    old[16] = 1;
    const short = batch(['a', 'b'], { count: 1 });
    for (const [records, error] of [
      [damaged, 'CORRUPT_MESSAGE'],
      [batch(['x'.repeat(1000)]), 'MESSAGE_TOO_LARGE'],
      [short, 'INVALID_RECORD'],
      [Buffer.concat([batch(['a']), batch(['b'])]), 'INVALID_RECORD'],
      [batch(['a'], {}, Date.now() + 7_200_000), 'INVALID_TIMESTAMP'],
    ] as const)
      expect([error, await produce(records)]).toMatchObject([error, { errorCode: code(error), baseOffset: -1 }]);
    expect(await produce(batch(['a']), { name: 'nowhere' })).toMatchObject({
      errorCode: code('UNKNOWN_TOPIC_OR_PARTITION'),
    });
    expect(await produce(batch(['a']), { index: 9 })).toMatchObject({ errorCode: code('UNKNOWN_TOPIC_OR_PARTITION') });
    expect(await produce(batch(['a']), { acks: 2 })).toMatchObject({ errorCode: code('INVALID_REQUIRED_ACKS') });
    expect((await fetchFrom(0)).values).toEqual([]);
  });

  contract(
    'without acks there is no answer, and the next one is of the next request',
    async ({ port, topic, create, fetchFrom }) => {
      await create();
      const own = new KafkaClient(port);
      own.socket.write(
        frameOf(apis.produce, 9, {
          acks: 0,
          timeoutMs: 1000,
          topicData: [{ name: topic, partitionData: [{ index: 0, records: batch(['a']) }] }],
        }),
      );
      expect(await own.send(apis.apiVersions, 0, {})).toMatchObject({ errorCode: 0 });
      expect((await fetchFrom(0)).values).toEqual(['a']);
      own.close();
    },
  );

  contract(
    'an idempotent producer: duplicates are known again, gaps and old epochs are refused',
    async ({ client, create, produce, fetchFrom }) => {
      await create();
      const { producerId, producerEpoch } = await initProducer(client, null);
      expect([producerId >= 0, producerEpoch]).toEqual([true, 0]);
      const from = (baseSequence: number, epoch = 0): Buffer =>
        batch(['a', 'b'], { producerId, producerEpoch: epoch, baseSequence });
      expect(await produce(from(0))).toMatchObject({ errorCode: 0, baseOffset: 0, logAppendTimeMs: -1 });
      expect(await produce(from(2))).toMatchObject({ errorCode: 0, baseOffset: 2 });
      expect(await produce(from(0))).toMatchObject({ errorCode: 0, baseOffset: 0, logAppendTimeMs: T0 });
      expect(await produce(from(2))).toMatchObject({ errorCode: 0, baseOffset: 2 });
      expect(await produce(from(7))).toMatchObject({ errorCode: code('OUT_OF_ORDER_SEQUENCE_NUMBER') });
      for (let sequence = 4; sequence < 16; sequence += 2) await produce(from(sequence));
      // Of so many it is not known any more.
      expect(await produce(from(0))).toMatchObject({ errorCode: code('OUT_OF_ORDER_SEQUENCE_NUMBER') });
      expect(await produce(from(3, 1))).toMatchObject({ errorCode: code('OUT_OF_ORDER_SEQUENCE_NUMBER') });
      expect(await produce(from(0, 1))).toMatchObject({ errorCode: 0, baseOffset: 16 });
      for (const epoch of [0, -1])
        expect(await produce(from(16, epoch))).toMatchObject({ errorCode: code('INVALID_PRODUCER_EPOCH') });
      expect((await fetchFrom(0)).values).toHaveLength(18);
    },
  );

  contract(
    'a fetch waits for as many bytes as it wants, and no longer than it wants',
    async ({ port, topic, create, fetchFrom }) => {
      await create();
      let startMs = performance.now();
      expect((await fetchFrom(0, { maxWaitMs: 150 })).values).toEqual([]);
      expect(performance.now() - startMs).toBeGreaterThan(140);
      const own = new KafkaClient(port);
      const send = (value: string) =>
        own.send(apis.produce, 9, {
          acks: -1,
          timeoutMs: 1000,
          topicData: [{ name: topic, partitionData: [{ index: 0, records: batch([value]) }] }],
        });
      startMs = performance.now();
      const waiting = fetchFrom(0, { maxWaitMs: 20_000, minBytes: 150 });
      await send('one');
      await send('two');
      await send('three');
      const { values } = await waiting;
      expect(values.length).toBeGreaterThanOrEqual(2);
      expect(performance.now() - startMs).toBeLessThan(10_000);
      own.close();
    },
  );

  contract('as many replicas as there are suffice, where more were to be in sync', async ({ create, produce }) => {
    await create({ 'min.insync.replicas': '2' });
    expect(await produce(batch(['a']))).toMatchObject({ errorCode: 0, baseOffset: 0 });
  });

  contract('what a version of ListOffsets does not know is not found', async ({ client, topic, create, produce }) => {
    await create();
    await produce(batch(['a']));
    const ask = async (version: number, timestamp: number) => {
      const { topics: answers } = await client.send(apis.listOffsets, version, {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }],
      });
      return answers[0]?.partitions[0]?.errorCode;
    };
    for (const [version, timestamp] of [
      [7, -3],
      [8, -4],
      [9, -5],
    ] as const) {
      expect([version, await ask(version - 1, timestamp)]).toEqual([version, code('UNSUPPORTED_VERSION')]);
      expect([version, await ask(version, timestamp)]).toEqual([version, 0]);
    }
    expect(await ask(6, -9)).toBe(code('UNSUPPORTED_VERSION'));
  });

  contract('no more bytes come than are asked for, but one batch always', async ({ create, produce, fetchFrom }) => {
    await create();
    for (const value of ['a', 'b', 'c']) await produce(batch([value.repeat(1000)]));
    expect((await fetchFrom(0, { maxBytes: 1 })).batches).toHaveLength(1);
    expect((await fetchFrom(1, { maxBytes: 2200 })).batches).toHaveLength(2);
    expect((await fetchFrom(0, { partitionMaxBytes: 1 })).batches).toHaveLength(1);
    expect((await fetchFrom(0)).batches).toHaveLength(3);
  });

  contract('offsets, epochs and sessions that do not exist', async ({ client, create, produce, fetchFrom }) => {
    const id = await create();
    await produce(batch(['a']));
    expect(await fetchFrom(2)).toMatchObject({ errorCode: code('OFFSET_OUT_OF_RANGE') });
    expect(await fetchFrom(-5)).toMatchObject({ errorCode: code('OFFSET_OUT_OF_RANGE') });
    expect(await fetchFrom(0, { epoch: 99 })).toMatchObject({ errorCode: code('UNKNOWN_LEADER_EPOCH') });
    const ask = (topicId: string, sessionId = 0, sessionEpoch = -1) =>
      client.send(apis.fetch, 13, {
        maxWaitMs: 0,
        minBytes: 0,
        isolationLevel: 0,
        sessionId,
        sessionEpoch,
        topics: [{ topic: '', topicId, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }],
      });
    expect((await ask(id)).responses[0]?.partitions[0]).toMatchObject({ errorCode: 0, highWatermark: 1 });
    expect((await ask('0123456789abcdef'.repeat(2))).responses[0]?.partitions[0]).toMatchObject({
      errorCode: code('UNKNOWN_TOPIC_ID'),
    });
    expect(await ask(id, 4711, 1)).toMatchObject({ errorCode: code('FETCH_SESSION_ID_NOT_FOUND') });
  });

  contract('offsets are found by their timestamps', async ({ client, topic, create, produce }) => {
    await create();
    const at = (timestamp: number) => produce(batch(['x', 'y'], {}, T0 + timestamp));
    for (const timestamp of [100, 300, 200]) await at(timestamp);
    const find = async (timestamp: number) => {
      const { topics: answers } = await client.send(apis.listOffsets, 7, {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }],
      });
      const { offset, timestamp: found, errorCode } = answers[0]?.partitions[0] ?? {};
      return [errorCode, offset, found === -1 ? -1 : (found as number) - T0];
    };
    expect(await find(-1)).toEqual([0, 6, -1]);
    expect(await find(-2)).toEqual([0, 0, -1]);
    expect(await find(-3)).toEqual([0, 2, 300]);
    expect(await find(T0)).toEqual([0, 0, 100]);
    expect(await find(T0 + 101)).toEqual([0, 2, 300]);
    expect(await find(T0 + 301)).toEqual([0, -1, -1]);
  });
};
