import { expect } from 'vitest';
import { apis } from '../protocol/apis.ts';
import { batch, code, coordinator, initProducer, type Part } from './conversation.fixture.ts';

/** Transactions. */
export const transactions: Part = (contract) => {
  contract(
    'a transaction is seen when it commits, and never where it is taken back',
    async ({ client, topic, create, produce, fetchFrom }) => {
      await create();
      const transactionalId = `transactions-${topic}`;
      await coordinator(client, transactionalId, 1);
      const init = () => initProducer(client, transactionalId);
      const { producerId, producerEpoch, errorCode } = await init();
      expect([errorCode, producerEpoch]).toEqual([0, 0]);
      const add = async (epoch = producerEpoch, name = topic) =>
        (
          await client.send(apis.addPartitionsToTxn, 3, {
            v3AndBelowTransactionalId: transactionalId,
            v3AndBelowProducerId: producerId,
            v3AndBelowProducerEpoch: epoch,
            v3AndBelowTopics: [{ name, partitions: [0] }],
          })
        ).resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode;
      const begin = async (): Promise<void> => {
        for (let error: number | undefined = -1; error !== 0; ) {
          error = await add();
          expect([0, code('CONCURRENT_TRANSACTIONS')]).toContain(error);
        }
      };
      let sequence = 0;
      const send = (value: string) => {
        const records = batch([value], {
          producerId,
          producerEpoch,
          baseSequence: sequence,
          attributes: { isTransactional: true },
        });
        sequence += 1;
        return produce(records, { transactionalId });
      };
      const end = async (committed: boolean, epoch = producerEpoch) =>
        (await client.send(apis.endTxn, 3, { transactionalId, producerId, producerEpoch: epoch, committed })).errorCode;
      const settled = async (): Promise<Awaited<ReturnType<typeof fetchFrom>>> => {
        const found = await fetchFrom(0, { isolationLevel: 1 });
        return found.lastStableOffset === found.highWatermark ? found : settled();
      };

      expect(await add(producerEpoch, 'nowhere')).toBe(code('UNKNOWN_TOPIC_OR_PARTITION'));
      expect(await end(true)).toBe(code('INVALID_TXN_STATE'));
      await begin();
      expect(await send('a')).toMatchObject({ errorCode: 0, baseOffset: 0 });
      expect(await fetchFrom(0, { isolationLevel: 1 })).toMatchObject({
        values: [],
        highWatermark: 1,
        lastStableOffset: 0,
      });
      expect((await fetchFrom(0)).values).toEqual(['a']);
      expect(await end(true)).toBe(0);
      expect(await settled()).toMatchObject({ values: ['a'], highWatermark: 2, abortedTransactions: [] });
      await begin();
      expect(await send('b')).toMatchObject({ errorCode: 0, baseOffset: 2 });
      expect(await end(false)).toBe(0);
      expect(await settled()).toMatchObject({
        values: ['a', 'b'],
        highWatermark: 4,
        abortedTransactions: [{ producerId, firstOffset: 2 }],
      });
      const next = await init();
      expect([next.errorCode, next.producerId, next.producerEpoch]).toEqual([0, producerId, 1]);
      expect(await add()).toBe(code('PRODUCER_FENCED'));
      expect(await end(true)).toBe(code('PRODUCER_FENCED'));
    },
  );

  contract('only the producer of an open transaction writes in it', async ({ client, topic, create, produce }) => {
    await create();
    const [transactionalId, groupId] = [`own-${topic}`, `group-${topic}`];
    await coordinator(client, transactionalId, 1);
    await coordinator(client, groupId);
    const { producerId, producerEpoch } = await initProducer(client, transactionalId);
    const mine = { transactionalId, producerId, producerEpoch };
    type Producer = typeof mine;
    const send = async (version: number, given: Partial<Producer> & { id?: null } = {}) => {
      const { transactionalId: id, ...producer } = { ...mine, ...given };
      const records = batch(['a'], { ...producer, baseSequence: 0, attributes: { isTransactional: true } });
      return (await produce(records, { version, transactionalId: given.id === null ? null : id }))?.errorCode;
    };
    const commit = async (
      version: number,
      given: Partial<Producer> & { generationId?: number; memberId?: string } = {},
    ) => {
      const { topics } = await client.send(apis.txnOffsetCommit, version, {
        ...{ generationId: -1, memberId: '' },
        ...mine,
        ...given,
        groupId,
        topics: [{ name: topic, partitions: [{ partitionIndex: 0, committedOffset: 3, committedMetadata: null }] }],
      });
      return topics[0]?.partitions[0]?.errorCode;
    };
    const add = async (version: number, given: Partial<Producer> = {}) => {
      const { transactionalId: id, producerId: producer, producerEpoch: epoch } = { ...mine, ...given };
      const { resultsByTopicV3AndBelow } = await client.send(apis.addPartitionsToTxn, version, {
        v3AndBelowTransactionalId: id,
        v3AndBelowProducerId: producer,
        v3AndBelowProducerEpoch: epoch,
        v3AndBelowTopics: [{ name: topic, partitions: [0] }],
      });
      return resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode;
    };
    const addOffsets = async (version: number, given: Partial<Producer> = {}) =>
      (await client.send(apis.addOffsetsToTxn, version, { ...mine, ...given, groupId })).errorCode;
    const end = async (version: number, given: Partial<Producer> = {}) =>
      (await client.send(apis.endTxn, version, { ...mine, ...given, committed: true })).errorCode;

    const stale = { producerEpoch: 9 };
    for (const write of [send, commit]) {
      expect(await write(3)).toBe(code('INVALID_TXN_STATE'));
      expect(await write(3, { transactionalId: `nobody-${topic}` })).toBe(code('INVALID_PRODUCER_ID_MAPPING'));
      expect(await write(3, { producerId: producerId + 1000 })).toBe(code('INVALID_PRODUCER_ID_MAPPING'));
      expect(await write(3, stale)).toBe(code('INVALID_PRODUCER_EPOCH'));
    }
    expect([await send(11), await commit(4)]).toEqual(Array(2).fill(code('TRANSACTION_ABORTABLE')));
    expect(await send(9, { id: null })).toBe(code('TRANSACTIONAL_ID_AUTHORIZATION_FAILED'));
    for (const [version, error] of [
      [1, 'INVALID_PRODUCER_EPOCH'],
      [2, 'PRODUCER_FENCED'],
    ] as const)
      for (const ask of [add, addOffsets, end]) expect(await ask(version, stale)).toBe(code(error));
    for (const [version, error] of [
      [3, 'INVALID_PRODUCER_EPOCH'],
      [4, 'PRODUCER_FENCED'],
    ] as const)
      expect(
        await client.send(apis.initProducerId, version, { ...mine, ...stale, transactionTimeoutMs: 60_000 }),
      ).toMatchObject({ errorCode: code(error), producerId: -1, producerEpoch: -1 });

    expect([await add(3), await commit(3)]).toEqual([0, code('INVALID_TXN_STATE')]);
    expect([await addOffsets(3), await commit(0), await commit(3), await send(9)]).toEqual([0, 0, 0, 0]);
    expect(await commit(3, { generationId: 5, memberId: 'nobody' })).toBe(code('UNKNOWN_MEMBER_ID'));
    expect([await commit(3, stale), await send(9, stale)]).toEqual(Array(2).fill(code('INVALID_PRODUCER_EPOCH')));
    expect(await end(3)).toBe(0);
  });
};
