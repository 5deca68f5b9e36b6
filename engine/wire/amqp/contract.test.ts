import type { Channel, ConsumeMessage, Options } from 'amqplib';
import { Connection } from 'rabbitmq-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Subject, subjects } from './contract.fixture.ts';
import { Client, drain, hold, take, until } from './contract-client.fixture.ts';

/* What the server does, held against RabbitMQ too wherever there is one: both must do the same. */

const body = (text: string): Buffer => Buffer.from(text);

describe.each(subjects)('%s', (_, start, skip) => {
  describe.skipIf(skip !== null)(skip ?? 'keeps the contract', () => {
    let subject: Subject;
    let client: Client;
    beforeAll(async () => {
      subject = await start();
      client = new Client(subject.port);
    });
    afterEach(() => client.close());
    afterAll(() => subject?.stop());

    const queue = async (channel: Channel, options: Options.AssertQueue = {}): Promise<string> => {
      const name = client.name();
      await channel.assertQueue(name, { durable: false, ...options });
      return name;
    };
    const exchange = async (channel: Channel, type: string, options: Options.AssertExchange = {}): Promise<string> => {
      const name = client.name('exchange');
      await channel.assertExchange(name, type, { durable: false, ...options });
      return name;
    };
    /** Consumes; gives the messages that come. */
    const consume = async (channel: Channel, from: string, options: Options.Consume = {}) => {
      const messages: (ConsumeMessage | null)[] = [];
      const { consumerTag } = await channel.consume(from, (message) => messages.push(message), options);
      const texts = (): string[] => messages.map((message) => message?.content.toString() ?? 'cancelled');
      return { consumerTag, messages, texts, count: (n: number) => until(() => messages.length >= n) };
    };
    const publishAll = (channel: Channel, to: string, texts: string[], options?: Options.Publish): void => {
      for (const text of texts) channel.sendToQueue(to, body(text), options);
    };

    test('who may not log in is told so, and who names no virtual host', async () => {
      await expect(client.connect({ username: 'guest', password: 'wrong' })).rejects.toThrow(
        '403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile."',
      );
      await expect(client.connect({ vhost: 'nowhere' })).rejects.toThrow('ConnectionClose');
      const { connection } = await client.connect();
      expect(connection.serverProperties).toMatchObject({
        product: 'RabbitMQ',
        capabilities: { publisher_confirms: true, 'basic.nack': true, consumer_cancel_notify: true },
      });
    });

    test.each<[first: Options.AssertQueue, second: Options.AssertQueue, what: string]>([
      [{ durable: true }, { durable: false }, `'durable' for X: received 'false' but current is 'true'`],
      [{ durable: false }, { durable: true }, `'durable' for X: received 'true' but current is 'false'`],
      [{ autoDelete: true }, {}, `'auto_delete' for X: received 'false' but current is 'true'`],
      [
        {},
        { messageTtl: 1000 },
        `'x-message-ttl' for X: received the value '1000' of type 'short' but current is none`,
      ],
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
      const channel = await client.channel();
      const name = await queue(channel, first);
      const resource = `queue '${name}' in vhost '/'`;
      expect(await client.refusal((other) => other.assertQueue(name, { durable: false, ...second }))).toBe(
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
      const name = client.name();
      const text = what.replace('X', `queue '${name}' in vhost '/'`);
      expect(await client.refusal((channel) => channel.assertQueue(name, { arguments: args }))).toBe(
        `PRECONDITION_FAILED - invalid arg ${text}`,
      );
    });

    test('what is refused of names, exchanges and queues', async () => {
      const channel = await client.channel();
      const direct = await exchange(channel, 'direct');
      const internal = await exchange(channel, 'fanout', { internal: true });
      const bound = await exchange(channel, 'fanout');
      const used = await queue(channel);
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
        [(on) => on.publish('none', 'k', body('x')), `NOT_FOUND - no exchange 'none' in vhost '/'`],
        [
          (on) => on.publish(internal, 'k', body('x')),
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
          (on) => on.sendToQueue(used, body('x'), { expiration: 'soon' }),
          `PRECONDITION_FAILED - invalid expiration 'soon': no_integer`,
        ],
        [
          (on) => on.sendToQueue(used, body('x'), { expiration: '5s' }),
          `PRECONDITION_FAILED - invalid expiration '5s': {leftover_string,"s"}`,
        ],
        [
          (on) => on.sendToQueue(used, body('x'), { expiration: -1 }),
          `PRECONDITION_FAILED - invalid expiration '-1': {value_negative,-1}`,
        ],
        [
          (on) => on.sendToQueue(used, body('x'), { userId: 'somebody' }),
          `PRECONDITION_FAILED - user_id property set to 'somebody' but authenticated user was 'guest'`,
        ],
        [
          (on) => on.sendToQueue(used, body('x'), { replyTo: 'amq.rabbitmq.reply-to' }),
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
      for (const [act, text] of cases) expect(await client.refusal(act)).toBe(text);
    });

    test('names: given by the server, without line ends, the last one for the empty one', async () => {
      const channel = await client.channel();
      const { queue: given } = await channel.assertQueue('', { exclusive: true });
      expect(given).toMatch(/^amq\.gen-[\w-]{22}$/);
      channel.publish('', given, body('a'));
      await until(async () => (await channel.checkQueue(given)).messageCount === 1);
      expect(await channel.purgeQueue('')).toEqual({ messageCount: 1 });
      const { consumerTag } = await channel.consume('', () => {});
      expect(consumerTag).toMatch(/^amq\.ctag-[\w-]{22}$/);
      const name = client.name();
      expect((await channel.assertQueue(`${name}\r\n`, { durable: false })).queue).toBe(name);
      expect(await client.refusal((fresh) => fresh.purgeQueue(''))).toBe('NOT_FOUND - no previously declared queue');
    });

    test('queues tell what they have, are emptied, and deleted on conditions', async () => {
      const channel = await client.confirmChannel();
      const name = await queue(channel);
      publishAll(channel, name, ['a', 'b', 'c']);
      await channel.waitForConfirms();
      expect(await channel.assertQueue(name, { durable: false })).toEqual({
        queue: name,
        messageCount: 3,
        consumerCount: 0,
      });
      expect(await client.refusal((other) => other.deleteQueue(name, { ifEmpty: true }))).toBe(
        `PRECONDITION_FAILED - queue '${name}' in vhost '/' not empty`,
      );
      expect(await channel.purgeQueue(name)).toEqual({ messageCount: 3 });
      const { consumerTag } = await channel.consume(name, () => {});
      expect(await client.refusal((other) => other.deleteQueue(name, { ifUnused: true }))).toBe(
        `PRECONDITION_FAILED - queue '${name}' in vhost '/' in use`,
      );
      await channel.cancel(consumerTag);
      publishAll(channel, name, ['d']);
      await channel.waitForConfirms();
      expect(await channel.deleteQueue(name, { ifUnused: true })).toEqual({ messageCount: 1 });
    });

    test('an exclusive queue is its connection’s, and ends with it', async () => {
      const connection = await client.connect();
      const channel = await connection.createChannel();
      const name = client.name();
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
        expect(await client.refusal(act)).toBe(locked);
      await connection.close();
      await until(async () => (await client.refusal((on) => on.checkQueue(name))).startsWith('NOT_FOUND'));
    });

    test('what is to be deleted by itself is, with its last consumer or binding', async () => {
      const channel = await client.channel();
      const name = await queue(channel, { autoDelete: true });
      const source = await exchange(channel, 'fanout', { autoDelete: true });
      await channel.bindQueue(name, source, '');
      const { consumerTag } = await channel.consume(name, () => {});
      await channel.cancel(consumerTag);
      await until(async () => (await client.refusal((on) => on.checkQueue(name))).startsWith('NOT_FOUND'));
      expect(await client.refusal((on) => on.checkExchange(source))).toContain('NOT_FOUND');
    });

    test.each<
      [type: string, bindings: [key: string, args?: object][], messages: [key: string, headers: object, to: number[]][]]
    >([
      [
        'direct',
        [['a'], ['b'], ['a']],
        [
          ['a', {}, [0, 2]],
          ['b', {}, [1]],
          ['c', {}, []],
          ['', {}, []],
        ],
      ],
      [
        'fanout',
        [['a'], ['b']],
        [
          ['', {}, [0, 1]],
          ['z', {}, [0, 1]],
        ],
      ],
      [
        'topic',
        [['a.*'], ['a.#'], ['#'], ['*.b.#.d'], [''], ['#.c'], ['a.b'], ['#.#'], ['*']],
        [
          ['a', {}, [1, 2, 7, 8]],
          ['a.b', {}, [0, 1, 2, 6, 7]],
          ['a.b.c', {}, [1, 2, 5, 7]],
          ['a.b.d', {}, [1, 2, 3, 7]],
          ['x.b.c.d', {}, [2, 3, 7]],
          ['', {}, [2, 4, 7]],
          ['a.', {}, [0, 1, 2, 7]],
        ],
      ],
      [
        'headers',
        [
          ['', { a: 1, b: 'x' }],
          ['', { 'x-match': 'any', a: 1, b: 'x' }],
          ['', { 'x-match': 'all', 'x-c': 1, a: 1 }],
          ['', { 'x-match': 'all-with-x', 'x-c': 1, a: 1 }],
          ['', { 'x-match': 'any-with-x', 'x-c': 1 }],
          ['', { 'x-match': 'any' }],
          ['', {}],
          ['', { a: null }],
        ],
        [
          ['k', { a: 1, b: 'x' }, [0, 1, 2, 6, 7]],
          ['k', { a: 1 }, [1, 2, 6, 7]],
          ['k', { a: 2 }, [6, 7]],
          ['k', { a: 1, 'x-c': 1 }, [1, 2, 3, 4, 6, 7]],
          ['k', { 'x-c': 1 }, [4, 6]],
          ['k', { b: 'y' }, [6]],
          ['k', {}, [6]],
        ],
      ],
    ])('a %s exchange sends messages where they belong', async (type, bindings, messages) => {
      const channel = await client.channel();
      const source = await exchange(channel, type);
      const queues: string[] = [];
      for (const [key, args] of bindings) {
        const name = await queue(channel, { exclusive: true });
        await channel.bindQueue(name, source, key, args);
        queues.push(name);
      }
      for (const [i, [key, headers]] of messages.entries()) channel.publish(source, key, body(String(i)), { headers });
      const got = await Promise.all(queues.map((name) => drain(channel, name)));
      for (const [i, [, , to]] of messages.entries())
        expect([i, queues.flatMap((_, at) => (got[at]?.includes(String(i)) ? [at] : []))]).toEqual([i, to]);
    });

    test('messages go on through bound exchanges and alternate ones, and to each queue once', async () => {
      const channel = await client.channel();
      const last = await exchange(channel, 'fanout');
      const first = await exchange(channel, 'direct', { alternateExchange: last });
      const middle = await exchange(channel, 'topic');
      const name = await queue(channel);
      await channel.bindExchange(middle, first, 'a.b');
      await channel.bindQueue(name, middle, 'a.*');
      await channel.bindQueue(name, first, 'a.b');
      await channel.bindQueue(name, last, '');
      channel.publish(first, 'a.b', body('bound'));
      channel.publish(first, 'other', body('alternate'));
      expect(await drain(channel, name)).toEqual(['bound', 'alternate']);
      await channel.unbindExchange(middle, first, 'a.b');
      await channel.unbindQueue(name, first, 'a.b');
      channel.publish(first, 'a.b', body('unbound'));
      expect(await drain(channel, name)).toEqual(['unbound']);
    });

    test('CC and BCC name further routing keys, of which receivers see the first', async () => {
      const channel = await client.channel();
      const names = [await queue(channel), await queue(channel), await queue(channel)] as [string, string, string];
      channel.sendToQueue(names[0], body('m'), { CC: [names[1]], BCC: [names[2]] });
      for (const name of names) {
        const message = await take(channel, name);
        expect(message.fields.routingKey).toBe(names[0]);
        expect(message.properties.headers).toEqual({ CC: [names[1]] });
      }
    });

    test('properties and bodies arrive as they were sent, in frames of any size', async () => {
      const channel = await client.channel();
      const small = await (await client.connect({ frameMax: 4096 })).createChannel();
      const name = await queue(channel);
      const headers = {
        text: 'é',
        int: 5,
        big: 2 ** 40,
        double: 1.5,
        bool: true,
        none: null,
        list: [1, 'a', { deep: [] }],
        table: { a: { b: 'c' } },
        time: { '!': 'timestamp', value: 1_700_000_000 },
      };
      const properties = {
        contentType: 'text/plain',
        contentEncoding: 'utf-8',
        priority: 3,
        correlationId: 'c',
        replyTo: 'r',
        expiration: '100000',
        messageId: 'm',
        timestamp: 1_700_000_000,
        type: 't',
        userId: 'guest',
        appId: 'a',
      };
      for (const [from, to] of [
        [channel, small],
        [small, channel],
      ] as const)
        for (const size of [0, 1, 4000, 4088, 4096, 4097, 8192, 200_000]) {
          const content = Buffer.alloc(size, 'abcdefg');
          from.sendToQueue(name, content, { ...properties, headers, persistent: true });
          const message = await take(to, name);
          expect(message.content.equals(content)).toBe(true);
          expect(message.properties).toMatchObject({ ...properties, deliveryMode: 2 });
          expect(message.properties.headers).toEqual(headers);
        }
    });

    test('a message that must arrive and cannot comes back before it is confirmed', async () => {
      const channel = await client.confirmChannel();
      const events: string[] = [];
      channel.on('return', ({ fields, content }) => {
        events.push(`returned ${Object.values(fields).join(' ')} ${content}`);
      });
      channel.publish('amq.direct', 'nowhere', body('lost'), { mandatory: true }, (error) =>
        events.push(error ? 'nacked' : 'confirmed'),
      );
      channel.publish('amq.direct', 'nowhere', body('nobody cares'), {}, () => events.push('confirmed'));
      await channel.waitForConfirms();
      expect(events).toEqual(['returned 312 NO_ROUTE amq.direct nowhere lost', 'confirmed', 'confirmed']);
    });

    test('messages come back to where they were, marked as redelivered', async () => {
      const channel = await client.channel();
      const name = await queue(channel);
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
      const other = await client.channel();
      const last = await take(other, name);
      expect([last.content.toString(), last.fields.redelivered]).toEqual(['d', true]);
    });

    test('a consumer has no more than its prefetch, a channel no more than its own', async () => {
      const channel = await client.channel();
      const name = await queue(channel);
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
      const free = await consume(await client.channel(), name, { noAck: true });
      await channel.close();
      await until(() => free.messages.length === 5);
    });

    test('consumers take turns, the one with the highest priority first', async () => {
      const channel = await client.channel();
      const name = await queue(channel);
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
      const channel = await client.channel();
      const name = await queue(channel);
      const inUse = `ACCESS_REFUSED - queue '${name}' in vhost '/' in exclusive use`;
      const { consumerTag } = await channel.consume(name, () => {}, { exclusive: true, consumerTag: 'mine' });
      expect(consumerTag).toBe('mine');
      expect(await client.refusal((other) => other.consume(name, () => {}))).toBe(inUse);
      await channel.cancel('mine');
      await channel.consume(name, () => {});
      expect(await client.refusal((other) => other.consume(name, () => {}, { exclusive: true }))).toBe(inUse);
      expect(
        await client.refusal(async (other) => {
          await other.consume(name, () => {}, { consumerTag: 'twice' });
          await other.consume(name, () => {}, { consumerTag: 'twice' });
        }),
      ).toBe(`connection: NOT_ALLOWED - attempt to reuse consumer tag 'twice'`);
    });

    test('with a single active consumer the next one takes over', async () => {
      const [channel, other] = [await client.channel(), await client.channel()];
      const name = await queue(channel, { arguments: { 'x-single-active-consumer': true } });
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
      const channel = await client.channel();
      const name = await queue(channel);
      const consumer = await consume(channel, name);
      await (await client.channel()).deleteQueue(name);
      await consumer.count(1);
      expect(consumer.texts()).toEqual(['cancelled']);
    });

    test('a transaction does all or nothing', async () => {
      const connection = await client.connect();
      const channel = await connection.createChannel();
      const name = await queue(channel);
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
      expect(await client.refusal((channel) => request(channel, 'tx.commit'))).toBe(
        'PRECONDITION_FAILED - channel is not transactional',
      );
      expect(
        await client.refusal(async (channel) => {
          await request(channel, 'tx.select');
          await request(channel, 'confirm.select');
        }),
      ).toBe('PRECONDITION_FAILED - cannot switch from tx to confirm mode');
      expect(
        await client.refusal(async (channel) => {
          await request(channel, 'confirm.select');
          await request(channel, 'tx.select');
        }),
      ).toBe('PRECONDITION_FAILED - cannot switch from confirm to tx mode');
    });

    test('messages expire by their own time or the queue’s, whichever is shorter, at the head of the queue', async () => {
      const channel = await client.channel();
      const name = await queue(channel);
      publishAll(channel, name, ['stays']);
      publishAll(channel, name, ['short'], { expiration: 1 });
      publishAll(channel, name, ['long'], { expiration: 100_000 });
      const brief = await queue(channel, { messageTtl: 20 });
      publishAll(channel, brief, ['a'], { expiration: 100_000 });
      publishAll(channel, brief, ['b']);
      await until(async () => (await channel.checkQueue(brief)).messageCount === 0);
      // Behind a message that stays, one that is over is still counted.
      expect((await channel.checkQueue(name)).messageCount).toBe(3);
      expect(await drain(channel, name)).toEqual(['stays', 'long']);
      const never = await queue(channel, { messageTtl: 0 });
      publishAll(channel, never, ['for nobody']);
      expect((await channel.checkQueue(never)).messageCount).toBe(0);
      const consumer = await consume(channel, never, { noAck: true });
      publishAll(channel, never, ['at once']);
      await consumer.count(1);
    });

    test('a queue that nobody uses expires', async () => {
      const channel = await client.channel();
      const name = await queue(channel, { expires: 50 });
      const kept = await queue(channel, { expires: 50 });
      await channel.consume(kept, () => {});
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(await client.refusal((on) => on.checkQueue(name))).toBe(`NOT_FOUND - no queue '${name}' in vhost '/'`);
      expect((await channel.checkQueue(kept)).consumerCount).toBe(1);
    });

    test('a queue that is full drops its head, or refuses', async () => {
      const channel = await client.confirmChannel();
      const dropping = await queue(channel, { maxLength: 2 });
      publishAll(channel, dropping, ['a', 'b', 'c']);
      await channel.waitForConfirms();
      expect(await drain(channel, dropping)).toEqual(['b', 'c']);
      const light = await queue(channel, { arguments: { 'x-max-length-bytes': 5 } });
      publishAll(channel, light, ['aa', 'bb', 'cc', 'ddddddd']);
      await channel.waitForConfirms();
      expect(await drain(channel, light)).toEqual([]);
      publishAll(channel, light, ['aa', 'bb', 'cc']);
      await channel.waitForConfirms();
      expect(await drain(channel, light)).toEqual(['bb', 'cc']);
      const refusing = await queue(channel, { maxLength: 2, arguments: { 'x-overflow': 'reject-publish' } });
      const outcomes: string[] = [];
      for (const text of ['a', 'b', 'c', 'd'])
        channel.sendToQueue(refusing, body(text), {}, (error) => outcomes.push(`${text} ${error ? 'nacked' : 'ok'}`));
      await channel.waitForConfirms().catch(() => {});
      expect(outcomes.sort()).toEqual(['a ok', 'b ok', 'c nacked', 'd nacked']);
      expect(await drain(channel, refusing)).toEqual(['a', 'b']);
    });

    test('the highest priority comes first, and what is beyond the queue’s is as its highest', async () => {
      const channel = await client.confirmChannel();
      const name = await queue(channel, { maxPriority: 5 });
      for (const [text, priority] of [
        ['a', 0],
        ['b', 3],
        ['c', 9],
        ['d', 5],
        ['e', undefined],
        ['f', 3],
      ] as const)
        channel.sendToQueue(name, body(text), priority === undefined ? {} : { priority });
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
      const channel = await client.channel();
      const dead = await queue(channel);
      const graveyard = await exchange(channel, 'direct');
      const name = await queue(channel, { deadLetterExchange: graveyard, ...options });
      await channel.bindQueue(dead, graveyard, name);
      channel.sendToQueue(name, body('m'), { expiration: 60_000, headers: { kept: 'yes' }, messageId: 'id' });
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
      const channel = await client.channel();
      const [work, wait] = [client.name(), client.name()];
      await channel.assertQueue(work, { durable: false, deadLetterExchange: '', deadLetterRoutingKey: wait });
      await channel.assertQueue(wait, {
        durable: false,
        messageTtl: 10,
        deadLetterExchange: '',
        deadLetterRoutingKey: work,
      });
      channel.sendToQueue(work, body('m'));
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
      const circle = client.name();
      await channel.assertQueue(circle, {
        durable: false,
        messageTtl: 10,
        deadLetterExchange: '',
        deadLetterRoutingKey: circle,
      });
      channel.sendToQueue(circle, body('m'));
      await until(async () => (await channel.checkQueue(circle)).messageCount === 0);
    });

    test('a message that came back too often is dead-lettered', async () => {
      const channel = await client.channel();
      const dead = await queue(channel);
      const name = client.name();
      await channel.assertQueue(name, {
        durable: true,
        deadLetterExchange: '',
        deadLetterRoutingKey: dead,
        arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 2 },
      });
      channel.sendToQueue(name, body('poison'));
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
          await client.refusal((on) => on.assertQueue(name, { ...options, arguments: { 'x-queue-type': 'quorum' } })),
        ).toBe(`PRECONDITION_FAILED - invalid property '${what}' for queue '${name}' in vhost '/'`);
    });

    test('answers come without a queue for them', async () => {
      const [asking, answering] = [await client.channel(), await client.channel()];
      const name = await queue(answering);
      await answering.consume(
        name,
        (message) => message && answering.sendToQueue(message.properties.replyTo, body(`re: ${message.content}`)),
        { noAck: true },
      );
      const answers = await consume(asking, 'amq.rabbitmq.reply-to', { noAck: true });
      asking.sendToQueue(name, body('hello'), { replyTo: 'amq.rabbitmq.reply-to' });
      await answers.count(1);
      expect(answers.texts()).toEqual(['re: hello']);
      expect(answers.messages[0]?.fields).toMatchObject({ exchange: '', redelivered: false, deliveryTag: 1 });
    });

    test('rabbitmq-client consumes, publishes, asks, and comes back when it was cut off', async () => {
      const rabbit = new Connection({ hostname: '127.0.0.1', port: subject.port, retryLow: 5, noDelay: true });
      const errors: string[] = [];
      rabbit.on('error', (error) => errors.push(error.code));
      const [name, source] = [client.name(), client.name('exchange')];
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
      const connection = await client.connect();
      const [bad, good] = [await connection.createChannel(), await connection.createChannel()];
      bad.on('error', () => {});
      const name = await queue(good);
      publishAll(bad, name, ['a']);
      const held = await hold(bad, name);
      expect(held.content.toString()).toBe('a');
      await expect(bad.checkQueue('none')).rejects.toThrow('NOT_FOUND');
      // What it had not acknowledged is back.
      const message = await take(good, name);
      expect(message.fields.redelivered).toBe(true);
    });
  });
});

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
