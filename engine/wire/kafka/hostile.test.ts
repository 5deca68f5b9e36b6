import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { frameOf, KafkaClient } from './client.ts';
import type { Api } from './protocol/api.ts';
import { apis } from './protocol/apis.ts';
import { errorCodes } from './protocol/errors.ts';
import { crc32c } from './records/crc32c.ts';
import { batchOf } from './records/record.ts';
import { createServer, type KafkaServer } from './server.ts';

let server: KafkaServer;
let port: number;
let other: KafkaClient;

beforeAll(async () => {
  server = createServer({ maxRequestBytes: 1024 * 1024, maxHeldBytes: 16 * 1024 * 1024 });
  port = await server.listen();
  server.createTopic({ name: 't', partitions: 2 });
  other = new KafkaClient(port);
});
afterAll(async () => {
  other.close();
  await server.close();
});

const records = (value: Buffer): Buffer => batchOf([{ key: Buffer.from('k'), value }], Date.now());

const produceTo = (client: KafkaClient, value: Buffer) =>
  client.send(apis.produce, 9, {
    acks: 1,
    timeoutMs: 1000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records: records(value) }] }],
  });

const stillServes = async (): Promise<void> => {
  const { responses } = await produceTo(other, Buffer.from('alive'));
  expect(responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
};

/** Sends bytes in pieces and ends; resolves when the connection is over. */
const send = (pieces: readonly Uint8Array[]): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
    socket.on('data', () => {});
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });

const framed = (body: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
};

const header = (key: number, version: number): Buffer => {
  const bytes = Buffer.alloc(10);
  bytes.writeInt16BE(key, 0);
  bytes.writeInt16BE(version, 2);
  bytes.writeInt16BE(-1, 8);
  return bytes;
};

test('random bytes, and requests that are cut short or damaged, harm nobody else', async () => {
  const all = Object.values(apis).map((each) => each as unknown as Api);
  const noise = fc.uint8Array({ maxLength: 200 });
  const request = fc
    .constantFrom(...all)
    .chain((api) => fc.tuple(fc.constant(api), fc.integer({ min: api.versions[0], max: api.versions[1] })));
  // A known request with noise as its body.
  const nonsense = fc
    .tuple(request, noise)
    .map(([[api, version], body]) => framed(Buffer.concat([header(api.key, version), body])));
  const plain = request.map(([api, version]) => frameOf(api as never, version, {} as never));
  const damaged = fc.tuple(plain, fc.nat(60), fc.nat(255)).map(([bytes, at, value]) => {
    const copy = Buffer.from(bytes);
    copy[4 + (at % (copy.length - 4))] = value;
    return copy;
  });
  const cut = fc.tuple(plain, fc.nat(60)).map(([bytes, at]) => bytes.subarray(0, at));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(noise, noise.map(framed), nonsense, damaged, cut), { maxLength: 6 }),
      async (pieces) => {
        await send(pieces);
        await stillServes();
      },
    ),
    { numRuns: 200 },
  );
});

test('records of any kind are stored or refused, and what is stored is read again', async () => {
  const own = new KafkaClient(port);
  const batch = records(Buffer.from('value'));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc.array(fc.tuple(fc.nat(batch.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }).map((changes) => {
          const copy = Buffer.from(batch);
          for (const [at, value] of changes) copy[at] = value;
          return copy;
        }),
        // With the right CRC: the header itself is a lie.
        fc
          .array(fc.tuple(fc.integer({ min: 21, max: batch.length - 1 }), fc.nat(255)), { minLength: 1, maxLength: 3 })
          .map((changes) => {
            const copy = Buffer.from(batch);
            for (const [at, value] of changes) copy[at] = value;
            return resealed(copy);
          }),
      ),
      async (bytes) => {
        const { responses } = await own.send(apis.produce, 9, {
          acks: 1,
          timeoutMs: 1000,
          topicData: [{ name: 't', partitionData: [{ index: 1, records: bytes }] }],
        });
        expect(responses[0]?.partitionResponses[0]?.errorCode).not.toBe(errorCodes.UNKNOWN_SERVER_ERROR);
        const { topics } = await own.send(apis.listOffsets, 7, {
          replicaId: -1,
          isolationLevel: 0,
          topics: [
            {
              name: 't',
              partitions: [
                { partitionIndex: 1, timestamp: 5 },
                { partitionIndex: 1, timestamp: -3 },
              ],
            },
          ],
        });
        expect(topics[0]?.partitions).toHaveLength(2);
      },
    ),
    { numRuns: 400 },
  );
  own.close();
});

/** With the CRC that its bytes have. */
function resealed(bytes: Buffer): Buffer {
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

test.each([
  ['a frame of two gigabytes', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
  ['a frame of less than nothing', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ['a frame of nothing', Buffer.from([0, 0, 0, 0])],
  ['an array of two thousand million', framed(Buffer.concat([header(3, 8), Buffer.from([0x77, 0x35, 0x94, 0])]))],
  [
    'a compact array of four thousand million',
    framed(Buffer.concat([header(3, 9), Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 0x0f])])),
  ],
  ['a varint without end', framed(Buffer.concat([header(3, 9), Buffer.alloc(100, 0xff)]))],
  ['tags without end', framed(Buffer.concat([header(18, 3), Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f])]))],
  ['a string that is longer than its frame', framed(Buffer.concat([header(12, 0), Buffer.from([0x7f, 0xff, 0x61])]))],
  [
    'a million topics of nothing',
    framed(Buffer.concat([header(3, 8), Buffer.from([0, 4, 0, 0]), Buffer.alloc(600_000)])),
  ],
])('%s ends the connection', async (_, bytes) => {
  const socket = connect({ host: '127.0.0.1', port });
  const gone = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  socket.write(bytes);
  await gone;
  await stillServes();
});

test('a client that sends byte by byte is served like any other', async () => {
  const slow = new KafkaClient(port);
  const whole = frameOf(apis.produce, 9, {
    ...{ acks: 1, timeoutMs: 1000 },
    topicData: [{ name: 't', partitionData: [{ index: 0, records: records(Buffer.from('slow')) }] }],
  });
  const answer = slow.nextFrame();
  for (const byte of whole) {
    slow.socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await answer).length).toBeGreaterThan(20);
  await stillServes();
  slow.close();
});

test('requests that are promised and never come end where all together are too much', async () => {
  let ended = 0;
  const sockets = Array.from({ length: 40 }, () => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    socket.on('close', () => {
      ended += 1;
    });
    const length = Buffer.alloc(4);
    length.writeInt32BE(1024 * 1024);
    socket.write(Buffer.concat([length, Buffer.alloc(1_000_000)]));
    return socket;
  });
  while (ended < 24) await new Promise((resolve) => setTimeout(resolve, 5));
  await stillServes();
  for (const socket of sockets) socket.destroy();
});

test('a client that asks and never reads makes the server hold no more than a bound', async () => {
  for (let i = 0; i < 20; i += 1) await produceTo(other, Buffer.alloc(900_000));
  const ask = frameOf(apis.fetch, 11, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 50_000_000,
    isolationLevel: 0,
    sessionId: 0,
    rackId: '',
    topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 50_000_000 }] }],
  });
  const before = process.memoryUsage().arrayBuffers;
  const sockets: Socket[] = [];
  for (let i = 0; i < 20; i += 1) {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    socket.pause();
    socket.write(Buffer.concat(Array.from({ length: 200 }, () => ask)));
    sockets.push(socket);
  }
  let [last, rounds] = [-1, 0];
  const sent = (): number => server.admin.partitions()[0]?.bytesOut ?? 0;
  while (sent() > last || rounds < 3) {
    last = sent();
    rounds += 1;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // Of 4000 answers of 16 MB: what lies in the buffers of the operating system, and the bound.
  expect(sent()).toBeLessThan(200_000_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
  await stillServes();
  for (const socket of sockets) socket.destroy();
});
