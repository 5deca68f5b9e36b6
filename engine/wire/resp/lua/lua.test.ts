import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectResp, type RespClient } from '../client.ts';
import { type Subject, subjects, written } from '../contract.fixture.ts';
import type { Reply } from '../reply.ts';
import { createServer } from '../server.ts';
import { compileToSource, type Lasting } from './compiler.ts';
import { LuaError, LuaSyntaxError } from './errors.ts';
import { createInterpreter } from './interpreter.ts';
import recorded from './lua.recorded.json' with { type: 'json' };

describe.each(subjects)('%s', (_name, start, missing) => {
  let subject: Subject;
  let client: RespClient;
  beforeAll(async () => {
    if (missing) return;
    subject = await start();
    client = await connectResp({ port: subject.port });
  });
  afterAll(async () => {
    client?.destroy();
    await subject?.stop();
  });

  test('scripts give what redis-server 7.0.15 has given', async (context) => {
    context.skip(missing !== null, missing ?? '');
    for (const [script, answer] of recorded as [string, unknown][]) {
      const [reply] = await client.send(['EVAL', script, '1', 'k1', 'a1', 'a2']);
      expect([script, written(reply as Reply)]).toEqual([script, answer]);
    }
  });

  test('scripts are kept by their SHA1, and read-only ones cannot write', async (context) => {
    context.skip(missing !== null, missing ?? '');
    const ask = async (...command: string[]) => written((await client.send(command))[0] as Reply);
    const sha = await ask('SCRIPT', 'LOAD', 'return {KEYS[1], ARGV[1]}');
    expect(sha).toMatch(/^[0-9a-f]{40}$/);
    expect(await ask('EVALSHA', String(sha).toUpperCase(), '1', 'a', 'b')).toEqual(['a', 'b']);
    expect(await ask('SCRIPT', 'EXISTS', String(sha), 'x')).toEqual([1, 0]);
    expect(await ask('SCRIPT', 'FLUSH')).toBe('+OK');
    expect(await ask('EVALSHA', String(sha), '0')).toBe('-NOSCRIPT No matching script. Please use EVAL.');
    expect(await ask('EVAL_RO', "return redis.call('set', 'a', 1)", '0')).toMatch(
      /^-ERR Write commands are not allowed from read-only scripts/,
    );
    expect(await ask('EVAL', "#!lua flags=no-writes\nreturn redis.call('set', 'a', 1)", '0')).toMatch(
      /^-ERR Write commands are not allowed from read-only scripts/,
    );
    expect(await ask('EVAL', 'return 1', '-1')).toBe("-ERR Number of keys can't be negative");
    expect(await ask('EVAL', 'return 1', '5', 'a')).toBe("-ERR Number of keys can't be greater than number of args");
  });
});

describe('a script cannot', () => {
  const run = (script: string, timeLimitMs = 300): unknown => {
    const interpreter = createInterpreter({});
    return interpreter.run(interpreter.compile(script), timeLimitMs);
  };

  test.each([
    'while true do end',
    'repeat until false',
    'local function f() return f() end while true do pcall(f) end',
    'for i = 1, math.huge do end',
    "return string.find(string.rep('a', 40), string.rep('a?', 40) .. string.rep('a', 41))",
    'pcall(function() while true do end end) while true do end',
  ])('run for ever: %s', (script) => {
    expect(() => run(script)).toThrow('run for too long');
  });

  test.each([
    'local function f() return 1 + f() end f()',
    'local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x',
    "local s = string.rep('(', 100000) return s:find(s)",
    'local t = {} for i = 1, 100000 do t = {t} end return cjson.encode(t)',
    "return cjson.decode(string.rep('[', 1000000))",
    "return cmsgpack.unpack(string.rep('\\145', 1000000))",
  ])('overflow the stack: %s', (script) => {
    expect(() => run(script, 5000)).toThrow(LuaError);
  });

  test.each([
    "local s = 'x' while true do s = s .. s end",
    "return string.rep('x', 1e10)",
    'local t = {} for i = 1, 1e9 do t[i] = i end',
    'local t = {} for i = 1, 1e9 do t[-i] = i end',
    "return string.format('%099999d', 1)",
  ])('take all memory: %s', (script) => {
    expect(() => run(script, 5000)).toThrow(/not enough memory|invalid format|run for too long/);
  });

  test.each([
    [`${'('.repeat(100_000)}1${')'.repeat(100_000)}`],
    [`return ${'{'.repeat(100_000)}`],
    [`return ${'not '.repeat(100_000)}1`],
    [`return 1${' .. 1'.repeat(100_000)}`],
    [`return 1${' + 1'.repeat(1_000_000)}`],
    ['do '.repeat(100_000)],
    ['function f() '.repeat(100_000)],
    [`return a${'.b'.repeat(500_000)}`],
  ])('be nested without end (%#)', (script) => {
    expect(() => createInterpreter({}).compile(script)).toThrow(LuaSyntaxError);
  });

  test.each([
    'globalThis',
    'process',
    'require',
    'constructor',
    '__proto__',
    'this',
    'arguments',
    'eval',
    'Function',
    'fuel',
    'rest',
    'toString',
  ])('name %s of JavaScript', (name) => {
    expect(() => run(`return ${name}`)).toThrow(`nonexistent global variable '${name}'`);
    expect(run(`local t = {} return t.${name}`)).toBeUndefined();
    expect(run(`return (('x').${name})`)).toBeUndefined();
    expect(run(`local ${name} = 5 return ${name}`)).toBe(5);
    expect(run(`local t = {${name} = 1} return t['${name}']`)).toBe(1);
    expect(() => run(`local f = function() end return f.${name}`)).toThrow('attempt to index local');
  });
});

/** Words out of which chunks are made, most of which are none. */
const word = fc.constantFrom(
  ...'and break do else elseif end for function if in local nil not or repeat return then until while x y t f ( ) { } [ ] = == ~= < .. ... . : , ; # + - * / % ^ 1 2.5 0x1F "a" \'\\n\' [[z]] -- \n'.split(
    ' ',
  ),
  'pairs(t)',
  'constructor',
  'return',
  ' ',
);

test('whatever is no Lua is a syntax error, and whatever is can be run to an end', () => {
  const interpreter = createInterpreter({});
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), (words) => {
      try {
        interpreter.run(interpreter.compile(words.join(' ')), 200);
      } catch (error) {
        if (!/run for too long/.test(String(error)))
          expect(error instanceof LuaSyntaxError || error instanceof LuaError ? '' : String(error)).toBe('');
      }
    }),
    { numRuns: 3000 },
  );
});

test('compiled code names nothing but what it is given', () => {
  const known = new Set(
    'function return let const if else while for break new true false undefined rest none first spread nth callee index setIndex table truth fuel left out global setGlobal equal less lessOrEqual greater greaterOrEqual add subtract multiply divide modulo power negate concat size walk step more a b forStart forLimit forStep'.split(
      ' ',
    ),
  );
  const name = fc.constantFrom('process', 'globalThis', 'x', 'eval', 'constructor');
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      name,
      fc.constantFrom('1', "'process'", 'nil', '...'),
      fc
        .tuple(tie('value'), fc.constantFrom('+', '..', '==', 'and', '<'), tie('value'))
        .map((parts) => parts.join(' ')),
      fc.tuple(name, name, tie('value')).map(([a, b, c]) => `${a}.${b}(${c})`),
      fc.tuple(name, name, tie('value')).map(([a, b, c]) => `${a}:${b}{${c}}`),
      fc.tuple(name, tie('value')).map(([a, b]) => `(function(${a}, ...) local ${a} = ${b} return ${a} end)(${a})`),
    ),
  })).value as fc.Arbitrary<string>;
  fc.assert(
    fc.property(value, (text) => {
      const lasting: Lasting = (global) =>
        global === 'process' ? 'always' : global === 'eval' ? 'for a run' : 'unknown';
      const code = compileToSource(`return ${text}`, 'test', false, lasting).replace(/"(?:[^"\\]|\\.)*"/g, '""');
      for (const [identifier] of code.matchAll(/[A-Za-z_][\w$]*/g))
        if (!/\$\d+$/.test(identifier)) expect(known).toContain(identifier);
    }),
    { numRuns: 500 },
  );
});

test('a library is the same however a script names it, and keys are those of its run', async () => {
  const server = createServer();
  const run = (script: string, ...keys: string[]) => server.execute('EVAL', script, String(keys.length), ...keys);
  const keyOf =
    "local function key() return KEYS[1] end return {key(), KEYS[1], _G.KEYS[1], loadstring('return KEYS[1]')()}";
  for (const key of ['a', 'b']) expect(await run(keyOf, key)).toEqual([key, key, key, key]);
  expect(
    await run(
      "local m = math return {math.max(1, 2), m.max(1, 2), _G.math.max(1, 2), math['max'](1, 2), _G['math'].max(1, 2)}",
    ),
  ).toEqual([2, 2, 2, 2, 2]);
  expect(await run('local math = {max = function() return 7 end} return math.max(1, 2)')).toBe(7);
  expect(await run('return {math.unknown == nil, string.unknown == nil}')).toEqual([1, 1]);
  for (const script of ['math.max = 1', "rawset(math, 'max', 1)", 'math = {}', 'KEYS = {}', "_G['tonumber'] = 1"])
    expect(await run(script)).toMatchObject({ message: expect.stringContaining('Attempt to modify a readonly table') });
  await server.close();
});

test('numbers are written as C writes them', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const interpreter = createInterpreter({ value });
      const text = interpreter.run(interpreter.compile("return string.format('%.17g', value)"), 0);
      expect(Number(text)).toBe(value);
      const short = interpreter.run(interpreter.compile("return '' .. value"), 0);
      expect(Number(short)).toBe(value === 0 ? value : Number(value.toPrecision(14)));
    }),
    { numRuns: 200 },
  );
});

test('a script that runs for too long is ended, and others are served after it', async () => {
  const server = createServer();
  server.state.scripts.timeLimitMs = 100;
  expect(await server.execute('EVAL', "redis.call('set', 'a', 1) while true do end", '0')).toMatchObject({
    message: expect.stringContaining('run for too long'),
  });
  expect(await server.execute('GET', 'a')).toBe('1');
});
