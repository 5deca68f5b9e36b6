import { Connection } from 'rabbitmq-client';
import { expect, test } from 'vitest';
import { bodyOf, type Client, consume, hold, newQueue, publishAll, take, until } from './client.fixture.ts';

/** What goes over several features at once. */
export function clients(client: () => Client): void {
  test('answers come without a queue for them', async () => {
    const [asking, answering] = [await client().channel(), await client().channel()];
    const name = await newQueue(answering);
    await answering.consume(
      name,
      (message) => message && answering.sendToQueue(message.properties.replyTo, bodyOf(`re: ${message.content}`)),
      { noAck: true },
    );
    const answers = await consume(asking, 'amq.rabbitmq.reply-to', { noAck: true });
    asking.sendToQueue(name, bodyOf('hello'), { replyTo: 'amq.rabbitmq.reply-to' });
    await answers.count(1);
    expect(answers.texts()).toEqual(['re: hello']);
    expect(answers.messages[0]?.fields).toMatchObject({ exchange: '', redelivered: false, deliveryTag: 1 });
  });

  test('rabbitmq-client consumes, publishes, asks, and comes back when it was cut off', async () => {
    const rabbit = new Connection({ hostname: '127.0.0.1', port: client().port, retryLow: 5, noDelay: true });
    const errors: string[] = [];
    rabbit.on('error', (error) => errors.push(error.code));
    const [name, source] = [client().name(), client().name()];
    const seen: unknown[] = [];
    const consumer = rabbit.createConsumer(
      {
        queue: name,
        queueOptions: { exclusive: true },
        qos: { prefetchCount: 2 },
        exchanges: [{ exchange: source, type: 'topic', autoDelete: true }],
        queueBindings: [{ exchange: source, routingKey: 'a.*' }],
      },
      async ({ body: content, redelivered }, reply) => {
        seen.push([content, redelivered]);
        if (!redelivered && content === 'fails once') throw new Error('not now');
        if (content === 'question') await reply('answer');
      },
    );
    consumer.on('error', (error) => errors.push((error as { code?: string }).code ?? error.message));
    const ready = () => new Promise((resolve) => consumer.once('ready', resolve));
    await ready();
    const publisher = rabbit.createPublisher({ confirm: true, maxAttempts: 2 });
    await publisher.send({ exchange: source, routingKey: 'a.b' }, 'fails once');
    await until(() => seen.length === 2);
    expect(seen).toEqual([
      ['fails once', false],
      ['fails once', true],
    ]);
    const asking = rabbit.createRPCClient({ confirm: true });
    expect((await asking.send({ exchange: source, routingKey: 'a.c' }, 'question')).body).toBe('answer');
    const again = ready();
    await rabbit.queueDelete({ queue: name });
    await again;
    await publisher.send(name, { json: ['yes'] });
    await until(() => seen.length === 4);
    expect(seen[3]).toEqual([{ json: ['yes'] }, false]);
    expect(errors).toEqual(['not now', 'CANCEL_FORCED']);
    await asking.close();
    await publisher.close();
    await consumer.close();
    await rabbit.close();
  });

  test('an error ends its channel, and no other of the connection', async () => {
    const connection = await client().connect();
    const [bad, good] = [await connection.createChannel(), await connection.createChannel()];
    bad.on('error', () => {});
    const name = await newQueue(good);
    publishAll(bad, name, ['a']);
    const held = await hold(bad, name);
    expect(held.content.toString()).toBe('a');
    await expect(bad.checkQueue('none')).rejects.toThrow('NOT_FOUND');
    // What it had not acknowledged is back.
    const message = await take(good, name);
    expect(message.fields.redelivered).toBe(true);
  });
}
