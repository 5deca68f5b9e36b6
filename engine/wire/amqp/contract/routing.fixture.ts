import { expect, test } from 'vitest';
import { bodyOf, type Client, drain, newExchange, newQueue, take } from './client.fixture.ts';

/** Where messages go, and what of them arrives. */
export function routing(client: () => Client): void {
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
    const channel = await client().channel();
    const source = await newExchange(channel, type);
    const queues: string[] = [];
    for (const [key, args] of bindings) {
      const name = await newQueue(channel, { exclusive: true });
      await channel.bindQueue(name, source, key, args);
      queues.push(name);
    }
    for (const [i, [key, headers]] of messages.entries()) channel.publish(source, key, bodyOf(String(i)), { headers });
    const got = await Promise.all(queues.map((name) => drain(channel, name)));
    for (const [i, [, , to]] of messages.entries())
      expect([i, queues.flatMap((_, at) => (got[at]?.includes(String(i)) ? [at] : []))]).toEqual([i, to]);
  });

  test('messages go on through bound exchanges and alternate ones, and to each queue once', async () => {
    const channel = await client().channel();
    const last = await newExchange(channel, 'fanout');
    const first = await newExchange(channel, 'direct', { alternateExchange: last });
    const middle = await newExchange(channel, 'topic');
    const name = await newQueue(channel);
    await channel.bindExchange(middle, first, 'a.b');
    await channel.bindQueue(name, middle, 'a.*');
    await channel.bindQueue(name, first, 'a.b');
    await channel.bindQueue(name, last, '');
    channel.publish(first, 'a.b', bodyOf('bound'));
    channel.publish(first, 'other', bodyOf('alternate'));
    expect(await drain(channel, name)).toEqual(['bound', 'alternate']);
    await channel.unbindExchange(middle, first, 'a.b');
    await channel.unbindQueue(name, first, 'a.b');
    channel.publish(first, 'a.b', bodyOf('unbound'));
    expect(await drain(channel, name)).toEqual(['unbound']);
  });

  test('CC and BCC name further routing keys, of which receivers see the first', async () => {
    const channel = await client().channel();
    const names = [await newQueue(channel), await newQueue(channel), await newQueue(channel)] as [
      string,
      string,
      string,
    ];
    channel.sendToQueue(names[0], bodyOf('m'), { CC: [names[1]], BCC: [names[2]] });
    for (const name of names) {
      const message = await take(channel, name);
      expect(message.fields.routingKey).toBe(names[0]);
      expect(message.properties.headers).toEqual({ CC: [names[1]] });
    }
  });

  test('properties and bodies arrive as they were sent, in frames of any size', async () => {
    const channel = await client().channel();
    const small = await (await client().connect({ frameMax: 4096 })).createChannel();
    const name = await newQueue(channel);
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
    const channel = await client().confirmChannel();
    const events: string[] = [];
    channel.on('return', ({ fields, content }) => {
      events.push(`returned ${Object.values(fields).join(' ')} ${content}`);
    });
    channel.publish('amq.direct', 'nowhere', bodyOf('lost'), { mandatory: true }, (error) =>
      events.push(error ? 'nacked' : 'confirmed'),
    );
    channel.publish('amq.direct', 'nowhere', bodyOf('nobody cares'), {}, () => events.push('confirmed'));
    await channel.waitForConfirms();
    expect(events).toEqual(['returned 312 NO_ROUTE amq.direct nowhere lost', 'confirmed', 'confirmed']);
  });
}
