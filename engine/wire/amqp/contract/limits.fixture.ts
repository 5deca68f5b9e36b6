import type { Options } from 'amqplib';
import { expect, test } from 'vitest';
import {
  bodyOf,
  type Client,
  consume,
  drain,
  hold,
  newExchange,
  newQueue,
  publishAll,
  take,
  until,
} from './client.fixture.ts';

/** What ends the time of a message in a queue: expiry, length, priority, dead letters. */
export function limits(client: () => Client): void {
  test('messages expire by their own time or the queue’s, whichever is shorter, at the head of the queue', async () => {
    const channel = await client().channel();
    const name = await newQueue(channel);
    publishAll(channel, name, ['stays']);
    publishAll(channel, name, ['short'], { expiration: 1 });
    publishAll(channel, name, ['long'], { expiration: 100_000 });
    const brief = await newQueue(channel, { messageTtl: 20 });
    publishAll(channel, brief, ['a'], { expiration: 100_000 });
    publishAll(channel, brief, ['b']);
    await until(async () => (await channel.checkQueue(brief)).messageCount === 0);
    // Behind a message that stays, one that is over is still counted.
    expect((await channel.checkQueue(name)).messageCount).toBe(3);
    expect(await drain(channel, name)).toEqual(['stays', 'long']);
    const never = await newQueue(channel, { messageTtl: 0 });
    publishAll(channel, never, ['for nobody']);
    expect((await channel.checkQueue(never)).messageCount).toBe(0);
    const consumer = await consume(channel, never, { noAck: true });
    publishAll(channel, never, ['at once']);
    await consumer.count(1);
  });

  test('a queue that nobody uses expires', async () => {
    const channel = await client().channel();
    const kept = await newQueue(channel, { expires: 1000 });
    await channel.consume(kept, () => {});
    const name = await newQueue(channel, { expires: 200 });
    // Looked at, it would count as used.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await client().refusal((on) => on.checkQueue(name))).toBe(`NOT_FOUND - no queue '${name}' in vhost '/'`);
    expect((await channel.checkQueue(kept)).consumerCount).toBe(1);
  });

  test('a queue that is full drops its head, or refuses', async () => {
    const channel = await client().confirmChannel();
    const dropping = await newQueue(channel, { maxLength: 2 });
    publishAll(channel, dropping, ['a', 'b', 'c']);
    await channel.waitForConfirms();
    expect(await drain(channel, dropping)).toEqual(['b', 'c']);
    const light = await newQueue(channel, { arguments: { 'x-max-length-bytes': 5 } });
    publishAll(channel, light, ['aa', 'bb', 'cc', 'ddddddd']);
    await channel.waitForConfirms();
    expect(await drain(channel, light)).toEqual([]);
    publishAll(channel, light, ['aa', 'bb', 'cc']);
    await channel.waitForConfirms();
    expect(await drain(channel, light)).toEqual(['bb', 'cc']);
    const refusing = await newQueue(channel, { maxLength: 2, arguments: { 'x-overflow': 'reject-publish' } });
    const outcomeOf = (text: string): Promise<string> =>
      new Promise((resolve) => {
        channel.sendToQueue(refusing, bodyOf(text), {}, (error) => resolve(`${text} ${error ? 'nacked' : 'ok'}`));
      });
    // `waitForConfirms` rejects with the first that is refused, when the next may still be under way.
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(outcomeOf))).toEqual(['a ok', 'b ok', 'c nacked', 'd nacked']);
    expect(await drain(channel, refusing)).toEqual(['a', 'b']);
  });

  test('the highest priority comes first, and what is beyond the queue’s is as its highest', async () => {
    const channel = await client().confirmChannel();
    const name = await newQueue(channel, { maxPriority: 5 });
    for (const [text, priority] of [
      ['a', 0],
      ['b', 3],
      ['c', 9],
      ['d', 5],
      ['e', undefined],
      ['f', 3],
    ] as const)
      channel.sendToQueue(name, bodyOf(text), priority === undefined ? {} : { priority });
    await channel.waitForConfirms();
    expect((await channel.checkQueue(name)).messageCount).toBe(6);
    const first = await hold(channel, name);
    expect(first.content.toString()).toBe('c');
    channel.nack(first);
    expect(await drain(channel, name)).toEqual(['c', 'd', 'b', 'f', 'a', 'e']);
  });

  test.each<[reason: string, options: Options.AssertQueue]>([
    ['rejected', {}],
    ['expired', { messageTtl: 10 }],
    ['maxlen', { maxLength: 0 }],
    ['maxlen', { maxLength: 0, arguments: { 'x-overflow': 'reject-publish-dlx' } }],
  ])('a message that is %s (%j) is dead-lettered with its history', async (reason, options) => {
    const channel = await client().channel();
    const dead = await newQueue(channel);
    const graveyard = await newExchange(channel, 'direct');
    const name = await newQueue(channel, { deadLetterExchange: graveyard, ...options });
    await channel.bindQueue(dead, graveyard, name);
    channel.sendToQueue(name, bodyOf('m'), { expiration: 60_000, headers: { kept: 'yes' }, messageId: 'id' });
    if (reason === 'rejected') {
      const message = await hold(channel, name);
      channel.reject(message, false);
    }
    const message = await take(channel, dead);
    expect(message.fields).toMatchObject({ exchange: graveyard, routingKey: name, redelivered: false });
    expect(message.properties).toMatchObject({ messageId: 'id', expiration: undefined });
    const time = { '!': 'timestamp', value: expect.closeTo(Date.now() / 1000, -1) };
    expect(message.properties.headers).toEqual({
      kept: 'yes',
      'x-death': [
        {
          count: 1,
          exchange: '',
          'original-expiration': '60000',
          queue: name,
          reason,
          'routing-keys': [name],
          time,
        },
      ],
      'x-first-death-exchange': '',
      'x-first-death-queue': name,
      'x-first-death-reason': reason,
    });
  });

  test('a message that dies again and again is counted, and one that goes round by itself is dropped', async () => {
    const channel = await client().channel();
    const [work, wait] = [client().name(), client().name()];
    await channel.assertQueue(work, { durable: false, deadLetterExchange: '', deadLetterRoutingKey: wait });
    await channel.assertQueue(wait, {
      durable: false,
      messageTtl: 10,
      deadLetterExchange: '',
      deadLetterRoutingKey: work,
    });
    channel.sendToQueue(work, bodyOf('m'));
    for (let round = 0; round < 3; round += 1) {
      await until(async () => (await channel.checkQueue(work)).messageCount === 1);
      const message = await hold(channel, work);
      const deaths = (message.properties.headers?.['x-death'] ?? []) as {
        count: number;
        queue: string;
        reason: string;
      }[];
      expect(deaths.map(({ count, queue, reason }) => [count, queue, reason])).toEqual(
        round === 0
          ? []
          : [
              [round, wait, 'expired'],
              [round, work, 'rejected'],
            ],
      );
      channel.nack(message, false, false);
    }
    const circle = client().name();
    await channel.assertQueue(circle, {
      durable: false,
      messageTtl: 10,
      deadLetterExchange: '',
      deadLetterRoutingKey: circle,
    });
    channel.sendToQueue(circle, bodyOf('m'));
    await until(async () => (await channel.checkQueue(circle)).messageCount === 0);
  });

  test('a message that came back too often is dead-lettered', async () => {
    const channel = await client().channel();
    const dead = await newQueue(channel);
    const name = client().name();
    await channel.assertQueue(name, {
      durable: true,
      deadLetterExchange: '',
      deadLetterRoutingKey: dead,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 2 },
    });
    channel.sendToQueue(name, bodyOf('poison'));
    const seen: unknown[] = [];
    await channel.consume(name, (message) => {
      if (!message) return;
      seen.push([message.fields.redelivered, message.properties.headers?.['x-delivery-count']]);
      channel.nack(message);
    });
    const { properties } = await take(channel, dead);
    expect(seen).toEqual([
      [false, undefined],
      [true, 1],
      [true, 2],
    ]);
    expect(properties.headers?.['x-death']).toMatchObject([{ count: 1, reason: 'delivery_limit', queue: name }]);
    await channel.deleteQueue(name);
    for (const [options, what] of [
      [{ durable: false }, 'non-durable'],
      [{ autoDelete: true }, 'auto-delete'],
      [{ exclusive: true }, 'exclusive-owner'],
    ] as const)
      expect(
        await client().refusal((on) => on.assertQueue(name, { ...options, arguments: { 'x-queue-type': 'quorum' } })),
      ).toBe(`PRECONDITION_FAILED - invalid property '${what}' for queue '${name}' in vhost '/'`);
  });
}
