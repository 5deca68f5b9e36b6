import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEnvironment } from './environment.ts';
import { exists } from './operating-system.ts';
import { createProcessLog, type ProcessLog } from './process-log.ts';
import { Replica, type ReplicaOptions } from './replica.ts';

let directory: string;
let log: ProcessLog;
let replica: Replica | null;
const spawned: number[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-replica-'));
  log = createProcessLog({ nodeId: 'orders', replica: 0, file: join(directory, 'log'), onLines: () => {} });
  replica = null;
  spawned.length = 0;
});

afterEach(async () => {
  await replica?.kill('the test is over');
  log.close();
  await rm(directory, { recursive: true, force: true });
  for (const pid of spawned) expect(exists(pid)).toBe(false);
});

function create(bundle: string, config: unknown = {}, changed: Partial<ReplicaOptions> = {}): Replica {
  const environment = createEnvironment('replica-test');
  replica = new Replica({
    nodeId: 'orders',
    nodeName: 'Orders',
    replica: 0,
    launch: { type: 'node', bundle },
    environment: { ...environment, bundleFile: (name) => join(import.meta.dirname, 'fixtures', name) },
    log,
    config: () => config,
    edges: () => [],
    onChange: () => {},
    onSpawn: (pid) => spawned.push(pid),
    onGone: () => {},
    onFrame: () => {},
    onAddress: async () => {},
    ...changed,
  });
  return replica;
}

const notes = (): string[] => log.lines().flatMap(({ stream, text }) => (stream === 'engine' ? [text] : []));

test('a program that crashes at start is reported with its exit and its last words', async () => {
  await expect(create('crash-at-start.cjs').start()).rejects.toThrow(
    /"Orders" did not become ready: the process ended[\s\S]*cannot read its settings/,
  );
  expect(replica?.status()).toMatchObject({ state: 'dead', pid: null });
  expect(notes()).toEqual([expect.stringMatching(/^did not become ready: the process ended/)]);
});

test('a program that hangs at start is ended when its time is up', async () => {
  await expect(create('hang-at-start.cjs', {}, { readyWithinMs: 700 }).start()).rejects.toThrow(
    'it hangs: no port was opened in time',
  );
  expect(replica?.status()).toMatchObject({ state: 'dead', pid: null });
});

test('a file that is no program is reported, and nothing runs', async () => {
  await expect(create('no-such-file.cjs').start()).rejects.toThrow('did not become ready');
  expect(replica?.pid).toBeNull();
});

test('a program that ignores its stop and SIGTERM is killed at the deadline', async () => {
  const stubborn = create('program.cjs', { ignoresStop: true });
  await stubborn.start();
  const pid = stubborn.pid as number;
  process.kill(pid, 'SIGTERM');
  expect(await stubborn.healthy(1000)).toBe(true);
  await stubborn.stop(300);
  expect(exists(pid)).toBe(false);
  expect(notes().slice(-3)).toEqual(['stopping', 'did not stop within 300 ms and was killed', 'ended: stopped']);
});

test('a program that floods its log is bounded, shown as degraded, and still stops', async () => {
  const flooding = create('program.cjs', { floodLines: true });
  await flooding.start();
  await vi.waitFor(
    () => {
      flooding.check();
      expect(flooding.status()).toMatchObject({ state: 'degraded', reason: expect.stringContaining('floods its log') });
    },
    { timeout: 15_000, interval: 50 },
  );
  expect(log.lines().length).toBeLessThanOrEqual(1000);
  await flooding.stop(2000);
  expect((await stat(join(directory, 'log'))).size).toBeLessThan(11 * 1024 * 1024);
});

test('a program whose event loop hangs is degraded, and can be killed', async () => {
  const spinning = create('program.cjs');
  await spinning.start();
  spinning.call('spin', null).catch(() => {});
  await vi.waitFor(
    () => {
      spinning.check();
      expect(spinning.status()).toMatchObject({ state: 'degraded', reason: expect.stringContaining('event loop') });
    },
    { timeout: 15_000, interval: 50 },
  );
  spinning.check();
  expect(notes().slice(1)).toEqual(['degraded: its event loop has not answered for over a second']);
  const pid = spinning.pid as number;
  await spinning.stop(100);
  expect(exists(pid)).toBe(false);
});

test('a kill from outside shows as dead with its signal, and another process can take its place', async () => {
  const addresses: (number | null)[] = [];
  const killed = create(
    'program.cjs',
    {},
    { onAddress: async (address) => void addresses.push(address?.ports[0] ?? null) },
  );
  await killed.start();
  const first = killed.pid as number;
  process.kill(first, 'SIGKILL');
  await vi.waitFor(
    () => expect(killed.status()).toMatchObject({ state: 'dead', pid: null, reason: 'ended by SIGKILL from outside' }),
    { timeout: 1000 },
  );
  expect(addresses[addresses.length - 1]).toBeNull();
  await killed.start();
  expect(killed.state).toBe('ready');
  expect(killed.pid).not.toBe(first);
  await killed.kill('killed by a fault');
  expect(notes()).toEqual([
    expect.stringMatching(new RegExp(`^ready after \\d+ ms, cold start, process ${first}, port \\d+$`)),
    'ended by SIGKILL from outside',
    'starts again',
    expect.stringMatching(/^ready after/),
    'ended: killed by a fault',
  ]);
  expect(log.written(0).join()).not.toContain('ready after');
});

test.runIf(process.platform === 'linux')(
  'a stopped process shows as paused, and as ready when it goes on',
  async () => {
    const paused = create('program.cjs');
    await paused.start();
    process.kill(paused.pid as number, 'SIGSTOP');
    await vi.waitFor(() => {
      paused.check();
      expect(paused.state).toBe('paused');
    }, 15_000);
    process.kill(paused.pid as number, 'SIGCONT');
    await vi.waitFor(() => {
      paused.check();
      expect(paused.state).toBe('ready');
    }, 15_000);
    expect(notes().slice(1)).toEqual([expect.stringMatching(/^paused: .*SIGSTOP/), 'goes on']);
  },
);
