import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../api/create-engine.ts';
import type { Engine } from '../api/engine.ts';
import { documentOf, node, route } from '../api/fixtures.ts';
import type { FaultStatus, ReplicaStatus } from '../api/types.ts';
import { kinds } from '../kinds/index.ts';
import { exists } from '../runtime/operating-system.ts';

/* Faults that end processes and decide how they start again, on real processes of a real topology. */

vi.setConfig({ testTimeout: 60_000 });

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const start = async (kind: string, config: Record<string, unknown> = {}): Promise<void> => {
  const defaults = kinds.find((definition) => definition.kind === kind)?.defaults;
  const document = documentOf({ nodes: [node('subject', kind, { ...defaults, ...config })] });
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
};
const service = (config = {}) => start('service', { routes: [route('/')], ...config });

const replica = (index = 0): ReplicaStatus =>
  engine.frame().nodes.subject?.replicas.find((found) => found.replica === index) as ReplicaStatus;
const fault = (id: string): FaultStatus => engine.frame().faults.find((found) => found.id === id) as FaultStatus;
const on = async (name: string, parameters = {}, more = {}): Promise<string> => {
  const target = { node: 'subject', replica: 0 };
  return (await engine.injectFault({ fault: name, target, parameters, leaseMs: 60_000, ...more })).id;
};
const shows = async (id: string): Promise<FaultStatus> => {
  await expect.poll(() => fault(id).proofOfEffect, { timeout: 20_000 }).toMatchObject({ holds: true });
  return fault(id);
};
const comesOff = async (id: string): Promise<FaultStatus> => {
  const off = await engine.clearFault({ id });
  expect(off).toMatchObject({ state: 'off', proofOfRemoval: { holds: true }, error: null });
  await expect.poll(() => replica().state).toBe('ready');
  return off;
};
const ask = (): Promise<number | null> =>
  fetch(`http://127.0.0.1:${replica().port}/`).then(
    ({ status }) => status,
    () => null,
  );
const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

/** Pids that the replica has had, in their order, from now on. */
function watchPids(): { pids: number[]; stop(): void } {
  const pids = [replica().pid as number];
  const timer = setInterval(() => {
    const pid = replica()?.pid;
    if (pid && !pids.includes(pid)) pids.push(pid);
  }, 5);
  return { pids, stop: () => clearInterval(timer) };
}

test('a killed process that nobody restarts stays down until the fault comes off', async () => {
  await service();
  const pid = replica().pid as number;
  const id = await on('kill', { restart: 'never', restartAfterMs: 0 });
  await shows(id);
  expect(exists(pid)).toBe(false);
  expect(replica()).toMatchObject({ state: 'dead', pid: null });
  await comesOff(id);
  expect(await ask()).toBe(200);
});

test('a supervisor restarts a killed process, and a crash loop kills it again as often as it says', async () => {
  await service();
  const watch = watchPids();
  const id = await on('kill', { restart: 'always', restartAfterMs: 50, times: 3, upMs: 100 });
  await shows(id);
  await expect.poll(() => watch.pids.length, { timeout: 20_000 }).toBe(4);
  await expect.poll(() => replica().state).toBe('ready');
  watch.stop();
  expect(watch.pids.map(exists)).toEqual([false, false, false, true]);
  const { proofOfRemoval } = await comesOff(id);
  expect(proofOfRemoval?.evidence).toContain(`after 3 kills process ${watch.pids[3]}`);
  // It was up already: it is not restarted once more.
  expect(replica().pid).toBe(watch.pids[3]);
});

test('a process is killed after so many requests, and not before', async () => {
  await service();
  const pid = replica().pid;
  for (let asked = 0; asked < 5; asked += 1) await ask();
  const id = await on('kill', { afterRequests: 20 });
  for (let asked = 0; asked < 10; asked += 1) expect(await ask()).toBe(200);
  expect(replica().pid).toBe(pid);
  expect(fault(id).proofOfEffect).toBeNull();
  for (let asked = 0; asked < 10; asked += 1) expect(await ask()).toBe(200);
  await shows(id);
  expect(replica().state).toBe('dead');
  await comesOff(id);
});

test('a kill whose requests never come leaves the process alone', async () => {
  await service();
  const { pid } = replica();
  const id = await on('kill', { afterRequests: 1000 });
  expect((await comesOff(id)).proofOfEffect).toMatchObject({ holds: false });
  expect(replica().pid).toBe(pid);
});

test('kills that make no sense are refused', async () => {
  await start('command');
  await expect(on('kill', { afterRequests: 5 })).rejects.toMatchObject({
    code: 'fault-impossible',
    message: expect.stringContaining('does not tell how many requests'),
  });
  await expect(on('kill', { times: 2 })).rejects.toMatchObject({
    code: 'document-invalid',
    message: expect.stringContaining('must be "always"'),
  });
});

test('a foreign program in a crash loop leaves nothing when the topology stops', async () => {
  await start('command');
  const watch = watchPids();
  const id = await on('kill', { restart: 'always', restartAfterMs: 0, times: 1000, upMs: 0 });
  await expect.poll(() => watch.pids.length, { timeout: 30_000 }).toBeGreaterThan(3);
  watch.stop();
  expect(fault(id).state).toBe('on');
  await engine.stopTopology();
  expect(watch.pids.some(exists)).toBe(false);
});

test('a flapping process is paused and goes on, over and over, and is the same afterwards', async () => {
  await service();
  const { pid } = replica();
  const id = await on('pause', {}, { schedule: { type: 'every', periodMs: 900, onMs: 500 } });
  await shows(id);
  await expect.poll(() => fault(id).activations, { timeout: 20_000, interval: 20 }).toBeGreaterThan(2);
  await comesOff(id);
  expect(replica().pid).toBe(pid);
  expect(await ask()).toBe(200);
});

test.each(['service', 'command'])(
  'a %s that starts slowly is up, and gets nothing before its delay is over',
  async (kind) => {
    await start(kind, kind === 'service' ? { routes: [route('/')] } : {});
    const before = replica().pid;
    const id = await on('slow-start', { readyDelayMs: 1500 });
    await expect.poll(() => replica().pid, { timeout: 15_000, interval: 10 }).not.toBe(before);
    await expect.poll(() => replica().pid, { timeout: 15_000, interval: 10 }).not.toBeNull();
    expect(replica()).toMatchObject({ state: 'starting', port: null });
    await shows(id);
    expect(replica().start?.durationMs).toBeGreaterThanOrEqual(1500);
    await comesOff(id);
    await engine.restartProcess({ node: 'subject', replica: 0 });
    expect(replica().start?.durationMs).toBeLessThan(1500);
  },
);

test('a start that is held back goes on when the fault comes off, and replicas that are added start slowly too', async () => {
  await service();
  const slow = await on('slow-start', { readyDelayMs: 600_000 });
  await expect.poll(() => replica().state, { timeout: 15_000 }).toBe('starting');
  await engine.clearFault({ id: slow });
  await expect.poll(() => replica().state, { timeout: 15_000 }).toBe('ready');

  const id = await on('slow-start', { readyDelayMs: 1000, restart: false });
  await engine.scaleNode({ node: 'subject', replicas: 2 });
  expect(replica(1).start?.durationMs).toBeGreaterThanOrEqual(1000);
  await shows(id);
  await comesOff(id);
});

test.each(['service', 'command'])('a %s that fails to start is down until the fault comes off', async (kind) => {
  await start(kind);
  const watch = watchPids();
  const id = await on('failed-start', { retryAfterMs: 50 });
  await shows(id);
  await expect.poll(() => replica().reason).toContain('a fault ended the process before it was ready');
  await expect.poll(() => watch.pids.length, { timeout: 20_000 }).toBeGreaterThan(2);
  const { proofOfRemoval } = await comesOff(id);
  watch.stop();
  expect(proofOfRemoval?.evidence).toMatch(/^(\d+) of \1 starts failed/);
  expect(watch.pids.filter(exists)).toEqual([replica().pid]);
});

test('with a fail rate below 1, the supervisor gets through in the end', async () => {
  await service();
  // Of the numbers that follow from this seed, the first two are below the rate and the third is not.
  const id = await on('failed-start', { failRate: 0.6, retryAfterMs: 20 }, { seed: 6 });
  await shows(id);
  await expect.poll(() => replica().state, { timeout: 15_000 }).toBe('ready');
  expect((await comesOff(id)).proofOfRemoval?.evidence).toMatch(/^2 of 3 starts failed/);
});

test('a program that must have its port does not start while somebody has it', async () => {
  await start('command');
  const { port } = replica();
  const id = await on('port-occupied');
  expect((await shows(id)).proofOfEffect?.evidence).toMatch(/EADDRINUSE|in use/);
  expect(replica()).toMatchObject({ state: 'dead', pid: null });
  expect(await isTaken(port as number)).toBe(true);
  await comesOff(id);
  expect(replica().port).toBe(port);
});

test('a program of ours takes another port, where it is reached', async () => {
  await service();
  const { port, pid } = replica();
  const id = await on('port-occupied');
  await shows(id);
  expect(replica().pid).not.toBe(pid);
  expect(replica().port).not.toBe(port);
  expect(await ask()).toBe(200);
  await comesOff(id);
  expect(await isTaken(port as number)).toBe(false);
});

test('a leak ends a process with a limited heap, which is started again when the leak comes off, and loses its limit', async () => {
  await service();
  const limit = await on('heap-limit', { limitMb: 32 });
  await shows(limit);
  const capped = replica().pid as number;
  const leak = await on('memory-leak', { mbPerSec: 100, limitMb: 1000 });
  await expect.poll(() => replica().state, { timeout: 20_000 }).toBe('dead');
  expect(replica().reason).toContain('needed more memory than the 32 MB that it may use');
  expect(exists(capped)).toBe(false);
  await comesOff(leak);
  expect(replica().pid).not.toBe(capped);
  const capAgain = replica().pid;
  await comesOff(limit);
  expect(replica().pid).not.toBe(capAgain);
});
