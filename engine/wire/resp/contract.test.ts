import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectResp, type RespClient } from './client.ts';
import { type Subject, subjects, written } from './contract.fixture.ts';
import recorded from './contract.recorded.json' with { type: 'json' };
import resp3 from './contract.resp3.json' with { type: 'json' };
import { type Reply, Status } from './reply.ts';

/* What the server answers, held against redis-server too wherever there is one: both must say the same. */

type Exchange = [command: string[], answer: unknown];

/** As a test writes it: `+OK` a status, `-ERR …` an error, anything else as it is. */
const scripts: Record<string, Exchange[]> = {
  'strings are set and read': [
    [['SET', 'a', 'one'], '+OK'],
    [['GET', 'a'], 'one'],
    [['get', 'a'], 'one'],
    [['GET', 'none'], null],
    [['SET', 'a', 'two', 'NX'], null],
    [['SET', 'b', 'two', 'NX'], '+OK'],
    [['SET', 'none', 'x', 'XX'], null],
    [['SET', 'a', 'three', 'XX', 'GET'], 'one'],
    [['SET', 'c', 'x', 'GET'], null],
    [['SET', 'a', 'four', 'NX', 'GET'], 'three'],
    [['GET', 'a'], 'three'],
    [['SET', 'a', 'x', 'NX', 'XX'], '-ERR syntax error'],
    [['SET', 'a', 'x', 'EX'], '-ERR syntax error'],
    [['SET', 'a', 'x', 'EX', '1', 'PX', '1'], '-ERR syntax error'],
    [['SET', 'a', 'x', 'EX', '1', 'KEEPTTL'], '-ERR syntax error'],
    [['SET', 'a', 'x', 'WHAT'], '-ERR syntax error'],
    [['SET', 'a', 'x', 'EX', 'ten'], '-ERR value is not an integer or out of range'],
    [['SET', 'a', 'x', 'EX', '0'], "-ERR invalid expire time in 'set' command"],
    [['SET', 'a', 'x', 'PX', '-1'], "-ERR invalid expire time in 'set' command"],
    [['GETSET', 'a', 'five'], 'three'],
    [['GETDEL', 'a'], 'five'],
    [['GETDEL', 'a'], null],
    [['SETNX', 'a', '1'], 1],
    [['SETNX', 'a', '2'], 0],
    [['MSET', 'a', '1', 'b', '2'], '+OK'],
    [['MSET', 'a', '1', 'b'], "-ERR wrong number of arguments for 'mset' command"],
    [
      ['MGET', 'a', 'none', 'b'],
      ['1', null, '2'],
    ],
    [['MSETNX', 'd', '1', 'a', '9'], 0],
    [['EXISTS', 'd'], 0],
    [['MSETNX', 'd', '1', 'e', '2'], 1],
    [['SETEX', 'a', '0', 'x'], "-ERR invalid expire time in 'setex' command"],
    [['PSETEX', 'a', '1000', 'x'], '+OK'],
    [['GET'], "-ERR wrong number of arguments for 'get' command"],
    [['SET', 'a'], "-ERR wrong number of arguments for 'set' command"],
    [['NOPE', 'a', 'b'], "-ERR unknown command 'NOPE', with args beginning with: 'a' 'b' "],
    [['NOPE'], "-ERR unknown command 'NOPE', with args beginning with: "],
  ],
  'parts of strings': [
    [['APPEND', 'a', 'Hello'], 5],
    [['APPEND', 'a', ' World'], 11],
    [['STRLEN', 'a'], 11],
    [['STRLEN', 'none'], 0],
    [['GETRANGE', 'a', '0', '4'], 'Hello'],
    [['GETRANGE', 'a', '-5', '-1'], 'World'],
    [['GETRANGE', 'a', '-1', '-5'], ''],
    [['GETRANGE', 'a', '6', '100'], 'World'],
    [['GETRANGE', 'a', '-100', '2'], 'Hel'],
    [['GETRANGE', 'a', '5', '2'], ''],
    [['GETRANGE', 'a', 'x', '2'], '-ERR value is not an integer or out of range'],
    [['SUBSTR', 'a', '0', '0'], 'H'],
    [['SETRANGE', 'a', '6', 'Redis'], 11],
    [['GET', 'a'], 'Hello Redis'],
    [['SETRANGE', 'new', '3', 'x'], 4],
    [['GET', 'new'], '\0\0\0x'],
    [['SETRANGE', 'a', '-1', 'x'], '-ERR offset is out of range'],
    [['SETRANGE', 'none', '5', ''], 0],
    [['EXISTS', 'none'], 0],
    [['SETRANGE', 'a', '999999999', 'x'], '-ERR string exceeds maximum allowed size (proto-max-bulk-len)'],
  ],
  'numbers count': [
    [['INCR', 'n'], 1],
    [['INCRBY', 'n', '41'], 42],
    [['DECR', 'n'], 41],
    [['DECRBY', 'n', '50'], -9],
    [['GET', 'n'], '-9'],
    [['INCRBY', 'n', '1.5'], '-ERR value is not an integer or out of range'],
    [['INCRBY', 'n', '01'], '-ERR value is not an integer or out of range'],
    [['INCRBY', 'n', ' 1'], '-ERR value is not an integer or out of range'],
    [['SET', 's', 'text'], '+OK'],
    [['INCR', 's'], '-ERR value is not an integer or out of range'],
    [['SET', 'n', '9223372036854775806'], '+OK'],
    // As near as a number of JavaScript comes to 9223372036854775807.
    [['INCR', 'n'], 2 ** 63],
    [['INCR', 'n'], '-ERR increment or decrement would overflow'],
    [['GET', 'n'], '9223372036854775807'],
    [['SET', 'n', '9223372036854775808'], '+OK'],
    [['INCR', 'n'], '-ERR value is not an integer or out of range'],
    [['DECRBY', 'n', '-9223372036854775808'], '-ERR decrement would overflow'],
    [['SET', 'f', '10.50'], '+OK'],
    [['INCRBYFLOAT', 'f', '0.1'], '10.6'],
    [['INCRBYFLOAT', 'f', '-5'], '5.6'],
    [['SET', 'f', '5.0e3'], '+OK'],
    [['INCRBYFLOAT', 'f', '2.0e2'], '5200'],
    [['INCRBYFLOAT', 'g', '3.0'], '3'],
    [['INCRBYFLOAT', 'f', 'abc'], '-ERR value is not a valid float'],
    [['INCRBYFLOAT', 's', '1'], '-ERR value is not a valid float'],
  ],
  'keys come and go': [
    [['MSET', 'a', '1', 'b', '2', 'c', '3'], '+OK'],
    [['DEL', 'a', 'none', 'b'], 2],
    [['UNLINK', 'c', 'c'], 1],
    [['DBSIZE'], 0],
    [['MSET', 'user:1', 'x', 'user:2', 'y', 'order:1', 'z'], '+OK'],
    [['EXISTS', 'user:1', 'user:1', 'none'], 2],
    [['TOUCH', 'user:1', 'none'], 1],
    [['TYPE', 'user:1'], '+string'],
    [['TYPE', 'none'], '+none'],
    [['KEYS', 'order:*'], ['order:1']],
    [['KEYS', 'user:[^1]'], ['user:2']],
    [['KEYS', 'u?er:[2-9]'], ['user:2']],
    [['KEYS', 'nothing*'], []],
    [['RENAME', 'none', 'x'], '-ERR no such key'],
    [['RENAME', 'user:1', 'user:3'], '+OK'],
    [['GET', 'user:3'], 'x'],
    [['RENAMENX', 'user:3', 'user:2'], 0],
    [['RENAMENX', 'user:3', 'user:4'], 1],
    [['RENAMENX', 'none', 'a'], '-ERR no such key'],
    [['RENAME', 'user:4', 'user:4'], '+OK'],
    [
      ['SCAN', '0', 'MATCH', 'order:*', 'COUNT', '100'],
      ['0', ['order:1']],
    ],
    [
      ['SCAN', '0', 'TYPE', 'list', 'COUNT', '100'],
      ['0', []],
    ],
    [['SCAN', 'x'], '-ERR invalid cursor'],
    [['SCAN', '0', 'COUNT', '0'], '-ERR syntax error'],
    [['SCAN', '0', 'COUNT', 'x'], '-ERR value is not an integer or out of range'],
    [['SCAN', '0', 'COUNT'], '-ERR syntax error'],
    [['DBSIZE'], 3],
    [['SELECT', '1'], '+OK'],
    [['DBSIZE'], 0],
    [['RANDOMKEY'], null],
    [['SET', 'only', '1'], '+OK'],
    [['RANDOMKEY'], 'only'],
    [['SELECT', '16'], '-ERR DB index is out of range'],
    [['SELECT', 'x'], '-ERR value is not an integer or out of range'],
    [['FLUSHDB'], '+OK'],
    [['SELECT', '0'], '+OK'],
    [['DBSIZE'], 3],
    [['FLUSHALL', 'ASYNC'], '+OK'],
    [['FLUSHALL', 'WHAT'], '-ERR syntax error'],
    [['DBSIZE'], 0],
  ],
  'keys expire': [
    [['SET', 'a', 'x'], '+OK'],
    [['TTL', 'a'], -1],
    [['PTTL', 'none'], -2],
    [['EXPIRE', 'a', '100'], 1],
    [['TTL', 'a'], 100],
    [['EXPIRE', 'none', '100'], 0],
    [['EXPIRE', 'a', '200', 'NX'], 0],
    [['EXPIRE', 'a', '200', 'GT'], 1],
    [['EXPIRE', 'a', '100', 'GT'], 0],
    [['EXPIRE', 'a', '50', 'LT'], 1],
    [['EXPIRE', 'a', '60', 'XX'], 1],
    [['TTL', 'a'], 60],
    [['EXPIRE', 'a', '1', 'NX', 'XX'], '-ERR NX and XX, GT or LT options at the same time are not compatible'],
    [['EXPIRE', 'a', '1', 'GT', 'LT'], '-ERR GT and LT options at the same time are not compatible'],
    [['EXPIRE', 'a', '1', 'OOPS'], '-ERR Unsupported option OOPS'],
    [['EXPIRE', 'a', 'x'], '-ERR value is not an integer or out of range'],
    [['PERSIST', 'a'], 1],
    [['PERSIST', 'a'], 0],
    [['TTL', 'a'], -1],
    [['EXPIREAT', 'a', '33177117420'], 1],
    [['EXPIRETIME', 'a'], 33177117420],
    [['PEXPIRETIME', 'a'], 33177117420000],
    [['PEXPIREAT', 'a', '33177117420123'], 1],
    [['EXPIRETIME', 'a'], 33177117420],
    [['GETEX', 'a', 'PERSIST'], 'x'],
    [['EXPIRETIME', 'a'], -1],
    [['GETEX', 'a', 'EX', '100'], 'x'],
    [['TTL', 'a'], 100],
    [['GETEX', 'none', 'EX', '1'], null],
    [['GETEX', 'a', 'EX', '0'], "-ERR invalid expire time in 'getex' command"],
    [['SET', 'a', 'y', 'KEEPTTL'], '+OK'],
    [['TTL', 'a'], 100],
    [['SET', 'a', 'z'], '+OK'],
    [['TTL', 'a'], -1],
    [['SETEX', 'a', '100', 'z'], '+OK'],
    [['APPEND', 'a', '!'], 2],
    [['TTL', 'a'], 100],
    [['RENAME', 'a', 'b'], '+OK'],
    [['TTL', 'b'], 100],
    [['EXPIRE', 'b', '-1'], 1],
    [['EXISTS', 'b'], 0],
    [['SET', 'a', 'x', 'PXAT', '1'], '+OK'],
    [['GET', 'a'], null],
  ],
  'connections talk about themselves': [
    [['PING'], '+PONG'],
    [['PING', 'hi'], 'hi'],
    [['PING', 'a', 'b'], "-ERR wrong number of arguments for 'ping' command"],
    [['ECHO', 'hi'], 'hi'],
    [['CLIENT', 'GETNAME'], null],
    [['CLIENT', 'SETNAME', 'me'], '+OK'],
    [['CLIENT', 'GETNAME'], 'me'],
    [['CLIENT', 'SETNAME', 'a b'], '-ERR Client names cannot contain spaces, newlines or special characters.'],
    [['CLIENT', 'NOPE'], "-ERR unknown subcommand 'NOPE'. Try CLIENT HELP."],
    [
      ['CONFIG', 'GET', 'maxmemory'],
      ['maxmemory', '0'],
    ],
    [['CONFIG', 'SET', 'maxmemory', '100mb'], '+OK'],
    [
      ['CONFIG', 'GET', 'maxmemory'],
      ['maxmemory', '104857600'],
    ],
    [['CONFIG', 'SET', 'maxmemory', '0'], '+OK'],
    [
      ['CONFIG', 'SET', 'maxmemory', 'lots'],
      "-ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value",
    ],
    [['CONFIG', 'SET', 'no-such', '1'], "-ERR Unknown option or number of arguments for CONFIG SET - 'no-such'"],
    [['CONFIG', 'GET', 'no-such'], []],
    [['COMMAND', 'COUNT', 'x'], "-ERR wrong number of arguments for 'command|count' command"],
    [['COMMAND', 'NOPE'], "-ERR unknown subcommand 'NOPE'. Try COMMAND HELP."],
    [
      ['CONFIG', 'SET', 'maxmemory-policy', 'fair'],
      "-ERR CONFIG SET failed (possibly related to argument 'maxmemory-policy') - argument(s) must be one of the following: volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction",
    ],
    [['INFO', 'cluster'], '# Cluster\r\ncluster_enabled:0\r\n'],
    [
      ['AUTH', 'x'],
      '-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    ],
    [['AUTH', 'nobody', 'x'], '-WRONGPASS invalid username-password pair or user is disabled.'],
    [['HELLO', '9'], '-NOPROTO unsupported protocol version'],
    [['HELLO', 'x'], '-ERR Protocol version is not an integer or out of range'],
    [['RESET'], '+RESET'],
  ],
};

describe.each(subjects)('%s', (_name, start, missing) => {
  let subject: Subject;
  let client: RespClient;

  beforeAll(async () => {
    if (!missing) subject = await start();
  });
  afterAll(() => subject?.stop());
  beforeEach(async (context) => {
    context.skip(missing !== null, missing ?? '');
    client = await connectResp({ port: subject.port });
    await client.send(['FLUSHALL']);
    return () => client.destroy();
  });

  test.each(Object.entries(scripts))('%s', async (_, exchanges) => {
    for (const [command, answer] of exchanges)
      expect([command, written((await client.send(command))[0] as Reply)]).toEqual([command, answer]);
  });

  // What redis-server 7.0.15 has answered, written down; words are separated by blanks.
  test.each(Object.entries(recorded))('%s, as recorded', async (_, exchanges) => {
    for (const [line, answer] of exchanges as [string, unknown][]) {
      const command = line.split(' ').map((word) => (word === '""' ? '' : word));
      expect([line, written((await client.send(command))[0] as Reply)]).toEqual([line, answer]);
    }
  });

  // The bytes of RESP3 that redis-server 7.0.15 has answered with.
  test.each(Object.entries(resp3))('%s in RESP3, as recorded', async (_, exchanges) => {
    const socket = connect({ host: '127.0.0.1', port: subject.port });
    let [answer, look] = ['', (): void => {}];
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
      look();
    });
    const end = `$40\r\n${'-'.repeat(40)}\r\n`;
    const ask = async (words: readonly string[]): Promise<string> => {
      answer = '';
      const request = [words, ['ECHO', '-'.repeat(40)]]
        .map((each) => `*${each.length}\r\n${each.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`)
        .join('');
      socket.write(request, 'latin1');
      while (!answer.endsWith(end))
        await new Promise<void>((resolve) => {
          look = resolve;
        });
      return answer.slice(0, -end.length);
    };
    try {
      await ask(['HELLO', '3']);
      for (const [line, expected] of exchanges as [string, string][]) {
        const words = line.split(' ').map((word) => (word === '""' ? '' : word));
        expect([line, await ask(words)]).toEqual([line, expected]);
      }
    } finally {
      socket.destroy();
    }
  });

  // The most entries there are at a time, as with redis-server 7.0.15: its nodes end after 100 entries or 4096 bytes of a listpack.
  test.each([
    ['short fields of the same names', 120, 20, () => ['event', 'x'], 119],
    [
      "fields of a job's events",
      400,
      20,
      (i: number) => ['event', 'completed', 'jobId', `${i}`, 'returnvalue', '{"of":"the handler"}'],
      111,
    ],
    ['other names each time', 400, 20, (i: number) => ['event', 'active', `name${i}`, 'waiting for its turn'], 92],
    [
      'numbers of every length',
      400,
      150,
      (i: number) => ['n', String(10 ** (i % 20)), 'negative', `-${2 ** (i % 64)}`],
      249,
    ],
    ['long texts', 60, 3, (i: number) => ['text', 'x'.repeat(i * 60)], 12],
    ['nothing kept', 30, 0, () => ['event', 'x'], 0],
  ])('approximate trimming drops whole nodes: %s', async (_, entries, kept, fieldsOf, most) => {
    let longest = 0;
    for (let i = 1; i <= entries; i += 1) {
      await client.send(['XADD', 's', 'MAXLEN', '~', String(kept), `${i * 7}-${i}`, ...fieldsOf(i)]);
      longest = Math.max(longest, (await client.send(['XLEN', 's']))[0] as number);
    }
    expect(longest).toBe(most);
    expect(await client.send(['XTRIM', 's', 'MAXLEN', '~', '0'], ['XLEN', 's'])).toEqual([expect.any(Number), 0]);
  });

  test('approximate trimming by id and within a limit', async () => {
    await client.send(...Array.from({ length: 350 }, (_, i) => ['XADD', 's', `${i + 1}-0`, 'a', 'b']));
    expect(
      await client.send(
        ['XTRIM', 's', 'MINID', '~', '100'],
        ['XTRIM', 's', 'MINID', '~', '101'],
        ['XDEL', 's', '101-0', '102-0'],
        ['XTRIM', 's', 'MAXLEN', '~', '0', 'LIMIT', '97'],
        ['XTRIM', 's', 'MAXLEN', '~', '0', 'LIMIT', '98'],
        ['XTRIM', 's', 'MAXLEN', '~', '51'],
        ['XTRIM', 's', 'MAXLEN', '60'],
        ['XTRIM', 's', 'MAXLEN', '~', '50'],
        ['XTRIM', 's', 'MAXLEN', '~', '10'],
        ['XLEN', 's'],
      ),
    ).toEqual([0, 100, 2, 0, 98, 0, 90, 10, 0, 50]);
  });

  test('a password that is set later is asked of who comes later', async () => {
    expect(await client.send(['CONFIG', 'SET', 'requirepass', 'secret'], ['GET', 'a'])).toEqual([
      new Status('OK'),
      null,
    ]);
    try {
      const later = await connectResp({ port: subject.port });
      const answers = await later.send(
        ['GET', 'a'],
        ['HELLO', '3'],
        ['AUTH', 'guess'],
        ['AUTH', 'secret'],
        ['GET', 'a'],
      );
      later.destroy();
      expect(answers.map((answer) => written(answer))).toEqual([
        '-NOAUTH Authentication required.',
        '-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
        '-WRONGPASS invalid username-password pair or user is disabled.',
        '+OK',
        null,
      ]);
    } finally {
      await client.send(['CONFIG', 'SET', 'requirepass', '']);
    }
    const last = await connectResp({ port: subject.port });
    expect(await last.send(['GET', 'a'])).toEqual([null]);
    last.destroy();
  });

  test('times to wait are decimal numbers of seconds that 64 bits of milliseconds hold', async () => {
    const negative = '-ERR timeout is negative';
    const noNumber = '-ERR timeout is not a float or out of range';
    for (const [seconds, answer] of [
      ['+0.001', null],
      ['.001', null],
      ['1e-3', null],
      ['9223372036854776', negative],
      ['1e30', negative],
      ['inf', negative],
      ['-Infinity', negative],
      ['-0.1', negative],
      ['nan', noNumber],
      [' 1', noNumber],
      ['1 ', noNumber],
    ] as const)
      expect([seconds, ...(await client.send(['BZPOPMIN', 'none', seconds])).map((reply) => written(reply))]).toEqual([
        seconds,
        answer,
      ]);
  });

  test('what is compact is so up to the limits of Redis', async () => {
    const pairs = (count: number): string[] =>
      Array.from({ length: count }, (_, i) => [String(i), `value ${i}`]).flat();
    const encoding = ['OBJECT', 'ENCODING', 'compact'];
    for (const [command, count, compact, larger] of [
      ['HSET', 512, 'listpack', 'hashtable'],
      ['ZADD', 128, 'listpack', 'skiplist'],
    ] as const) {
      const [, before] = await client.send([command, 'compact', ...pairs(count)], encoding);
      const [, after] = await client.send([command, 'compact', '7777', '8888'], encoding);
      expect([command, before, after]).toEqual([command, compact, larger]);
      await client.send(['DEL', 'compact']);
    }
  });

  test('scans go by steps, but for what is compact', async () => {
    const names = Array.from({ length: 65 }, (_, i) => `member:${i}`);
    const numbers = Array.from({ length: 500 }, (_, i) => String(i));
    const pairs = names.flatMap((name) => [name, '1']);
    await client.send(['SADD', 'names', ...names], ['SADD', 'numbers', ...numbers], ['HSET', 'short', ...pairs]);
    await client.send(['HSET', 'long', ...pairs, 'text', 'x'.repeat(65)], ['ZADD', 'scores', ...pairs.toReversed()]);
    await client.send(['ZADD', 'many', ...numbers.flatMap((number) => [number, number])]);
    for (const [command, key, count, isCompact, size] of [
      ['SSCAN', 'names', 50, false, 65],
      ['SSCAN', 'numbers', 5, true, 500],
      ['HSCAN', 'short', 5, true, 65],
      ['HSCAN', 'long', 50, false, 66],
      ['ZSCAN', 'scores', 5, true, 65],
      ['ZSCAN', 'many', 300, false, 500],
    ] as const) {
      const step = async (cursor: string) =>
        (await client.send([command, key, cursor, 'COUNT', String(count)]))[0] as [string, string[]];
      const namesOf = (reply: string[]) => (command === 'SSCAN' ? reply : reply.filter((_, place) => place % 2 === 0));
      const [next, first] = await step('0');
      expect([key, next === '0']).toEqual([key, isCompact]);
      expect(namesOf(first).length).toBeGreaterThanOrEqual(count);
      const rest = isCompact ? [] : namesOf((await step(next))[1]);
      expect([key, new Set([...namesOf(first), ...rest]).size]).toEqual([key, size]);
    }
  });

  test('answers to a pipeline come in its order, whatever pieces it comes in', async () => {
    const bytes = Array.from({ length: 500 }, (_, i) => `*2\r\n$4\r\nECHO\r\n$${String(i).length}\r\n${i}\r\n`).join(
      '',
    );
    const expected = Array.from({ length: 500 }, (_, i) => `$${String(i).length}\r\n${i}\r\n`).join('');
    expect(await talk(subject.port, [bytes.slice(0, 1001), bytes.slice(1001)], expected.length)).toBe(expected);
  });

  test.each([
    ['an inline command', 'PING\r\n', '+PONG\r\n'],
    ['an inline command with quotes', 'ECHO "a\\x41\\n" \r\n', '$3\r\naA\n\r\n'],
    ['an inline command in single quotes', "ECHO 'it\\'s'\n", "$4\r\nit's\r\n"],
    ['an empty line, then one', '\r\nPING\r\n', '+PONG\r\n'],
    ['an empty array, then one', '*0\r\n*-1\r\nPING\r\n', '+PONG\r\n'],
    ['unbalanced quotes', 'ECHO "a\r\n', '-ERR Protocol error: unbalanced quotes in request\r\n'],
    ['an array without a length', '*x\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
    ['an argument that is no bulk string', '*1\r\nPING\r\n', "-ERR Protocol error: expected '$', got 'P'\r\n"],
    ['a negative length', '*1\r\n$-5\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ['a hostile length', '*1\r\n$99999999999\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ['a line without end', 'x'.repeat(70_000), '-ERR Protocol error: too big inline request\r\n'],
  ])('%s', async (_, bytes, answer) => {
    expect(await talk(subject.port, [bytes], answer.length)).toBe(answer);
  });

  test('a page that posts to the port is cut off', async () => {
    expect(await talk(subject.port, ['POST / HTTP/1.1\r\nHost: x\r\n\r\nSET a 1\r\n'], 1)).toBe('');
    expect(await client.send(['EXISTS', 'a'])).toEqual([0]);
  });

  test('RESP3 after HELLO 3: maps, nulls and verbatim texts', async () => {
    const nothing = await talk(
      subject.port,
      ['HELLO 3\r\nGET none\r\nCONFIG GET maxmemory\r\n'],
      0,
      /maxmemory\r\n\$1\r\n0\r\n$/,
    );
    expect(nothing).toMatch(/^%7\r\n\$6\r\nserver\r\n\$5\r\nredis\r\n/);
    expect(nothing).toContain('_\r\n%1\r\n$9\r\nmaxmemory\r\n$1\r\n0\r\n');
    expect(await talk(subject.port, ['HELLO 3\r\nINFO keyspace\r\n'], 0, /txt:# Keyspace\r\n/)).toMatch(/=\d+\r\ntxt:/);
  });

  test('after QUIT the connection ends', async () => {
    expect(await talk(subject.port, ['QUIT\r\nPING\r\n'], 1000)).toBe('+OK\r\n');
  });
});

/** What a server answers to bytes: until there is so much of it, or it matches, or the connection ends. */
function talk(port: number, pieces: string[], length: number, until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port });
    const end = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => {
      for (const [index, piece] of pieces.entries()) setTimeout(() => socket.write(piece, 'latin1'), index * 20);
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (until ? until.test(answer) : answer.length >= length) end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? end() : reject(error)));
    socket.on('close', end);
  });
}
