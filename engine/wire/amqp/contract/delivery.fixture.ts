import type { Channel, ConsumeMessage } from 'amqplib';
import { expect, test } from 'vitest';
import { type Client, consume, drain, hold, newQueue, publishAll, take, until } from './client.fixture.ts';

/** Who gets messages, how many at once, and what becomes of those that come back. */
export function delivery(client: () => Client): void {
  test('messages come back to where they were, marked as redelivered', async () => {
    const channel = await client().channel();
    const name = await newQueue(channel);
    publishAll(channel, name, ['a', 'b', 'c', 'd']);
    const [a, b, c] = [await hold(channel, name), await hold(channel, name), await hold(channel, name)];
    expect([a.fields.messageCount, b.fields.messageCount, c.fields.messageCount]).toEqual([3, 2, 1]);
    channel.nack(b);
    channel.reject(a, true);
    channel.ack(c);
    const again = await consume(channel, name);
    await again.count(3);
    expect(again.texts()).toEqual(['a', 'b', 'd']);
    expect(again.messages.map((message) => message?.fields.redelivered)).toEqual([true, true, false]);
    expect(again.messages.map((message) => message?.fields.deliveryTag)).toEqual([4, 5, 6]);
    await channel.recover();
    await again.count(6);
    expect(again.texts().slice(3)).toEqual(['a', 'b', 'd']);
    channel.ack(again.messages[4] as ConsumeMessage, true);
    await channel.close();
    const other = await client().channel();
    const last = await take(other, name);
    expect([last.content.toString(), last.fields.redelivered]).toEqual(['d', true]);
  });

  test('a consumer has no more than its prefetch, a channel no more than its own', async () => {
    const channel = await client().channel();
    const name = await newQueue(channel);
    publishAll(channel, name, ['a', 'b', 'c', 'd', 'e', 'f']);
    await channel.prefetch(2);
    const one = await consume(channel, name);
    await one.count(2);
    await channel.prefetch(3, true);
    const two = await consume(channel, name);
    await until(async () => (await channel.checkQueue(name)).messageCount === 3);
    expect([one.texts(), two.texts()]).toEqual([['a', 'b'], ['c']]);
    channel.ack(one.messages[0] as ConsumeMessage);
    await until(async () => (await channel.checkQueue(name)).messageCount === 2);
    await channel.prefetch(0, true);
    await until(async () => (await channel.checkQueue(name)).messageCount <= 1);
    const free = await consume(await client().channel(), name, { noAck: true });
    await channel.close();
    await until(() => free.messages.length === 5);
  });

  test('consumers take turns, the one with the highest priority first', async () => {
    const channel = await client().channel();
    const name = await newQueue(channel);
    const [one, two] = [await consume(channel, name), await consume(channel, name)];
    publishAll(channel, name, ['a', 'b', 'c', 'd']);
    await until(() => one.messages.length + two.messages.length === 4);
    expect([one.texts(), two.texts()]).toEqual([
      ['a', 'c'],
      ['b', 'd'],
    ]);
    await channel.prefetch(1);
    const first = await consume(channel, name, { priority: 5 });
    publishAll(channel, name, ['e', 'f']);
    await until(() => one.messages.length + two.messages.length + first.messages.length === 6);
    expect(first.texts()).toEqual(['e']);
  });

  test('an exclusive consumer is alone, and tags are used once', async () => {
    const channel = await client().channel();
    const name = await newQueue(channel);
    const inUse = `ACCESS_REFUSED - queue '${name}' in vhost '/' in exclusive use`;
    const { consumerTag } = await channel.consume(name, () => {}, { exclusive: true, consumerTag: 'mine' });
    expect(consumerTag).toBe('mine');
    expect(await client().refusal((other) => other.consume(name, () => {}))).toBe(inUse);
    await channel.cancel('mine');
    await channel.consume(name, () => {});
    expect(await client().refusal((other) => other.consume(name, () => {}, { exclusive: true }))).toBe(inUse);
    expect(
      await client().refusal(async (other) => {
        await other.consume(name, () => {}, { consumerTag: 'twice' });
        await other.consume(name, () => {}, { consumerTag: 'twice' });
      }),
    ).toBe(`connection: NOT_ALLOWED - attempt to reuse consumer tag 'twice'`);
  });

  test('with a single active consumer the next one takes over', async () => {
    const [channel, other] = [await client().channel(), await client().channel()];
    const name = await newQueue(channel, { arguments: { 'x-single-active-consumer': true } });
    const one = await consume(channel, name);
    const two = await consume(other, name);
    publishAll(channel, name, ['a', 'b']);
    await one.count(2);
    expect(two.texts()).toEqual([]);
    await channel.close();
    await two.count(2);
    publishAll(other, name, ['c']);
    await two.count(3);
    expect(two.texts()).toEqual(['a', 'b', 'c']);
  });

  test('a consumer whose queue is deleted is told', async () => {
    const channel = await client().channel();
    const name = await newQueue(channel);
    const consumer = await consume(channel, name);
    await (await client().channel()).deleteQueue(name);
    await consumer.count(1);
    expect(consumer.texts()).toEqual(['cancelled']);
  });

  test('a transaction does all or nothing', async () => {
    const connection = await client().connect();
    const channel = await connection.createChannel();
    const name = await newQueue(channel);
    publishAll(channel, name, ['there']);
    await request(channel, 'tx.select');
    const message = await hold(channel, name);
    channel.ack(message);
    publishAll(channel, name, ['rolled back']);
    await request(channel, 'tx.rollback');
    expect((await channel.checkQueue(name)).messageCount).toBe(0);
    channel.nack(message);
    publishAll(channel, name, ['committed']);
    expect((await channel.checkQueue(name)).messageCount).toBe(0);
    await request(channel, 'tx.commit');
    expect(await drain(channel, name)).toEqual(['there', 'committed']);
  });

  test('modes of a channel exclude each other', async () => {
    expect(await client().refusal((channel) => request(channel, 'tx.commit'))).toBe(
      'PRECONDITION_FAILED - channel is not transactional',
    );
    expect(
      await client().refusal(async (channel) => {
        await request(channel, 'tx.select');
        await request(channel, 'confirm.select');
      }),
    ).toBe('PRECONDITION_FAILED - cannot switch from tx to confirm mode');
    expect(
      await client().refusal(async (channel) => {
        await request(channel, 'confirm.select');
        await request(channel, 'tx.select');
      }),
    ).toBe('PRECONDITION_FAILED - cannot switch from confirm to tx mode');
  });
}

/** Class and method of what the client's interface leaves out, as it numbers them. */
const hidden = {
  'tx.select': 0x5a_000a,
  'tx.commit': 0x5a_0014,
  'tx.rollback': 0x5a_001e,
  'confirm.select': 0x55_000a,
};

const request = (channel: Channel, method: keyof typeof hidden): Promise<unknown> => {
  const { rpc } = channel as unknown as { rpc(method: number, args: object, answer: number): Promise<unknown> };
  return rpc.call(channel, hidden[method], { nowait: false }, hidden[method] + 1);
};
