import { afterEach, expect, test, vi } from 'vitest';
import { type EngineAddress, type EngineHost, startEngineHost } from './engine-host.ts';

const announce = `console.log(JSON.stringify({ url: 'ws://127.0.0.1:1/api', token: 'token-' + process.pid }));`;
const orderly = `${announce} process.stdin.on('data', (line) => String(line) === 'stop\\n' && process.exit(0));`;
const stubborn = `${announce} setInterval(() => {}, 1000);`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

let host: EngineHost | undefined;
afterEach(() => host?.stop({ deadlineMs: 0 }));

function start(program: string, onFailure?: (failure: { failures: number; message: string }) => void) {
  const addresses: EngineAddress[] = [];
  host = startEngineHost({
    command: process.execPath,
    args: ['-e', program],
    env: process.env,
    firstRetryMs: 10,
    onAddress: (address) => addresses.push(address),
    onFailure,
  });
  return { host, addresses };
}

const runningPid = async (running: EngineHost): Promise<number> => {
  await running.address();
  const pid = running.pid();
  if (pid === null) throw new Error('the engine has no process');
  return pid;
};

test('the address is what the engine prints', async () => {
  const { host, addresses } = start(orderly);
  const pid = await runningPid(host);
  expect(await host.address()).toEqual({ url: 'ws://127.0.0.1:1/api', token: `token-${pid}` });
  expect(addresses).toHaveLength(1);
});

test('an engine that is killed is started again, and its new address is told', async () => {
  const { host, addresses } = start(orderly);
  const first = await runningPid(host);
  process.kill(first, 'SIGKILL');
  await vi.waitUntil(() => addresses.length === 2, { timeout: 15_000 });
  const second = await runningPid(host);
  expect(second).not.toBe(first);
  expect((await host.address()).token).toBe(`token-${second}`);
});

test('an engine that does not answer any more is killed when asked, and another takes its place', async () => {
  const { host, addresses } = start(orderly);
  const first = await runningPid(host);
  // Windows cannot stop a process.
  if (process.platform !== 'win32') process.kill(first, 'SIGSTOP');
  host.restart();
  await vi.waitUntil(() => addresses.length === 2, { timeout: 15_000 });
  expect(isAlive(first)).toBe(false);
  expect(await runningPid(host)).not.toBe(first);
});

test('stopping tells the engine, which then ends by itself', async () => {
  const { host } = start(orderly);
  const pid = await runningPid(host);
  await host.stop({ deadlineMs: 20_000 });
  expect(isAlive(pid)).toBe(false);
  expect(host.pid()).toBeNull();
});

test('an engine that does not listen is killed at the deadline', async () => {
  const { host } = start(stubborn);
  const pid = await runningPid(host);
  await host.stop({ deadlineMs: 100 });
  expect(isAlive(pid)).toBe(false);
});

test('an engine that cannot start is tried again and again, with what it said last', async () => {
  const failures: { failures: number; message: string }[] = [];
  const { host } = start(`console.error('port taken'); process.exit(3)`, (failure) => failures.push(failure));
  await vi.waitUntil(() => failures.length === 3, { timeout: 15_000 });
  await host.stop();
  expect(failures.map((failure) => failure.failures)).toEqual([1, 2, 3]);
  expect(failures[0]?.message).toContain('code 3');
  expect(failures[0]?.message).toContain('port taken');
});

test('a program that does not exist is a failure, not a crash', async () => {
  const failures: string[] = [];
  host = startEngineHost({
    command: '/no/such/program',
    args: [],
    env: process.env,
    firstRetryMs: 60_000,
    onAddress: () => {},
    onFailure: ({ message }) => failures.push(message),
  });
  await vi.waitUntil(() => failures.length === 1, { timeout: 15_000 });
  expect(failures[0]).toContain('cannot be started');
});
