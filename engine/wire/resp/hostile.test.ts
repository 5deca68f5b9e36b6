import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createDecoder } from './decoder.ts';
import { ProtocolError } from './errors.ts';
import { createServer } from './server.ts';

const limits = { maxBulkBytes: 1000, maxArguments: 50, maxRequestBytes: 5000 };

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** All requests in the bytes, in pieces of the given sizes; ends at the first error. Every other name keeps nothing. */
function decodeInPieces(bytes: Buffer, sizes: readonly number[]): { requests: string[][]; error: string | null } {
  const decoder = createDecoder(limits, (name) => name.length % 2 === 0);
  const requests: string[][] = [];
  let at = 0;
  try {
    for (let i = 0; at < bytes.length; i += 1) {
      const size = sizes[i % sizes.length] as number;
      decoder.push(bytes.subarray(at, at + size));
      at += size;
      for (let request = decoder.next(); request; request = decoder.next()) requests.push(request);
    }
    return { requests, error: null };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { requests, error: error.message };
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const argument = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
/** As clients send them again and again, some in the place of others of their length. */
const usual = fc.constantFrom(
  'GET',
  'PING',
  'queue:1',
  'queue:2',
  'a'.repeat(20),
  `${'a'.repeat(19)}b`,
  'a'.repeat(70),
  '',
);
const requests = fc.array(fc.array(fc.oneof(argument, usual), { minLength: 1, maxLength: 6 }), { maxLength: 10 });
const encoded = (all: string[][]): Buffer =>
  Buffer.from(
    all
      .map((words) => `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`)
      .join(''),
    'latin1',
  );

test('any requests are read as they were written, in whatever pieces they come', () => {
  fc.assert(
    fc.property(requests, sizes, (all, pieces) => {
      expect(decodeInPieces(encoded(all), pieces)).toEqual({ requests: all, error: null });
    }),
    { numRuns: 300 },
  );
});

test('what is read does not depend on the pieces, for bytes that are no requests either', () => {
  const noise = fc
    .array(
      fc.oneof(
        fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
        requests.map(encoded),
        fc
          .constantFrom('*', '$', '\r\n', '*3\r\n', '$-1\r\n', '*99999999\r\n', '$2000\r\n', '"', 'SET a b\r\n')
          .map((text) => Buffer.from(text)),
      ),
      { maxLength: 8 },
    )
    .map((parts) => Buffer.concat(parts));
  fc.assert(
    fc.property(noise, sizes, (bytes, pieces) => {
      expect(decodeInPieces(bytes, pieces)).toEqual(decodeInPieces(bytes, [Math.max(1, bytes.length)]));
    }),
    { numRuns: 1000 },
  );
});

test('a length beyond the limits is refused before its bytes come, one after the other too', () => {
  const errorOf = (text: string): string | null => decodeInPieces(Buffer.from(text), [1000]).error;
  expect(errorOf('*51\r\n')).toContain('invalid multibulk length');
  expect(errorOf('*1\r\n$1001\r\n')).toContain('invalid bulk length');
  const six = `*6\r\n${`$900\r\n${'x'.repeat(900)}\r\n`.repeat(5)}$900\r\n`;
  expect(errorOf(six)).toContain('too big request');
});

test('random bytes from many connections leave a server that serves', async () => {
  const server = createServer({ maxStringBytes: 100_000 });
  const port = await server.listen();
  ends.push(() => server.close());
  const send = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => socket.end(bytes));
      socket.on('data', () => {});
      socket.on('error', () => {});
      socket.on('close', () => resolve());
    });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), (bytes) => send(bytes)),
    { numRuns: 200 },
  );
  expect(await server.execute('SET', 'a', '1')).toMatchObject({ text: 'OK' });
});

test('a client that asks and never reads makes the server hold no more than a bound', async () => {
  const server = createServer();
  const port = await server.listen();
  ends.push(() => server.close());
  await server.execute('SET', 'large', 'x'.repeat(1_000_000));
  const socket = connect({ host: '127.0.0.1', port });
  ends.push(() => socket.destroy());
  socket.pause();
  // 20,000 answers of a megabyte, which nobody takes.
  socket.write('*2\r\n$3\r\nGET\r\n$5\r\nlarge\r\n'.repeat(20_000));
  const { stats } = server.state;
  let before = -1;
  while (stats.netOutBytes > before || stats.netOutBytes === 0) {
    before = stats.netOutBytes;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  // What lies in the buffers of the operating system, and a little in the server's own.
  expect(stats.netOutBytes).toBeLessThan(64_000_000);
  const other = connect({ host: '127.0.0.1', port }, () => other.write('PING\r\n'));
  ends.push(() => other.destroy());
  const [answer] = (await new Promise((resolve) => other.once('data', (chunk) => resolve([chunk])))) as [Buffer];
  expect(answer.toString()).toBe('+PONG\r\n');
});
