import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectResp, type RespClient } from './client.ts';
import { bytesOf } from './entry.ts';
import { RespError } from './errors.ts';
import { createServer, type RespServer } from './server.ts';

let server: RespServer;
let port: number;
let other: RespClient;

beforeAll(async () => {
  server = createServer({ maxStringBytes: 1024 * 1024 });
  port = await server.listen();
  other = await connectResp({ port });
});
afterAll(async () => {
  other.destroy();
  await server.close();
});

const key = fc.constantFrom('a', 'b', 'c', 'd');
const word = fc.oneof(
  { weight: 4, arbitrary: key },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '0',
      '1',
      '-1',
      '2',
      '10',
      '1.5',
      '-inf',
      '(1',
      '[a',
      '+',
      '-',
      '*',
      '$',
      '>',
      '1-1',
      '0-0',
      '',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...'NX XX GT LT CH INCR COUNT MATCH LIMIT WITHSCORES WITHVALUES BYSCORE BYLEX REV MAXLEN MINID ~ = STREAMS GROUP BLOCK FORCE JUSTID MKSTREAM LEFT RIGHT MIN MAX BEFORE AFTER EX PX KEEPTTL GET CREATE DESTROY SETID CREATECONSUMER DELCONSUMER FULL STREAM GROUPS CONSUMERS ENCODING WEIGHTS AGGREGATE SUM REPLACE RANK'.split(
        ' ',
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 20,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '9223372036854775807',
      '-9223372036854775808',
      '99999999999999999999',
      '1e400',
      'nan',
      '0x10',
    ),
  },
);

test('whatever commands come, none is a defect, and what is held is accounted for exactly', async () => {
  // What ends the server's other connections or waits for time is left out.
  const leftOut = [
    'quit',
    'client',
    'reset',
    'config',
    'subscribe',
    'psubscribe',
    'ssubscribe',
    'auth',
    'hello',
    'bgrewriteaof',
  ];
  const names = [...createServer().state.commands.keys()].filter((name) => !leftOut.includes(name));
  const request = fc
    .tuple(fc.constantFrom(...names), fc.array(word, { maxLength: 7 }))
    .map(([name, words]) => [name, ...words]);
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 60 }), async (requests) => {
      const own = createServer({ maxStringBytes: 100_000 });
      for (const args of requests) {
        const reply = own.execute(...args);
        // One that waits for a key waits for ever, and nobody minds.
        const answer = await Promise.race([reply, new Promise((resolve) => setImmediate(resolve, null))]);
        const text = answer instanceof RespError ? answer.message : '';
        expect(text.startsWith('ERR internal error') ? [args, text] : []).toEqual([]);
      }
      const { keyspace } = own.state;
      let [bytes, keys] = [0, 0];
      for (const [, database] of keyspace.databases())
        for (let place = 0; place < database.all.size; place += 1) {
          const entry = database.all.at(place);
          if (!entry) continue;
          keys += 1;
          bytes += bytesOf(entry);
        }
      expect([keyspace.usedBytes, keyspace.keys]).toEqual([bytes, keys]);
      await own.close();
    }),
    { numRuns: 400 },
  );
});

/** Sends bytes in pieces and ends; resolves with what came back. */
const send = (pieces: readonly Buffer[]): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });

const stillServes = async (): Promise<void> => {
  expect(await other.send(['SET', 'alive', 'yes'], ['GET', 'alive'])).toMatchObject([{ text: 'OK' }, 'yes']);
};

test('random bytes, and requests that are cut short or damaged, harm nobody else', async () => {
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const request = fc
    .array(word, { minLength: 1, maxLength: 5 })
    .map((words) =>
      Buffer.from(`*${words.length}\r\n${words.map((each) => `$${each.length}\r\n${each}\r\n`).join('')}`, 'latin1'),
    );
  const cut = fc.tuple(request, fc.nat(60)).map(([bytes, at]) => bytes.subarray(0, at));
  const damaged = fc.tuple(request, fc.nat(60), fc.nat(255)).map(([bytes, at, value]) => {
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = value;
    return copy;
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(noise, request, cut, damaged), { maxLength: 6 }), async (pieces) => {
      await send(pieces);
      await stillServes();
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['a million nested arrays', '*1\r\n'.repeat(1_000_000), "-ERR Protocol error: expected '$', got '*'\r\n"],
  ['an array of two thousand million', '*2000000000\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
  ['a string of a terabyte', '*1\r\n$1099511627776\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
  ['a length with a sign', '*1\r\n$+5\r\nhello\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
  ['a length that overflows', '*1\r\n$99999999999999999999\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
  [
    'a request larger than is allowed',
    `*3\r\n${`$1000000\r\n${'x'.repeat(1_000_000)}\r\n`.repeat(3)}`,
    '-ERR Protocol error: too big request\r\n',
  ],
])('%s is refused, and the connection ends', async (_, bytes, answer) => {
  expect(await send([Buffer.from(bytes, 'latin1')])).toBe(answer);
  await stillServes();
});

test('many arguments that are promised and never come cost nothing', async () => {
  const before = process.memoryUsage().heapUsed;
  const sockets = Array.from({ length: 50 }, () => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    socket.write('*1000000\r\n$3\r\nDEL\r\n$1000000\r\nx');
    return socket;
  });
  await stillServes();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
  for (const socket of sockets) socket.destroy();
});

test('a subscriber that never reads is cut off before it costs more than its bound', async () => {
  const subscriber = connect({ host: '127.0.0.1', port });
  subscriber.on('error', () => {});
  const gone = new Promise((resolve) => subscriber.once('close', resolve));
  subscriber.write('SUBSCRIBE news\r\n');
  await new Promise((resolve) => subscriber.once('data', resolve));
  subscriber.pause();
  const message = 'x'.repeat(500_000);
  let receivers: unknown = 1;
  for (let sent = 0; receivers === 1; sent += 1) {
    expect(sent).toBeLessThan(400);
    [receivers] = await other.send(['PUBLISH', 'news', message]);
  }
  expect(receivers).toBe(0);
  subscriber.resume();
  await gone;
  await stillServes();
});
