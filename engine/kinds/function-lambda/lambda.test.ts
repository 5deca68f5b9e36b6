import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, node } from '../../api/fixtures.ts';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../../model/parse.ts';
import { exists } from '../../runtime/operating-system.ts';
import { driverOf } from './lambda.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

let engine: Engine;
const fn = driverOf(() => engine);
const seen = new Set<number>();
const environments = (): number[] => {
  const pids = fn.environments();
  for (const pid of pids) seen.add(pid);
  return pids;
};

beforeAll(async () => {
  engine = await createEngine();
});

afterAll(() => engine.close());

afterEach(async () => {
  if (engine.frame().nodes.fn?.replicas[0]?.pid) environments();
  await engine.stopTopology();
  for (const pid of seen) expect(exists(pid)).toBe(false);
  seen.clear();
});

/** Tells which process it is, and how often that was asked. */
const counting = `
let count = 0;
exports.handler = async () => ({ pid: process.pid, count: ++count });
`;
const counted = async (): Promise<{ pid: number; count: number }> => JSON.parse((await fn.ask()).body);

describe('environments', () => {
  test('none runs while nothing is asked; a request starts one, which ends when it is idle', async () => {
    await fn.start({ source: counting, idleTimeoutMs: 400 });
    expect(environments()).toEqual([]);
    const { pid } = await counted();
    expect(environments()).toEqual([pid]);
    await vi.waitFor(() => expect(fn.measure('environments')).toBe(1), { timeout: 15_000 });
    await vi.waitFor(() => expect(environments()).toEqual([]), { timeout: 15_000 });
    await vi.waitFor(() => expect(fn.measure('environments')).toBe(0), { timeout: 15_000 });
    expect(fn.measure('coldStarts')).toBe(1);
  });

  test('what a module keeps survives in a warm environment, and is gone with it', async () => {
    await fn.start({ source: counting, idleTimeoutMs: 300 });
    const first = await counted();
    expect(await counted()).toEqual({ pid: first.pid, count: 2 });
    await vi.waitFor(() => expect(environments()).toEqual([]), { timeout: 15_000 });
    const later = await counted();
    expect(later.count).toBe(1);
    expect(later.pid).not.toBe(first.pid);
  });

  test('each takes one request at a time, and one request more than reserved is throttled', async () => {
    await fn.start({
      source: `exports.handler = async () => {
        await new Promise((resolve) => setTimeout(resolve, 600));
        return { pid: process.pid };
      };`,
      reservedConcurrency: 3,
    });
    const answers = await Promise.all([1, 2, 3, 4].map(() => fn.ask()));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429]);
    const pids = answers.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body).pid);
    expect(new Set(pids).size).toBe(3);
    const throttled = answers.find(({ status }) => status === 429);
    expect(throttled?.headers).toMatchObject({
      'x-amzn-errortype': 'TooManyRequestsException',
      'x-archipel-failure-reason': 'throttled',
      'x-archipel-failure-hop': 'fn',
    });
    expect(JSON.parse(throttled?.body ?? '')).toMatchObject({
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    // Its caller saw it fail, and so it is an error of the node, though no invocation.
    await vi.waitFor(() => expect(engine.frame().nodes.fn).toMatchObject({ requests: 4, errors: 1 }), {
      timeout: 15_000,
    });
  });

  test('no more than the burst limit start at once', async () => {
    await fn.start({
      source: 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 300, {}));',
      burstLimit: 2,
    });
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => fn.ask()));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429, 429]);
    expect((await fn.ask()).status).toBe(200);
  });

  test('provisioned ones are there before anybody asks, are used first, and are replaced', async () => {
    await fn.start({ source: counting, provisionedConcurrency: 2, idleTimeoutMs: 300 });
    await vi.waitFor(() => expect(fn.measure('idleEnvironments')).toBe(2), { timeout: 15_000 });
    const before = environments();
    expect(before).toHaveLength(2);
    const { pid } = await counted();
    expect(before).toContain(pid);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(environments().filter((each) => each !== pid)).toHaveLength(2), { timeout: 15_000 });
    await vi.waitFor(() => expect(fn.measure('invocations')).toBe(1), { timeout: 15_000 });
    expect(fn.measure('coldStarts')).toBe(0);
  });

  test('new code reaches the next request without a restart of the node', async () => {
    await fn.start({ source: 'exports.handler = async () => "one";' });
    expect((await fn.ask()).body).toBe('one');
    const platform = fn.platformPid();
    const [old] = environments();
    const changed = documentOf({
      nodes: [node('fn', 'function-lambda', { source: 'export const handler = async () => "two";' })],
    });
    await engine.trustDocument({ path: null, document: changed });
    await engine.applyDocument(changed);
    await vi.waitFor(async () => expect((await fn.ask()).body).toBe('two'), { timeout: 15_000 });
    expect(fn.platformPid()).toBe(platform);
    await vi.waitFor(() => expect(environments()).not.toContain(old), { timeout: 15_000 });
  });
});

describe('handlers', () => {
  test('one in CommonJS gets the event of a function URL and a context', async () => {
    await fn.start({
      source: `
        console.log('Loading function');
        exports.handler = async (event, context) => ({
          statusCode: 201,
          headers: { 'X-Custom': 'yes', 'Content-Type': 'application/json' },
          cookies: ['a=1', 'b=2'],
          body: JSON.stringify({
            event,
            context: { ...context, left: context.getRemainingTimeInMillis() },
            env: [process.env.AWS_LAMBDA_FUNCTION_NAME, process.env._HANDLER, process.env.GREETING, process.env.HOSTNAME],
            cwd: process.cwd() === process.env.LAMBDA_TASK_ROOT,
          }),
        });`,
      environment: { GREETING: 'hello' },
      timeoutMs: 2000,
    });
    const { status, headers, body } = await fn.ask('/a%20path?x=1&x=2&y=z', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'c=3; d=4' },
      body: '{"key":"value"}',
    });
    expect(status).toBe(201);
    expect(headers).toMatchObject({ 'x-custom': 'yes', 'set-cookie': ['a=1', 'b=2'] });
    const { event, context, env, cwd } = JSON.parse(body);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a%20path',
      rawQueryString: 'x=1&x=2&y=z',
      cookies: ['c=3', 'd=4'],
      queryStringParameters: { x: '1,2', y: 'z' },
      requestContext: { http: { method: 'POST', path: '/a%20path', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' } },
      body: '{"key":"value"}',
      isBase64Encoded: false,
    });
    expect(context).toMatchObject({
      functionName: 'fn',
      functionVersion: '$LATEST',
      memoryLimitInMB: '1769',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:fn',
      awsRequestId: event.requestContext.requestId,
    });
    expect(context.left).toBeGreaterThan(1000);
    expect(context.left).toBeLessThanOrEqual(2000);
    expect(env).toEqual(['fn', 'index.handler', 'hello', null]);
    expect(cwd).toBe(true);
  });

  test.each([
    ['an ES module', 'import { basename } from "node:path"; export const handler = async () => basename("/a/done");'],
    [
      'a callback',
      'exports.handler = (event, context, callback) => { setTimeout(() => callback(null, "done"), 10); };',
    ],
    ['context.succeed', 'exports.handler = (event, context) => { context.succeed("done"); };'],
    [
      'a callback that waits for nothing else',
      `exports.handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      setInterval(() => {}, 1000);
      callback(null, 'done');
    };`,
    ],
    ['top-level await', 'const word = await Promise.resolve("done"); export const handler = async () => word;'],
  ])('%s is run as it is, cold and warm', async (_, source) => {
    await fn.start({ source });
    for (const _ of [1, 2, 3]) expect(await fn.ask()).toMatchObject({ status: 200, body: 'done' });
    expect(environments()).toHaveLength(1);
  });

  test.each([
    [
      'the blueprint hello-world',
      `console.log('Loading function');

      export const handler = async (event, context) => {
          //console.log('Received event:', JSON.stringify(event, null, 2));
          console.log('value1 =', event.key1);
          console.log('value2 =', event.key2);
          console.log('value3 =', event.key3);
          return event.key1;  // Echo back the first key value
          // throw new Error('Something went wrong');
      };`,
      '"one"',
    ],
    [
      'async, in CommonJS, with what context knows',
      `exports.handler = async function(event, context) {
        console.log("ENVIRONMENT VARIABLES\\n" + JSON.stringify(process.env, null, 2));
        console.log("EVENT\\n" + JSON.stringify(event, null, 2));
        return context.functionName;
      };`,
      '"fn"',
    ],
    [
      'a callback, after a request of its own',
      `const http = require('http');
      exports.handler = function(event, context, callback) {
        const server = http.createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', () => {
          http.get({ host: '127.0.0.1', port: server.address().port, agent: false }, (res) => {
            res.resume();
            server.close();
            callback(null, res.statusCode);
          }).on('error', (e) => {
            callback(Error(e));
          });
        });
      };`,
      '200',
    ],
    [
      'a promise that it returns',
      `const fs = require('fs/promises');
      exports.handler = function(event) {
        const promise = new Promise(function(resolve, reject) {
          fs.readdir('.').then((names) => resolve(Array.isArray(names) ? "read" : "none"), (e) => reject(Error(e)));
        });
        return promise;
      };`,
      '"read"',
    ],
    [
      'an error given to the callback',
      `exports.handler = function(event, context, callback) {
        const error = new Error("something is wrong");
        error.name = "MyError";
        callback(error);
      };`,
      /"errorType":"MyError","errorMessage":"something is wrong"/,
    ],
  ])('one in the style of the documentation, %s, runs unmodified', async (_, source, answer) => {
    await fn.start({ source });
    const { status, body } = await fn.ask('/2015-03-31/functions/fn/invocations', {
      method: 'POST',
      body: '{"key1":"one","key2":"two","key3":"three"}',
    });
    expect(status).toBe(200);
    if (typeof answer === 'string') expect(body).toBe(answer);
    else expect(body).toMatch(answer);
  });

  test('a file beside the document is run with what lies beside it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'archipel-function-'));
    try {
      mkdirSync(join(directory, 'functions/node_modules/greeting'), { recursive: true });
      writeFileSync(join(directory, 'functions/node_modules/greeting/index.js'), 'module.exports = "hello";');
      writeFileSync(
        join(directory, 'functions/orders.js'),
        'const word = require("greeting"); exports.api = { get: async () => word };',
      );
      await fn.start({ file: 'functions/orders.js', handler: 'api.get' }, { directory });
      expect((await fn.ask()).body).toBe('hello');
      writeFileSync(join(directory, 'functions/orders.js'), 'exports.api = {');
      await vi.waitFor(() => expect(fn.measure('environments')).toBe(1), { timeout: 15_000 });
      process.kill(environments()[0] as number, 'SIGKILL');
      await vi.waitFor(() => expect(fn.measure('environments')).toBe(0), { timeout: 15_000 });
      expect((await fn.ask()).status).toBe(502);
      expect(await fn.logged('Runtime.UserCodeSyntaxError')).toContain('Runtime.UserCodeSyntaxError');
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test('the Invoke API runs events of any form, and answers an error as it does', async () => {
    await fn.start({
      source:
        'exports.handler = async ({ fail, name }) => { if (fail) throw new RangeError(fail); return "hello " + name; };',
    });
    const invoke = (event: unknown, type = 'RequestResponse') =>
      fn.ask('/2015-03-31/functions/fn/invocations', {
        method: 'POST',
        headers: { 'x-amz-invocation-type': type },
        body: JSON.stringify(event),
      });
    expect(await invoke({ name: 'you' })).toMatchObject({ status: 200, body: '"hello you"' });
    expect(await invoke({}, 'DryRun')).toMatchObject({ status: 204, body: '' });
    const failed = await invoke({ fail: 'too far' });
    expect(failed).toMatchObject({ status: 200, headers: { 'x-amz-function-error': 'Unhandled' } });
    expect(JSON.parse(failed.body)).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
  });
});

describe('what goes wrong', () => {
  test.each([
    ['throws', 'exports.handler = async () => { throw new TypeError("no"); };', 502, 'handler-error', 'TypeError: no'],
    [
      'throws at once',
      'exports.handler = () => { throw new TypeError("no"); };',
      502,
      'handler-error',
      'TypeError: no',
    ],
    [
      'answers with no HTTP response',
      'exports.handler = async () => ({ statusCode: "none" });',
      502,
      'handler-error',
      'what is no HTTP response',
    ],
    ['answers with what is no JSON', 'exports.handler = async () => 1n;', 502, 'handler-error', 'BigInt'],
    [
      'never settles its promise',
      'exports.handler = async () => new Promise(() => {});',
      502,
      'handler-error',
      'never',
    ],
    [
      'leaves an error uncaught',
      'exports.handler = () => new Promise(() => setTimeout(() => { throw new Error("late"); }));',
      502,
      'handler-error',
      'late',
    ],
    ['ends its process', 'exports.handler = async () => process.exit(3);', 502, 'crash', 'Runtime.ExitError'],
    ['spins', 'exports.handler = async () => { for (;;); };', 504, 'timeout', 'Task timed out after 0.40 seconds'],
    [
      'waits too long',
      'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));',
      504,
      'timeout',
      'Task timed out after 0.40 seconds',
    ],
    ['throws at INIT', 'throw new Error("not today");', 502, 'crash', 'not today'],
    ['ends its process at INIT', 'process.exit(0);', 502, 'crash', 'INIT failed'],
    ['exports nothing', 'const handler = 1;', 502, 'crash', 'handler is undefined'],
    ['needs what is not there', 'require("nothing-of-the-kind");', 502, 'crash', 'nothing-of-the-kind'],
    [
      'leaks',
      'const all = []; exports.handler = async () => { for (;;) all.push(new Array(100_000).fill(all.length)); };',
      502,
      'crash',
      'Runtime.',
    ],
  ])(
    "one that %s: the caller gets the platform's error, and no environment is left that cannot be used",
    async (what, source, status, reason, why) => {
      await fn.start({
        source,
        timeoutMs: what === 'leaks' ? 20_000 : 400,
        memoryMb: what === 'leaks' ? 128 : 1769,
        idleTimeoutMs: 60_000,
      });
      const answer = await fn.ask();
      expect(answer).toMatchObject({
        status,
        headers: { 'x-archipel-failure-reason': reason, 'x-archipel-failure-hop': 'fn' },
      });
      if (reason !== 'handler-error') await vi.waitFor(() => expect(environments()).toEqual([]), { timeout: 15_000 });
      expect(await fn.logged(why)).toBeTruthy();
      expect(engine.frame().nodes.fn?.state).toBe('ready');
      await vi.waitFor(
        () =>
          expect(
            (fn.measure('functionErrors') ?? 0) + (fn.measure('crashes') ?? 0) + (fn.measure('timeouts') ?? 0),
          ).toBe(1),
        { timeout: 15_000 },
      );
    },
  );

  test('an environment that spins ends with its platform', async () => {
    await fn.start({ source: 'exports.handler = async () => { for (;;); };', timeoutMs: 60_000 });
    void fn.ask().catch(() => {});
    await vi.waitFor(() => expect(environments()).toHaveLength(1), { timeout: 15_000 });
    const [pid] = environments() as [number];
    process.kill(fn.platformPid(), 'SIGKILL');
    await vi.waitFor(() => expect(exists(pid)).toBe(false), { timeout: 15_000 });
  });
});

describe.runIf(process.platform === 'linux')('an environment that spins, in a directory of the user', () => {
  test.each([
    ['its engine', (owner: number, _: number) => [owner]],
    ['its platform, and then its engine', (owner: number, platform: number) => [platform, owner]],
    ['its engine, and then its platform', (owner: number, platform: number) => [owner, platform]],
  ])('does not outlive %s', async (_, victims) => {
    const directory = mkdtempSync(join(tmpdir(), 'function-of-a-user-'));
    const owner = spawn(process.execPath, [join(import.meta.dirname, 'owner.fixture.ts'), directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => {
      owner.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    });
    const [line] = (await once(createInterface(owner.stdout), 'line')) as [string];
    const told: { platform: number; environments: number[] } = JSON.parse(line);
    expect(told.environments).toHaveLength(1);
    for (const pid of victims(owner.pid as number, told.platform)) process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect([told.platform, ...told.environments].filter(exists)).toEqual([]), {
      timeout: 15_000,
    });
  });
});

describe('events that nobody waits for', () => {
  const failing = 'exports.handler = async (event) => { console.log("tried", event.rawPath); throw new Error("no"); };';

  test('are answered at once and handled later', async () => {
    await fn.start({ source: 'exports.handler = async () => console.log("handled");', invocation: 'event' });
    expect(await fn.ask()).toMatchObject({ status: 202, body: '' });
    expect(await fn.logged('handled')).toContain('handled');
  });

  test('are retried, and then go along the dead-letter edge with what went wrong', async () => {
    const letters = node('letters', 'function-lambda', {
      source: 'exports.handler = async ({ body }) => console.log("LETTER", body);',
    });
    await fn.start(
      {
        source: failing,
        invocation: 'event',
        asynchronous: { retries: 2, retryDelayMs: 20, deadLetterEdge: 'fn-letters' },
      },
      { nodes: [letters], edges: [{ id: 'fn-letters', source: 'fn', target: 'letters', config: {} }] },
    );
    expect((await fn.ask('/order')).status).toBe(202);
    await vi.waitFor(() => expect(fn.measure('eventsDeadLettered')).toBe(1), { timeout: 15_000 });
    const letter = JSON.parse((await fn.logged('LETTER', 'letters')).split('LETTER ')[1] ?? '');
    expect(letter).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { rawPath: '/order' },
      responsePayload: { errorType: 'Error', errorMessage: 'no' },
    });
    expect(fn.measure('invocations')).toBe(3);
    expect(fn.measure('eventRetries')).toBe(2);
  });

  test('are dropped and counted where no edge takes them', async () => {
    await fn.start({ source: failing, invocation: 'event', asynchronous: { retries: 0 } });
    await fn.ask();
    await vi.waitFor(() => expect(fn.measure('eventsDropped')).toBe(1), { timeout: 15_000 });
  });
});

test('a smaller memory size takes longer for the same work, as long as its share of a CPU says', async () => {
  const burning = `exports.handler = async () => {
    const from = process.cpuUsage();
    const usedUs = () => { const { user, system } = process.cpuUsage(from); return user + system; };
    while (usedUs() < 40_000);
    return usedUs() / 1000;
  };`;
  await fn.start({ source: burning, memoryMb: 442 });
  await fn.ask();
  const fromMs = performance.now();
  const cpuMs = Number((await fn.ask()).body);
  const tookMs = performance.now() - fromMs;
  // A quarter of a CPU: 40 ms of work take 160 ms, whatever the handler says.
  expect(tookMs).toBeGreaterThan((cpuMs * 1769) / 442 - 1);
  await vi.waitFor(() => expect(fn.measure('billedMs')).toBeGreaterThan(300), { timeout: 15_000 });
});

test('what several threads burn at once takes as long as one slow CPU needs for all of it', async () => {
  const onThreads = `const { pbkdf2 } = require('node:crypto');
  const burn = () => new Promise((resolve) => pbkdf2('a', 'b', 40_000, 64, 'sha512', resolve));
  exports.handler = async () => {
    const from = process.cpuUsage();
    await Promise.all([burn(), burn(), burn(), burn()]);
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  };`;
  await fn.start({ source: onThreads, memoryMb: 884 });
  await fn.ask();
  const fromMs = performance.now();
  const cpuMs = Number((await fn.ask()).body);
  const tookMs = performance.now() - fromMs;
  expect(cpuMs).toBeGreaterThan(10);
  expect(tookMs).toBeGreaterThanOrEqual((cpuMs * 1769) / 884);
});

test('a document whose code does not parse, or contradicts itself, is refused with all of it', () => {
  const draft = (config: Record<string, unknown>) =>
    parseDocument({ format: 1, name: 'test', nodes: [node('fn', 'function-lambda', config)] }, catalogue);
  const problems = (config: Record<string, unknown>): string[] => {
    const result = draft(config);
    return result.ok ? [] : result.errors.map(({ path, message }) => `${path}: ${message}`);
  };
  expect(problems({ source: 'export const handler = async (event) => {' })).toEqual([
    '$.nodes[0].config.source: line 1, column 42: Unexpected token',
  ]);
  expect(problems({ source: 'exports.handler = 1', file: 'a.js' })).toHaveLength(1);
  expect(problems({})).toEqual(['$.nodes[0].config.source: there is no code']);
  expect(
    problems({
      source: 'exports.handler = 1',
      reservedConcurrency: 1,
      provisionedConcurrency: 2,
      environment: { AWS_REGION: 'here' },
      asynchronous: { deadLetterEdge: 'nowhere' },
    }),
  ).toHaveLength(3);
});

test('code runs in trusted documents only', async () => {
  const document = documentOf({ nodes: [node('fn', 'function-lambda', { source: 'exports.handler = 1;' })] });
  await expect(engine.startTopology(document)).rejects.toMatchObject({ code: 'document-untrusted' });
});
