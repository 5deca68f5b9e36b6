import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectResp, type RespClient } from './client.ts';
import { type Subject, subjects, written } from './contract.fixture.ts';
import type { RespError } from './errors.ts';
import type { Reply } from './reply.ts';
import { createServer, type RespServer, type RespServerOptions } from './server.ts';

/* Libraries of functions: FUNCTION and FCALL. What is said to both servers must be answered alike. */

const library = (name: string, code: string): string => `#!lua name=${name}\n${code}`;

const COUNTERS = library(
  'counters',
  `local calls = 0
local function add(keys, args)
  calls = calls + 1
  return redis.call('INCRBY', keys[1], args[1])
end
redis.register_function('add', add)
redis.register_function('calls', function() return calls end)
redis.register_function{
  function_name = 'read', description = 'what it is', flags = {'no-writes', 'allow-stale', 'no-writes'},
  callback = function(keys) return redis.call('GET', keys[1]) end
}
redis.register_function{function_name = 'liar', callback = add, flags = {'no-writes'}}
redis.register_function('given', function(keys, args) return {#keys, #args, keys[1], args[2]} end)
redis.register_function('refuse', function() return redis.error_reply('MY reason') end)
redis.register_function('boo', function() error('boo') end)
redis.register_function('break', function() local x = nil; return x.y end)
redis.register_function('late', function() redis.register_function('new', function() end) end)
redis.register_function('keys', function() return KEYS[1] end)
redis.register_function('unknown', function() return redis.call('NOPE') end)
redis.register_function('other', function() return redis.call('FCALL', 'calls', '0') end)
redis.register_function('global', function() x = 1 end)
redis.register_function('cut', function() return 3.99 end)
redis.register_function('nothing', function() end)`,
);

/** What is wrong with a library, and the error that says so. */
const refusedLibraries: [code: string, error: string][] = [
  ['redis.register_function()', 'ERR wrong number of arguments to redis.register_function'],
  [
    "redis.register_function('a')",
    'ERR calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).',
  ],
  ["redis.register_function('a', 'b')", 'ERR second argument to redis.register_function must be a function'],
  [
    'redis.register_function(function() end, function() end)',
    'ERR first argument to redis.register_function must be a string',
  ],
  ['redis.register_function{}', 'ERR redis.register_function must get a function name argument'],
  ["redis.register_function{function_name='a'}", 'ERR redis.register_function must get a callback argument'],
  [
    "redis.register_function{function_name='a', callback=1}",
    'ERR callback argument given to redis.register_function must be a function',
  ],
  [
    'redis.register_function{function_name={}}',
    'ERR function_name argument given to redis.register_function must be a string',
  ],
  [
    'redis.register_function{description={}}',
    'ERR description argument given to redis.register_function must be a string',
  ],
  [
    'redis.register_function{flags=1}',
    'ERR flags argument to redis.register_function must be a table representing function flags',
  ],
  ["redis.register_function{flags={'fast'}}", 'ERR unknown flag given'],
  ['redis.register_function{what=1}', 'ERR unknown argument given to redis.register_function'],
  ['redis.register_function{[{}]=1}', 'ERR named argument key given to redis.register_function is not a string'],
  [
    "redis.register_function('a b', function() end)",
    'ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long',
  ],
  [
    "redis.register_function('a', function() end) redis.register_function('a', function() end)",
    'ERR Function already exists in the library',
  ],
  ["redis.call('PING')", "ERR user_function:2: Script attempted to access nonexistent global variable 'call'"],
  ['a = 1', 'ERR user_function:2: Attempt to modify a readonly table'],
  ['local x = nil; x.y = 1', "ERR user_function:2: attempt to index local 'x' (a nil value)"],
];

type Exchange = [command: string[], answer: unknown];

const exchanges: Record<string, Exchange[]> = {
  'a library is loaded, replaced, listed and deleted': [
    [['FUNCTION', 'LOAD', library('one', "redis.register_function('f', function() return 1 end)")], 'one'],
    [
      ['FUNCTION', 'LOAD', library('one', "redis.register_function('f', function() return 1 end)")],
      "-ERR Library 'one' already exists",
    ],
    [
      ['FUNCTION', 'LOAD', library('two', "redis.register_function('F', function() return 2 end)")],
      '-ERR Function F already exists',
    ],
    [['FCALL', 'f', '0'], 1],
    [['FUNCTION', 'LOAD', 'replace', library('one', "redis.register_function('f', function() return 2 end)")], 'one'],
    [['FCALL', 'F', '0'], 2],
    [['FUNCTION', 'LOAD', 'REPLACE', library('one', 'return 1')], '-ERR No functions registered'],
    [['FCALL', 'f', '0'], 2],
    [
      ['FUNCTION', 'LIST', 'WITHCODE'],
      [
        [
          'library_name',
          'one',
          'engine',
          'LUA',
          'functions',
          [['name', 'f', 'description', null, 'flags', []]],
          'library_code',
          library('one', "redis.register_function('f', function() return 2 end)"),
        ],
      ],
    ],
    [['FUNCTION', 'LIST', 'LIBRARYNAME', 'x*'], []],
    [['FUNCTION', 'LIST', 'LIBRARYNAME'], '-ERR library name argument was not given'],
    [['FUNCTION', 'LIST', 'ALL'], '-ERR Unknown argument ALL'],
    [
      ['FUNCTION', 'STATS'],
      ['running_script', null, 'engines', ['LUA', ['libraries_count', 1, 'functions_count', 1]]],
    ],
    [['FLUSHALL'], '+OK'],
    [['FCALL', 'f', '0'], 2],
    [['FUNCTION', 'DELETE', 'none'], '-ERR Library not found'],
    [['FUNCTION', 'DELETE', 'one'], '+OK'],
    [['FCALL', 'f', '0'], '-ERR Function not found'],
    [['FUNCTION', 'FLUSH', 'NOW'], '-ERR FUNCTION FLUSH only supports SYNC|ASYNC option'],
    [
      ['FUNCTION', 'FLUSH', 'SYNC', 'x'],
      "-ERR unknown subcommand or wrong number of arguments for 'FLUSH'. Try FUNCTION HELP.",
    ],
    [['FUNCTION', 'FLUSH', 'async'], '+OK'],
    [['FUNCTION', 'LIST'], []],
    [['FUNCTION', 'KILL'], '-NOTBUSY No scripts in execution right now.'],
  ],
  'the first line of a library says what it is': [
    [['FUNCTION', 'LOAD', 'return 1'], '-ERR Missing library metadata'],
    [['FUNCTION', 'LOAD', '#!lua'], '-ERR Invalid library metadata'],
    [['FUNCTION', 'LOAD', '#!lua name="a\nx'], '-ERR Invalid library metadata'],
    [['FUNCTION', 'LOAD', '#!lua\nx'], '-ERR Library name was not given'],
    [['FUNCTION', 'LOAD', '#!lua name=a b\nx'], '-ERR Invalid metadata value given: b'],
    [
      ['FUNCTION', 'LOAD', '#!lua name=a name=b\nx'],
      '-ERR Invalid metadata value, name argument was given multiple times',
    ],
    [['FUNCTION', 'LOAD', '#!js name=a\nx'], "-ERR Engine 'js' not found"],
    [
      ['FUNCTION', 'LOAD', '#!lua name=a-b\nx'],
      '-ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long',
    ],
    [['FUNCTION', 'LOAD', 'OVER', 'x'], '-ERR Unknown option given: OVER'],
    [['FUNCTION', 'LOAD'], "-ERR wrong number of arguments for 'function|load' command"],
    [
      ['FUNCTION', 'LOAD', library('bad', 'x = = 1')],
      "-ERR Error compiling function: user_function:2: unexpected symbol near '='",
    ],
  ],
  'functions are called with keys and arguments': [
    [['FUNCTION', 'LOAD', COUNTERS], 'counters'],
    [['FCALL', 'add', '1', 'n', '5'], 5],
    [['FCALL', 'ADD', '1', 'n', '5'], 10],
    [['FCALL', 'calls', '0'], 2],
    [['FCALL_RO', 'read', '1', 'n'], '10'],
    [
      ['FCALL', 'given', '2', 'a', 'b', 'c', 'd'],
      [2, 2, 'a', 'd'],
    ],
    [['FCALL', 'cut', '0'], 3],
    [['FCALL', 'nothing', '0'], null],
    [['FCALL', 'none', 'x'], '-ERR Function not found'],
    [['FCALL', 'add', 'x'], '-ERR Bad number of keys provided'],
    [['FCALL', 'add', '-1', 'n'], "-ERR Number of keys can't be negative"],
    [['FCALL', 'add', '2', 'n'], "-ERR Number of keys can't be greater than number of args"],
    [['FCALL', 'add'], "-ERR wrong number of arguments for 'fcall' command"],
    [['MULTI'], '+OK'],
    [['FCALL', 'add', '1', 'n', '1'], '+QUEUED'],
    [['EXEC'], [11]],
  ],
  'functions that fail say where': [
    [['FUNCTION', 'LOAD', COUNTERS], 'counters'],
    [['FCALL_RO', 'add', '1', 'n', '1'], '-ERR Can not execute a script with write flag using *_ro command.'],
    [
      ['FCALL', 'liar', '1', 'n', '1'],
      '-ERR Write commands are not allowed from read-only scripts. script: liar, on @user_function:5.',
    ],
    [['FCALL', 'refuse', '0'], '-MY reason'],
    [['FCALL', 'boo', '0'], '-ERR user_function:16: boo script: boo, on @user_function:16.'],
    [
      ['FCALL', 'break', '0'],
      "-ERR user_function:17: attempt to index local 'x' (a nil value) script: break, on @user_function:17.",
    ],
    [
      ['FCALL', 'late', '0'],
      "-ERR user_function:18: attempt to call field 'register_function' (a nil value) script: late, on @user_function:18.",
    ],
    [
      ['FCALL', 'keys', '1', 'k'],
      "-ERR user_function:19: Script attempted to access nonexistent global variable 'KEYS' script: keys, on @user_function:19.",
    ],
    [['FCALL', 'unknown', '0'], '-ERR Unknown Redis command called from script script: unknown, on @user_function:20.'],
    [
      ['FCALL', 'other', '0'],
      '-ERR This Redis command is not allowed from script script: other, on @user_function:21.',
    ],
    [
      ['FCALL', 'global', '0'],
      '-ERR user_function:22: Attempt to modify a readonly table script: global, on @user_function:22.',
    ],
  ],
  'what cannot be registered leaves no library': [
    ...refusedLibraries.map(
      ([code, error]): Exchange => [
        ['FUNCTION', 'LOAD', library('bad', code)],
        `-ERR Error registering functions: ${error}`,
      ],
    ),
    [['FUNCTION', 'LIST'], []],
  ],
  'without room a function runs that says that it may': [
    [['FUNCTION', 'LOAD', COUNTERS], 'counters'],
    [
      [
        'FUNCTION',
        'LOAD',
        library(
          'full',
          "redis.register_function{function_name='put', flags={'allow-oom'}, callback=function(keys) return redis.call('SET', keys[1], '1') end}",
        ),
      ],
      'full',
    ],
    [['CONFIG', 'SET', 'maxmemory', '1'], '+OK'],
    [['FCALL', 'put', '1', 'n'], '+OK'],
    [['FCALL', 'read', '1', 'n'], '1'],
    [['FCALL', 'add', '1', 'n', '1'], "-OOM command not allowed when used memory > 'maxmemory'."],
    [['FUNCTION', 'LOAD', library('three', 'x')], "-OOM command not allowed when used memory > 'maxmemory'."],
    [['CONFIG', 'SET', 'maxmemory', '0'], '+OK'],
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
    for (const command of [['FLUSHALL'], ['FUNCTION', 'FLUSH']]) await client.send(command);
    return () => client.destroy();
  });

  test.each(Object.entries(exchanges))('%s', async (_, all) => {
    for (const [command, answer] of all)
      expect([command, written((await client.send(command))[0] as Reply)]).toEqual([command, answer]);
  });

  test('a stock client loads, calls and lists', async () => {
    const stock = createClient({ socket: { port: subject.port, host: '127.0.0.1' } });
    await stock.connect();
    try {
      expect(await stock.functionLoad(COUNTERS)).toBe('counters');
      expect(await stock.fCall('add', { keys: ['n'], arguments: ['4'] })).toBe(4);
      expect(await stock.fCallRo('read', { keys: ['n'], arguments: [] })).toBe('4');
      const [listed] = await stock.functionList();
      expect(listed).toMatchObject({ library_name: 'counters', engine: 'LUA' });
      const read = listed?.functions.find(({ name }) => name === 'read');
      expect(read?.description).toBe('what it is');
      expect([...(read?.flags ?? [])].sort()).toEqual(['allow-stale', 'no-writes']);
    } finally {
      stock.destroy();
    }
  });
});

describe('our server alone', () => {
  let dataDir: string;
  let servers: RespServer[] = [];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'resp-functions-'));
  });
  afterEach(async () => {
    for (const server of servers) await server.close();
    servers = [];
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = (options: RespServerOptions = {}): RespServer => {
    const server = createServer(options);
    servers.push(server);
    return server;
  };
  const log = (): string => readFileSync(join(dataDir, 'appendonly.aof'), 'latin1');
  const refusal = async (server: RespServer, ...command: string[]): Promise<string> =>
    ((await server.execute(...command)) as RespError).message;

  test('libraries are there again after a restart, also from a file that was rewritten, and their writes with them', async () => {
    const restart = async (): Promise<RespServer> => {
      await servers.at(-1)?.close();
      return start({ dataDir, fsync: 'always' });
    };
    let server = await restart();
    await server.execute('FUNCTION', 'LOAD', COUNTERS);
    await server.execute('FUNCTION', 'LOAD', library('gone', "redis.register_function('gone', function() end)"));
    await server.execute('FCALL', 'add', '1', 'n', '7');
    await server.execute('FUNCTION', 'DELETE', 'gone');
    server = await restart();
    expect(log()).toContain('INCRBY');
    expect(log()).not.toContain('\r\nFCALL\r\n');
    expect(await server.execute('FCALL', 'add', '1', 'n', '1')).toBe(8);
    expect(await refusal(server, 'FCALL', 'gone', '0')).toBe('ERR Function not found');
    await server.execute('BGREWRITEAOF');
    await vi.waitFor(() => expect(log()).not.toContain('gone'), 15_000);
    server = await restart();
    expect(await server.execute('FCALL', 'add', '1', 'n', '1')).toBe(9);
    await server.execute('FUNCTION', 'FLUSH');
    server = await restart();
    expect(await server.execute('FUNCTION', 'LIST')).toEqual([]);
  });

  test('what could be loaded once is there after a restart, however slow the machine is by then', async () => {
    const server = start({ dataDir });
    const slow = (turns: number): string =>
      library('slow', `for i = 1, ${turns} do end redis.register_function('slow', function() return 1 end)`);
    let turns = 50_000_000;
    while (typeof (await server.execute('FUNCTION', 'LOAD', 'REPLACE', slow(turns))) === 'string') turns *= 2;
    // Twice as much as what is too slow for sure.
    server.state.functions.loadTimeLimitMs = 0;
    expect(await server.execute('FUNCTION', 'LOAD', 'REPLACE', slow(2 * turns))).toBe('slow');
    await server.close();
    const after = start({ dataDir });
    expect(await after.execute('FCALL', 'slow', '0')).toBe(1);
    expect(await refusal(after, 'FUNCTION', 'LOAD', library('endless', 'while true do end'))).toMatch('timeout');
  });

  test('what never ends is ended, while it is loaded and while it runs', async () => {
    const server = start();
    const timeout = 'ERR Error registering functions: ERR FUNCTION LOAD timeout';
    expect(await refusal(server, 'FUNCTION', 'LOAD', library('endless', 'while true do end'))).toBe(timeout);
    const many = "local i = 0 while true do i = i + 1 redis.register_function('f' .. i, function() end) end";
    expect(await refusal(server, 'FUNCTION', 'LOAD', library('many', many))).toBe(timeout);
    expect(await server.execute('FUNCTION', 'LIST')).toEqual([]);
    await server.execute('CONFIG', 'SET', 'lua-time-limit', '50');
    const forever = "redis.register_function('forever', function() while true do end end)";
    await server.execute('FUNCTION', 'LOAD', library('endless', forever));
    expect(await refusal(server, 'FCALL', 'forever', '0')).toMatch('has run for too long');
    expect(await server.execute('SET', 'a', '1')).toMatchObject({ text: 'OK' });
  });

  test('on a full disk no library is loaded or deleted', async () => {
    let isFull = false;
    const server = start({ dataDir, isDiskFull: () => isFull });
    await server.execute('FUNCTION', 'LOAD', COUNTERS);
    isFull = true;
    expect(await refusal(server, 'FUNCTION', 'LOAD', 'REPLACE', COUNTERS)).toMatch(/^MISCONF/);
    expect(await refusal(server, 'FUNCTION', 'DELETE', 'counters')).toMatch(/^MISCONF/);
    expect(await refusal(server, 'FUNCTION', 'FLUSH')).toMatch(/^MISCONF/);
    expect(await server.execute('FUNCTION', 'LIST')).toHaveLength(1);
  });
});
