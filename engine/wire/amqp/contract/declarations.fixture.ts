import type { Channel, ConsumeMessage, Options } from 'amqplib';
import { expect, test } from 'vitest';
import type { FieldTable } from '../protocol/field-table.ts';
import { frameOf, PROTOCOL_HEADER, RawClient } from '../raw-client.fixture.ts';
import { bodyOf, type Client, newExchange, newQueue, publishAll, until } from './client.fixture.ts';

const LEARNS_OF_REFUSALS: FieldTable = [
  ['capabilities', { type: 'table', value: [['authentication_failure_close', { type: 'bool', value: true }]] }],
];

/** What may be declared, and how it is refused: who logs in, names, arguments, ownership. */
export function declarations(client: () => Client): void {
  test('who may not log in is told so, and who names no virtual host', async () => {
    await expect(client().connect({ username: 'guest', password: 'wrong' })).rejects.toThrow(
      '403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile."',
    );
    await expect(client().connect({ vhost: 'nowhere' })).rejects.toThrow('ConnectionClose');
    const { connection } = await client().connect();
    expect(connection.serverProperties).toMatchObject({
      product: 'RabbitMQ',
      capabilities: { publisher_confirms: true, 'basic.nack': true, consumer_cancel_notify: true },
    });
  });

  test('who may not log in is told without a method that is to blame', async () => {
    const raw = new RawClient(client().port);
    const startOk = { mechanism: 'PLAIN', response: '\0guest\0wrong', locale: 'en_US' };
    raw.send(PROTOCOL_HEADER, frameOf(0, 'connection.start-ok', { clientProperties: LEARNS_OF_REFUSALS, ...startOk }));
    expect(await raw.method('connection.close')).toMatchObject({ replyCode: 403, classId: 0, methodId: 0 });
    raw.socket.destroy();
  });

  test.each<[first: Options.AssertQueue, second: Options.AssertQueue, what: string]>([
    [{ durable: true }, { durable: false }, `'durable' for X: received 'false' but current is 'true'`],
    [{ durable: false }, { durable: true }, `'durable' for X: received 'true' but current is 'false'`],
    [{ autoDelete: true }, {}, `'auto_delete' for X: received 'false' but current is 'true'`],
    [{}, { messageTtl: 1000 }, `'x-message-ttl' for X: received the value '1000' of type 'short' but current is none`],
    [{ maxLength: 5 }, {}, `'x-max-length' for X: received none but current is the value '5' of type 'byte'`],
    [{ maxLength: 5 }, { maxLength: 6 }, `'x-max-length' for X: received '6' but current is '5'`],
    [
      { deadLetterExchange: 'a' },
      { deadLetterExchange: 'b' },
      `'x-dead-letter-exchange' for X: received 'b' but current is 'a'`,
    ],
    [
      { deadLetterExchange: 'a' },
      {},
      `'x-dead-letter-exchange' for X: received none but current is the value 'a' of type 'longstr'`,
    ],
  ])('a queue declared as %j is not there as %j', async (first, second, what) => {
    const channel = await client().channel();
    const name = await newQueue(channel, first);
    const resource = `queue '${name}' in vhost '/'`;
    expect(await client().refusal((other) => other.assertQueue(name, { durable: false, ...second }))).toBe(
      `PRECONDITION_FAILED - inequivalent arg ${what.replace('X', resource)}`,
    );
    await channel.deleteQueue(name);
  });

  test.each<[args: Record<string, unknown>, what: string]>([
    [{ 'x-message-ttl': -1 }, `'x-message-ttl' for X: {value_negative,-1}`],
    [{ 'x-message-ttl': 'soon' }, `'x-message-ttl' for X: "expected integer, got longstr"`],
    [{ 'x-message-ttl': 315_360_000_001 }, `'x-message-ttl' for X: {value_too_large,315360000001}`],
    [{ 'x-expires': 0 }, `'x-expires' for X: {value_zero,0}`],
    [{ 'x-max-length': -5 }, `'x-max-length' for X: {value_negative,-5}`],
    [{ 'x-max-priority': 256 }, `'x-max-priority' for X: {max_value_exceeded,256}`],
    [{ 'x-overflow': 'spill' }, `'x-overflow' for X: invalid_overflow`],
    [{ 'x-overflow': 1 }, `'x-overflow' for X: {unacceptable_type,byte}`],
    [{ 'x-single-active-consumer': 'yes' }, `'x-single-active-consumer' for X: {unacceptable_type,longstr}`],
    [{ 'x-dead-letter-routing-key': 'k' }, `'x-dead-letter-routing-key' for X: routing_key_but_no_dlx_defined`],
    [{ 'x-queue-mode': 'eager' }, `'x-queue-mode' for X: "unsupported queue mode 'eager'"`],
    [{ 'x-queue-type': 'magic' }, `'x-queue-type' for X: "unsupported queue type 'magic'"`],
    [{ 'x-delivery-limit': 3 }, `'x-delivery-limit' for X of queue type rabbit_classic_queue`],
    [{ 'x-queue-type': 'quorum', 'x-max-priority': 3 }, `'x-max-priority' for X of queue type rabbit_quorum_queue`],
  ])('a queue with the arguments %j is refused', async (args, what) => {
    const name = client().name();
    const text = what.replace('X', `queue '${name}' in vhost '/'`);
    expect(await client().refusal((channel) => channel.assertQueue(name, { arguments: args }))).toBe(
      `PRECONDITION_FAILED - invalid arg ${text}`,
    );
  });

  test('what is refused of names, exchanges and queues', async () => {
    const channel = await client().channel();
    const direct = await newExchange(channel, 'direct');
    const internal = await newExchange(channel, 'fanout', { internal: true });
    const bound = await newExchange(channel, 'fanout');
    const used = await newQueue(channel);
    await channel.bindQueue(used, bound, '');
    const cases: [act: (channel: Channel) => unknown, text: string][] = [
      [(on) => on.assertQueue('amq.mine'), `ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'`],
      [
        (on) => on.assertExchange('amq.mine', 'direct'),
        `ACCESS_REFUSED - exchange name 'amq.mine' contains reserved prefix 'amq.*'`,
      ],
      [(on) => on.checkQueue('none'), `NOT_FOUND - no queue 'none' in vhost '/'`],
      [(on) => on.checkExchange('none'), `NOT_FOUND - no exchange 'none' in vhost '/'`],
      [(on) => on.checkExchange(''), 'ACCESS_REFUSED - operation not permitted on the default exchange'],
      [(on) => on.deleteExchange(''), 'ACCESS_REFUSED - operation not permitted on the default exchange'],
      [(on) => on.bindQueue(used, '', 'k'), 'ACCESS_REFUSED - operation not permitted on the default exchange'],
      [
        (on) => on.deleteExchange('amq.topic'),
        `ACCESS_REFUSED - deletion of system exchange 'amq.topic' in vhost '/' not allowed`,
      ],
      [
        (on) => on.deleteExchange(bound, { ifUnused: true }),
        `PRECONDITION_FAILED - exchange '${bound}' in vhost '/' in use`,
      ],
      [
        (on) => on.assertExchange(direct, 'topic', { durable: false }),
        `PRECONDITION_FAILED - inequivalent arg 'type' for exchange '${direct}' in vhost '/': received 'topic' but current is 'direct'`,
      ],
      [
        (on) => on.assertExchange(direct, 'direct', { durable: true }),
        `PRECONDITION_FAILED - inequivalent arg 'durable' for exchange '${direct}' in vhost '/': received 'true' but current is 'false'`,
      ],
      [
        (on) => on.assertExchange(direct, 'direct', { durable: false, autoDelete: true }),
        `PRECONDITION_FAILED - inequivalent arg 'auto_delete' for exchange '${direct}' in vhost '/': received 'true' but current is 'false'`,
      ],
      [
        (on) => on.assertExchange(direct, 'direct', { durable: false, alternateExchange: 'x' }),
        `PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange '${direct}' in vhost '/': received the value 'x' of type 'longstr' but current is none`,
      ],
      [(on) => on.assertExchange('new', 'magic'), `connection: COMMAND_INVALID - unknown exchange type 'magic'`],
      [(on) => on.bindQueue('none', direct, 'k'), `NOT_FOUND - no queue 'none' in vhost '/'`],
      [(on) => on.bindQueue(used, 'none', 'k'), `NOT_FOUND - no exchange 'none' in vhost '/'`],
      [(on) => on.bindExchange('none', direct, 'k'), `NOT_FOUND - no exchange 'none' in vhost '/'`],
      [(on) => on.unbindQueue(used, 'none', 'k'), 'accepted'],
      [(on) => on.deleteQueue('none'), 'accepted'],
      [(on) => on.deleteExchange('none'), 'accepted'],
      [(on) => on.purgeQueue('none'), `NOT_FOUND - no queue 'none' in vhost '/'`],
      [(on) => on.get('none'), `NOT_FOUND - no queue 'none' in vhost '/'`],
      [(on) => on.consume('none', () => {}), `NOT_FOUND - no queue 'none' in vhost '/'`],
      [(on) => on.publish('none', 'k', bodyOf('x')), `NOT_FOUND - no exchange 'none' in vhost '/'`],
      [
        (on) => on.publish(internal, 'k', bodyOf('x')),
        `ACCESS_REFUSED - cannot publish to internal exchange '${internal}' in vhost '/'`,
      ],
      [
        (on) => on.bindQueue(used, 'amq.headers', '', { 'x-match': 'some' }),
        'PRECONDITION_FAILED - Invalid x-match field value <<"some">>; expected all, any, all-with-x, or any-with-x',
      ],
      [
        (on) => on.ack({ fields: { deliveryTag: 7 } } as ConsumeMessage),
        'PRECONDITION_FAILED - unknown delivery tag 7',
      ],
      [
        (on) => on.nack({ fields: { deliveryTag: 3 } } as ConsumeMessage, true),
        'PRECONDITION_FAILED - unknown delivery tag 3',
      ],
      [
        (on) => on.sendToQueue(used, bodyOf('x'), { expiration: 'soon' }),
        `PRECONDITION_FAILED - invalid expiration 'soon': no_integer`,
      ],
      [
        (on) => on.sendToQueue(used, bodyOf('x'), { expiration: '5s' }),
        `PRECONDITION_FAILED - invalid expiration '5s': {leftover_string,"s"}`,
      ],
      [
        (on) => on.sendToQueue(used, bodyOf('x'), { expiration: -1 }),
        `PRECONDITION_FAILED - invalid expiration '-1': {value_negative,-1}`,
      ],
      [
        (on) => on.sendToQueue(used, bodyOf('x'), { userId: 'somebody' }),
        `PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was 'guest'`,
      ],
      [
        (on) => on.sendToQueue(used, bodyOf('x'), { replyTo: 'amq.rabbitmq.reply-to' }),
        'PRECONDITION_FAILED - fast reply consumer does not exist',
      ],
      [
        (on) => on.consume('amq.rabbitmq.reply-to', () => {}),
        'PRECONDITION_FAILED - reply consumer cannot acknowledge',
      ],
      [
        (on) => on.consume(used, () => {}, { priority: 'high' as never }),
        `PRECONDITION_FAILED - invalid arg 'x-priority' for queue '${used}' in vhost '/': "expected integer, got longstr"`,
      ],
    ];
    for (const [act, text] of cases) expect(await client().refusal(act)).toBe(text);
  });

  test('names: given by the server, without line ends, the last one for the empty one', async () => {
    const channel = await client().channel();
    const { queue: given } = await channel.assertQueue('', { exclusive: true });
    expect(given).toMatch(/^amq\.gen-[\w-]{22}$/);
    channel.publish('', given, bodyOf('a'));
    await until(async () => (await channel.checkQueue(given)).messageCount === 1);
    expect(await channel.purgeQueue('')).toEqual({ messageCount: 1 });
    const { consumerTag } = await channel.consume('', () => {});
    expect(consumerTag).toMatch(/^amq\.ctag-[\w-]{22}$/);
    const name = client().name();
    expect((await channel.assertQueue(`${name}\r\n`, { durable: false })).queue).toBe(name);
    expect(await client().refusal((fresh) => fresh.purgeQueue(''))).toBe('NOT_FOUND - no previously declared queue');
  });

  test('queues tell what they have, are emptied, and deleted on conditions', async () => {
    const channel = await client().confirmChannel();
    const name = await newQueue(channel);
    publishAll(channel, name, ['a', 'b', 'c']);
    await channel.waitForConfirms();
    expect(await channel.assertQueue(name, { durable: false })).toEqual({
      queue: name,
      messageCount: 3,
      consumerCount: 0,
    });
    expect(await client().refusal((other) => other.deleteQueue(name, { ifEmpty: true }))).toBe(
      `PRECONDITION_FAILED - queue '${name}' in vhost '/' not empty`,
    );
    expect(await channel.purgeQueue(name)).toEqual({ messageCount: 3 });
    const { consumerTag } = await channel.consume(name, () => {});
    expect(await client().refusal((other) => other.deleteQueue(name, { ifUnused: true }))).toBe(
      `PRECONDITION_FAILED - queue '${name}' in vhost '/' in use`,
    );
    await channel.cancel(consumerTag);
    publishAll(channel, name, ['d']);
    await channel.waitForConfirms();
    expect(await channel.deleteQueue(name, { ifUnused: true })).toEqual({ messageCount: 1 });
  });

  test('an exclusive queue is its connection’s, and ends with it', async () => {
    const connection = await client().connect();
    const channel = await connection.createChannel();
    const name = client().name();
    await channel.assertQueue(name, { exclusive: true });
    const locked = `RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '${name}' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.`;
    for (const act of [
      (on: Channel) => on.assertQueue(name, { exclusive: true }),
      (on: Channel) => on.checkQueue(name),
      (on: Channel) => on.consume(name, () => {}),
      (on: Channel) => on.get(name),
      (on: Channel) => on.deleteQueue(name),
      (on: Channel) => on.bindQueue(name, 'amq.direct', 'k'),
    ])
      expect(await client().refusal(act)).toBe(locked);
    await connection.close();
    await until(async () => (await client().refusal((on) => on.checkQueue(name))).startsWith('NOT_FOUND'));
  });

  test('what is to be deleted by itself is, with its last consumer or binding', async () => {
    const channel = await client().channel();
    const name = await newQueue(channel, { autoDelete: true });
    const source = await newExchange(channel, 'fanout', { autoDelete: true });
    await channel.bindQueue(name, source, '');
    const { consumerTag } = await channel.consume(name, () => {});
    await channel.cancel(consumerTag);
    await until(async () => (await client().refusal((on) => on.checkQueue(name))).startsWith('NOT_FOUND'));
    expect(await client().refusal((on) => on.checkExchange(source))).toContain('NOT_FOUND');
  });
}
