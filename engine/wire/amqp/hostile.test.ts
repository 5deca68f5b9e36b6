import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from './contract/client.fixture.ts';
import { methodTable } from './protocol/method-table.ts';
import { type MethodName, methodOf } from './protocol/methods.ts';
import { contentOf, frameOf, PROTOCOL_HEADER, RawClient, rawFrame } from './raw-client.fixture.ts';
import { type AmqpServer, createServer } from './server.ts';

let server: AmqpServer;
let port: number;
let client: Client;
let other: Awaited<ReturnType<Client['confirmChannel']>>;
const defects: unknown[] = [];

beforeAll(async () => {
  server = createServer({ maxMessageBytes: 4_000_000, onDefect: (error) => defects.push(error) });
  port = await server.listen();
  client = new Client(port);
  other = await client.confirmChannel();
  await other.assertQueue('alive');
});
afterAll(async () => {
  await client.close();
  await server.close();
});

/** Another client notices nothing, and nothing was an error of the server's own. */
const stillServes = async (): Promise<void> => {
  other.sendToQueue('alive', Buffer.from('yes'));
  await other.waitForConfirms();
  const message = await other.get('alive', { noAck: true });
  expect(message ? message.content.toString() : null).toBe('yes');
  expect(defects).toEqual([]);
};

const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const name = fc.constantFrom(
  '',
  'a',
  'b',
  'amq.direct',
  'amq.topic',
  'amq.headers',
  'amq.fanout',
  'amq.rabbitmq.reply-to',
);
const arbitraries: Record<string, fc.Arbitrary<unknown>> = {
  octet: fc.nat(255),
  short: fc.constantFrom(0, 1, 2, 65_535),
  long: fc.constantFrom(0, 0, 1, 4_294_967_295),
  longlong: fc.oneof(fc.nat(6), fc.constantFrom(2 ** 53, 2 ** 63)),
  bit: fc.boolean(),
  name,
  text: name,
  longstr: fc.constantFrom('', '\0guest\0guest', 'x'),
  table: fc.array(
    fc.tuple(
      fc.constantFrom(
        'x-message-ttl',
        'x-max-length',
        'x-max-priority',
        'x-dead-letter-exchange',
        'x-match',
        'x-expires',
        'k',
      ),
      fc.oneof(
        fc.record({ type: fc.constant('signedint'), value: fc.constantFrom(-1, 0, 1, 5, 1000) }),
        fc.record({ type: fc.constant('longstr'), value: fc.constantFrom('', 'amq.fanout', 'any') }),
        fc.record({ type: fc.constant('void'), value: fc.constant(undefined) }),
      ),
    ),
    { maxLength: 3 },
  ),
};

/** Any method with arguments that make sense often enough; with its content, where it has one. */
const methods = fc
  .constantFrom(...(Object.keys(methodTable) as MethodName[]).filter((each) => !each.startsWith('connection.')))
  .chain((method) =>
    fc
      .tuple(
        fc.record(
          Object.fromEntries(
            methodOf(method)
              .args.filter(({ isReserved }) => !isReserved)
              .map((arg) => [arg.name, arbitraries[arg.domain] as fc.Arbitrary<unknown>]),
          ),
        ),
        fc.constantFrom(1, 1, 1, 2),
        fc.nat(40),
      )
      .map(([args, channel, size]) => {
        const frame = frameOf(channel, method, args as never);
        if (method !== 'basic.publish') return frame;
        const properties = Buffer.from([0x18, 0, (size % 2) + 1, size % 10]);
        return Buffer.concat([frame, contentOf(channel, Buffer.alloc(size), properties)]);
      }),
  );
const opening = fc.constantFrom(
  frameOf(1, 'channel.open', {}),
  frameOf(2, 'channel.open', {}),
  frameOf(1, 'channel.close-ok', {}),
);

test('whatever methods come, in whatever order, none is a defect of the server', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 6, arbitrary: methods }, opening), { maxLength: 30 }),
      async (frames) => {
        const raw = await new RawClient(port).open();
        raw.send(Buffer.concat(frames));
        raw.socket.end();
        await raw.closed;
        expect(defects).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
  await stillServes();
});

test('random bytes, and frames that are cut short or damaged, harm nobody else', async () => {
  const cut = fc.tuple(methods, fc.nat(60)).map(([bytes, at]) => bytes.subarray(0, at));
  const damaged = fc.tuple(methods, fc.nat(80), fc.nat(255)).map(([bytes, at, value]) => {
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = value;
    return copy;
  });
  const anyFrame = fc
    .tuple(fc.nat(9), fc.nat(3), noise, fc.constantFrom(0xce, 0xce, 0xce, 0))
    .map(([type, channel, payload, end]) => rawFrame(type, channel, payload, end));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(noise, methods, cut, damaged, anyFrame), { maxLength: 6 }),
      fc.constantFrom('nothing', 'header', 'channel'),
      async (pieces, stage) => {
        const raw = new RawClient(port);
        if (stage === 'header') raw.send(PROTOCOL_HEADER);
        if (stage === 'channel') await raw.open();
        raw.send(...pieces);
        raw.socket.end();
        await raw.closed;
        expect(defects).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
  await stillServes();
});

const long = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** The content header of a message whose headers are what is given. */
const headersFrame = (table: Buffer): Buffer => {
  const header = Buffer.from([0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0]);
  return rawFrame(2, 1, Buffer.concat([header, table]));
};
const publishing = frameOf(1, 'basic.publish', {
  exchange: '',
  routingKey: 'alive',
  mandatory: false,
  immediate: false,
});

test.each<[what: string, frames: Buffer[], code: number | null]>([
  ['a frame longer than was agreed on', [Buffer.from([1, 0, 1, 0, 2, 0, 1])], 501],
  ['a frame of four gigabytes', [Buffer.from([3, 0, 1, 0xff, 0xff, 0xff, 0xff])], 501],
  ['a frame without its end', [rawFrame(1, 1, Buffer.from([0, 60, 0, 80]), 0)], 501],
  ['a frame of no known type', [rawFrame(7, 1, Buffer.from('x'))], 501],
  ['a heartbeat on a channel', [rawFrame(8, 1, Buffer.alloc(0))], 505],
  ['a method without its name', [rawFrame(1, 1, Buffer.from([0]))], 501],
  ['a method that nobody knows', [rawFrame(1, 1, Buffer.from([0, 60, 0, 99]))], 503],
  [
    'a method that only servers send',
    [frameOf(1, 'queue.declare-ok', { queue: 'a', messageCount: 1, consumerCount: 1 })],
    503,
  ],
  [
    'a method of a channel that is not open',
    [frameOf(9, 'basic.qos', { prefetchSize: 0, prefetchCount: 1, global: false })],
    504,
  ],
  ['a channel that is opened twice', [frameOf(1, 'channel.open', {})], 504],
  ['a body without a method', [rawFrame(3, 1, Buffer.from('x'))], 505],
  [
    'a header of another class',
    [publishing, rawFrame(2, 1, Buffer.from([0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))],
    505,
  ],
  [
    'a body longer than its header said',
    [publishing, contentOf(1, Buffer.alloc(0)).subarray(0, 0), headerOf(1), rawFrame(3, 1, Buffer.from('xx'))],
    505,
  ],
  [
    'a body that is beyond any number',
    [publishing, rawFrame(2, 1, Buffer.from([0, 60, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0]))],
    541,
  ],
  ['headers that promise four gigabytes', [publishing, headersFrame(long(4_294_967_295))], 541],
  [
    'a string that promises more than its table',
    [publishing, headersFrame(Buffer.concat([long(8), Buffer.from('\x01kS'), long(5000)]))],
    541,
  ],
  ['a field of no known type', [publishing, headersFrame(Buffer.concat([long(3), Buffer.from('\x01k?')]))], 541],
  [
    'arguments with a length beyond their frame',
    [rawFrame(1, 1, Buffer.concat([Buffer.from([0, 50, 0, 10, 0, 0, 1, 97, 0]), long(999_999)]))],
    501,
  ],
])('%s ends the connection as it should', async (_, frames, code) => {
  const raw = await new RawClient(port).open();
  raw.send(...frames);
  expect((await raw.method('connection.close'))?.replyCode ?? null).toBe(code);
  raw.send(frameOf(0, 'connection.close-ok', {}));
  await raw.closed;
  await stillServes();
});

/** A content header that announces so many bytes. */
function headerOf(bytes: number): Buffer {
  return rawFrame(2, 1, Buffer.concat([Buffer.from([0, 60, 0, 0, 0, 0, 0, 0]), long(bytes), Buffer.from([0, 0])]));
}

test('tables as deep within each other as a frame has room for are refused, in headers and in arguments', async () => {
  let nested = Buffer.alloc(0);
  const levels: Buffer[] = [];
  for (let depth = 0; depth < 18_000; depth += 1) {
    levels.push(Buffer.concat([Buffer.from('\x01xF'), long(depth * 7)]));
  }
  nested = Buffer.concat(levels.reverse());
  const table = Buffer.concat([long(nested.length), nested]);
  for (const [frames, code] of [
    [[publishing, headersFrame(table)], 541],
    [[rawFrame(1, 1, Buffer.concat([Buffer.from([0, 50, 0, 10, 0, 0, 1, 97, 0]), table]))], 501],
  ] as const) {
    const raw = await new RawClient(port).open();
    raw.send(...frames);
    expect((await raw.method('connection.close'))?.replyCode).toBe(code);
    raw.destroy();
  }
  await stillServes();
});

test('a message beyond the limit is refused before it comes, and one that is promised and does not come costs nothing', async () => {
  const raw = await new RawClient(port).open();
  raw.send(publishing, headerOf(4_000_001));
  expect(await raw.method('channel.close')).toMatchObject({
    replyCode: 406,
    replyText: 'PRECONDITION_FAILED - message size 4000001 is larger than configured max size 4000000',
    classId: 60,
    methodId: 40,
  });
  raw.destroy();
  const before = server.heldBytes;
  const many = await Promise.all(Array.from({ length: 20 }, () => new RawClient(port).open()));
  for (const each of many) each.send(publishing, headerOf(4_000_000), rawFrame(3, 1, Buffer.alloc(10)));
  await stillServes();
  expect(server.heldBytes - before).toBeLessThan(20 * 70_000);
  for (const each of many) each.destroy();
  await Promise.all(many.map(({ closed }) => closed));
  while (server.connections().length > 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(server.heldBytes).toBe(before);
});

test('a client that sends byte by byte is served like any other', async () => {
  const raw = new RawClient(port);
  const all = Buffer.concat([
    PROTOCOL_HEADER,
    frameOf(0, 'connection.start-ok', {
      clientProperties: [],
      mechanism: 'PLAIN',
      response: '\0guest\0guest',
      locale: 'en_US',
    }),
    frameOf(0, 'connection.tune-ok', { channelMax: 1, frameMax: 4096, heartbeat: 0 }),
    frameOf(0, 'connection.open', { virtualHost: '/' }),
    frameOf(1, 'channel.open', {}),
    frameOf(1, 'queue.declare', {
      queue: 'slow',
      passive: false,
      durable: false,
      exclusive: true,
      autoDelete: false,
      noWait: false,
      arguments: [],
    }),
  ]);
  for (const byte of all) {
    raw.send(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await raw.method('queue.declare-ok')).toEqual({ queue: 'slow', messageCount: 0, consumerCount: 0 });
  raw.destroy();
});

test('clients that never read make the server hold no more than a bound', async () => {
  const own = createServer();
  const ownPort = await own.listen();
  const stock = new Client(ownPort);
  const publisher = await stock.confirmChannel();
  await publisher.assertQueue('large');
  const body = Buffer.alloc(500_000);
  for (let n = 0; n < 60; n += 1) publisher.sendToQueue('large', body);
  await publisher.waitForConfirms();
  const consumer = await new RawClient(ownPort).open();
  consumer.socket.pause();
  consumer.send(
    frameOf(1, 'basic.consume', {
      queue: 'large',
      consumerTag: 'c',
      noLocal: false,
      noAck: true,
      exclusive: false,
      noWait: true,
      arguments: [],
    }),
  );
  const getter = await new RawClient(ownPort).open();
  getter.socket.pause();
  getter.send(
    Buffer.concat(
      Array.from({ length: 100_000 }, () =>
        frameOf(1, 'queue.declare', {
          queue: 'large',
          passive: true,
          durable: false,
          exclusive: false,
          autoDelete: false,
          noWait: false,
          arguments: [],
        }),
      ),
    ),
  );
  const sent = (): number => own.connections().reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  for (let before = -1; sent() > before; ) {
    before = sent();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // What lies in the buffers of the operating system, and a little in the server's own.
  expect(own.queues()[0]?.ready).toBeGreaterThan(30);
  expect(sent()).toBeLessThan(24_000_000);
  // Who reads again gets all that is left.
  consumer.socket.resume();
  while ((own.queues()[0]?.ready ?? 0) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  consumer.destroy();
  getter.destroy();
  await stock.close();
  await own.close();
});

test('publishers beyond the memory limit wait until there is room, and others do not', async () => {
  const own = createServer({ maxHeldBytes: 1_000_000 });
  const ownPort = await own.listen();
  const stock = new Client(ownPort);
  const [sender, receiver] = [await stock.connect(), await stock.channel()];
  const events: string[] = [];
  sender.on('blocked', (reason) => events.push(`blocked: ${reason}`));
  sender.on('unblocked', () => events.push('unblocked'));
  const publisher = await sender.createConfirmChannel();
  await publisher.assertQueue('full');
  let confirmed = 0;
  for (let n = 0; n < 100; n += 1)
    publisher.sendToQueue('full', Buffer.alloc(50_000), {}, () => {
      confirmed += 1;
    });
  while (events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(events).toEqual(['blocked: low on memory']);
  expect(own.heldBytes).toBeLessThan(1_200_000);
  await receiver.consume('full', () => {}, { noAck: true });
  await publisher.waitForConfirms();
  expect(confirmed).toBe(100);
  expect(events.slice(0, 2)).toEqual(['blocked: low on memory', 'unblocked']);
  await stock.close();
  await own.close();
});
