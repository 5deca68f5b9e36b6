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
};
