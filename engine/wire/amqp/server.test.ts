import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { connect } from 'amqplib';
import { afterEach, expect, test } from 'vitest';
import { Client, take, until } from './contract/client.fixture.ts';
import { contentOf, frameOf, PROTOCOL_HEADER, RawClient } from './raw-client.fixture.ts';
import { type AmqpServer, type AmqpServerOptions, createServer } from './server.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(options: AmqpServerOptions = {}): Promise<{ server: AmqpServer; port: number; client: Client }> {
  const server = createServer(options);
  const port = await server.listen();
  const client = new Client(port);
  ends.push(
    () => server.close(),
    () => client.close(),
  );
  return { server, port, client };
}

test('it listens on both loopback addresses, and a port that is taken in either is refused', async () => {
  const { port, server } = await start();
  for (const host of ['127.0.0.1', '::1']) {
    const connection = await connect({ hostname: host, port });
    await connection.close();
  }
  await until(() => server.connections().length === 0);
  await expect(createServer({ port }).listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('what it tells of queues, exchanges and connections is exact', async () => {
  const { server, client } = await start({ now: () => 1_700_000_000_000 });
  const channel = await client.confirmChannel();
  const name = 'grüße';
  await channel.assertQueue(name, { deadLetterExchange: '', deadLetterRoutingKey: 'dead' });
  await channel.assertQueue('dead', { exclusive: true });
  await channel.bindQueue(name, 'amq.topic', 'a.#');
  for (const text of ['one', 'two', 'three', 'four'])
    channel.publish('amq.topic', 'a.b', Buffer.from(text), { persistent: true });
  channel.publish('amq.topic', 'nowhere', Buffer.from('lost'));
  await channel.waitForConfirms();
  await channel.prefetch(2);
  const messages: Parameters<typeof channel.ack>[0][] = [];
  await channel.consume(name, (message) => message && messages.push(message), { consumerTag: 'mine' });
  await until(() => messages.length === 2);
  const [queue] = server.queues();
  expect(queue).toMatchObject({
    virtualHost: '/',
    name,
    type: 'classic',
    isDurable: true,
    isExclusive: false,
    ready: 2,
    unacked: 2,
    readyBytes: 9,
    unackedBytes: 6,
    oldestAgeMs: 0,
    consumers: [{ tag: 'mine', unacked: 2, prefetch: 2, acknowledges: true, isActive: true }],
    counters: { published: 4, delivered: 2, redelivered: 0, acknowledged: 0 },
  });
  channel.nack(messages[0] as (typeof messages)[number], false, true);
  await until(() => messages.length === 3);
  channel.ack(messages[2] as (typeof messages)[number]);
  channel.nack(messages[1] as (typeof messages)[number], false, false);
  await until(() => messages.length === 5);
  await take(channel, 'dead');
  expect(server.queues()).toMatchObject([
    {
      ready: 0,
      unacked: 2,
      oldestAgeMs: null,
      counters: { delivered: 5, redelivered: 1, requeued: 1, acknowledged: 1, deadLettered: { rejected: 1 } },
    },
    { name: 'dead', isExclusive: true, counters: { published: 1, delivered: 1, acknowledged: 1 } },
  ]);
  expect(server.exchanges().find((each) => each.name === 'amq.topic')).toMatchObject({
    type: 'topic',
    published: 5,
    unroutable: 1,
    bindings: [{ kind: 'queue', destination: name, key: 'a.#' }],
  });
  expect(server.connections()).toMatchObject([
    {
      user: 'guest',
      virtualHost: '/',
      state: 'running',
      isBlocked: false,
      channels: [{ number: 1, unacked: 2, consumers: 1, mode: 'confirm' }],
    },
  ]);
});

test('it declares what it is told, shows what waits, and empties queues', async () => {
  const { server, client } = await start();
  const definitions = {
    exchanges: [{ name: 'orders', type: 'topic' }],
    queues: [{ name: 'bills', arguments: { 'x-max-length': 2, 'x-dead-letter-exchange': 'orders' } }],
    bindings: [{ source: 'orders', destination: 'bills', key: 'order.*' }],
  };
  server.define(definitions);
  server.define(definitions);
  expect(() => server.define({ queues: [{ name: 'bills' }] })).toThrow(
    `PRECONDITION_FAILED - inequivalent arg 'x-dead-letter-exchange' for queue 'bills' in vhost '/': received none but current is the value 'orders' of type 'longstr'`,
  );
  const channel = await client.confirmChannel();
  channel.publish('orders', 'order.new', Buffer.from('first'), { persistent: true });
  channel.publish('orders', 'order.new', Buffer.alloc(10_000, 'x'));
  await channel.waitForConfirms();
  const [first, second] = server.peek('bills', 5);
  expect(first).toMatchObject({ exchange: 'orders', routingKey: 'order.new', isPersistent: true, bytes: 5 });
  expect(first?.body.toString()).toBe('first');
  expect([second?.bytes, second?.body.length]).toEqual([10_000, 4096]);
  expect(server.purge('bills')).toBe(2);
  expect(() => server.peek('none', 1)).toThrow(`NOT_FOUND - no queue 'none' in vhost '/'`);
});

test('a drill blocks those who publish, and them alone, until it is over', async () => {
  const { server, client } = await start();
  const [sender, receiver] = [await client.connect(), await client.channel()];
  const events: string[] = [];
  sender.on('blocked', (reason) => events.push(`blocked: ${reason}`));
  sender.on('unblocked', () => events.push('unblocked'));
  const channel = await sender.createConfirmChannel();
  await channel.assertQueue('q');
  server.block('disk');
  let isConfirmed = false;
  channel.sendToQueue('q', Buffer.from('held up'), {}, () => {
    isConfirmed = true;
  });
  await until(() => events.length === 1);
  expect(await receiver.checkQueue('q')).toMatchObject({ messageCount: 0 });
  expect([isConfirmed, events]).toEqual([false, ['blocked: low on disk']]);
  expect(server.connections().map(({ isBlocked }) => isBlocked)).toEqual([true, false]);
  server.unblock('disk');
  await channel.waitForConfirms();
  expect([isConfirmed, events]).toEqual([true, ['blocked: low on disk', 'unblocked']]);
});

test('a drill drops, doubles, and keeps confirms to itself', async () => {
  const { server, client } = await start();
  const channel = await client.confirmChannel();
  await channel.assertQueue('q');
  server.drill = { copies: (_, key) => (key === 'q' ? 2 : 1) };
  channel.sendToQueue('q', Buffer.from('m'));
  await channel.waitForConfirms();
  expect(server.queues()).toMatchObject([{ ready: 2 }]);
  server.drill = { copies: () => 0 };
  channel.sendToQueue('q', Buffer.from('m'));
  await channel.waitForConfirms();
  expect(server.queues()).toMatchObject([{ ready: 2, counters: { published: 2 } }]);
  server.drill = { losesConfirm: () => true };
  const told: string[] = [];
  channel.sendToQueue('q', Buffer.from('m'), {}, () => told.push('first'));
  await channel.checkQueue('q');
  server.drill = {};
  channel.sendToQueue('q', Buffer.from('m'), {}, () => told.push('second'));
  await until(() => told.length > 0);
  expect(told).toEqual(['second']);
  expect(server.queues()).toMatchObject([{ ready: 4 }]);
});

test('a connection that is ended from here is told why', async () => {
  const { server, client } = await start();
  const connection = await client.connect();
  const ended = once(connection, 'close');
  expect(server.closeConnection(server.connections()[0]?.id ?? 0, 'it is over')).toBe(true);
  expect(String(await ended)).toContain('320 (CONNECTION-FORCED) with message "CONNECTION_FORCED - it is over"');
  await until(() => server.connections().length === 0);
  expect(server.closeConnection(1, 'again')).toBe(false);
});

test('a message that is never acknowledged ends its channel, and comes back', async () => {
  const { server, client } = await start({ consumerTimeoutMs: 50 });
  const channel = await client.confirmChannel();
  await channel.assertQueue('q');
  channel.sendToQueue('q', Buffer.from('m'));
  await channel.waitForConfirms();
  await channel.consume('q', () => {});
  const [error] = await once(channel, 'error');
  expect(String(error)).toContain(
    'PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 50 ms.',
  );
  expect(server.queues()).toMatchObject([{ ready: 1, unacked: 0 }]);
});

test('who is silent for two heartbeats is gone, and hears heartbeats until then', async () => {
  const { server, port } = await start();
  const raw = new RawClient(port);
  raw.send(
    PROTOCOL_HEADER,
    frameOf(0, 'connection.start-ok', {
      clientProperties: [],
      mechanism: 'AMQPLAIN',
      response: '\x05LOGINS\0\0\0\x05guest\x08PASSWORDS\0\0\0\x05guest',
      locale: 'en_US',
    }),
    frameOf(0, 'connection.tune-ok', { channelMax: 10, frameMax: 4096, heartbeat: 1 }),
    frameOf(0, 'connection.open', { virtualHost: '/' }),
  );
  await raw.method('connection.open-ok');
  const opened = raw.receivedBytes;
  const fromMs = performance.now();
  await raw.closed;
  expect(performance.now() - fromMs).toBeGreaterThan(1900);
  expect(raw.receivedBytes - opened).toBeGreaterThanOrEqual(3 * 8);
  await until(() => server.connections().length === 0);
});

test('another protocol is answered with the one that is spoken here', async () => {
  const { port } = await start();
  for (const hello of ['AMQP\0\x01\0\0', 'GET / HTTP/1.1\r\n\r\n']) {
    const socket = connectSocket({ host: '127.0.0.1', port }, () => socket.write(hello, 'latin1'));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'end');
    expect(Buffer.concat(chunks).toString('latin1')).toBe('AMQP\0\0\x09\x01');
    socket.destroy();
  }
});

test('confirms of one turn are one, and as many frames as must be where some are refused', async () => {
  const { port, server } = await start();
  server.define({ queues: [{ name: 'full', arguments: { 'x-max-length': 3, 'x-overflow': 'reject-publish' } }] });
  const raw = await new RawClient(port).open();
  raw.send(frameOf(1, 'confirm.select', { noWait: true }));
  const publish = Buffer.concat([
    frameOf(1, 'basic.publish', { exchange: '', routingKey: 'full', mandatory: false, immediate: false }),
    Buffer.from([2, 0, 1, 0, 0, 0, 14, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xce]),
  ]);
  raw.send(Buffer.concat([publish, publish, publish, publish, publish]));
  await raw.method('basic.ack');
  expect(raw.methods.slice(-3)).toMatchObject([
    { name: 'basic.nack', args: { deliveryTag: 4, multiple: false } },
    { name: 'basic.nack', args: { deliveryTag: 5, multiple: false } },
    { name: 'basic.ack', args: { deliveryTag: 3, multiple: true } },
  ]);
  raw.destroy();
});

test('what came before the end of its channel is confirmed before that, in the same turn too', async () => {
  const { port } = await start();
  const publishTo = (exchange: string): Buffer =>
    Buffer.concat([
      frameOf(1, 'basic.publish', { exchange, routingKey: 'nowhere', mandatory: false, immediate: false }),
      contentOf(1, Buffer.alloc(0)),
    ]);
  const good = publishTo('');
  const select = frameOf(1, 'confirm.select', { noWait: true });
  const confirmed = { channel: 1, name: 'basic.ack', args: { deliveryTag: 2, multiple: true } };

  const failing = await new RawClient(port).open();
  failing.send(Buffer.concat([select, good, good, publishTo('none'), good]));
  await failing.method('channel.close');
  expect(failing.methods.slice(-2)).toMatchObject([
    confirmed,
    { channel: 1, name: 'channel.close', args: { replyCode: 404, classId: 60, methodId: 40 } },
  ]);
  failing.destroy();

  const closing = await new RawClient(port).open();
  const close = frameOf(1, 'channel.close', { replyCode: 200, replyText: '', classId: 0, methodId: 0 });
  closing.send(Buffer.concat([select, good, good, close]));
  await closing.method('channel.close-ok');
  expect(closing.methods.slice(-2)).toMatchObject([confirmed, { channel: 1, name: 'channel.close-ok' }]);
  closing.destroy();
});
