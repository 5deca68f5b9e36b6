import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FaultStatus } from '../api/types.ts';
import { startTestLinks, waitFor } from '../runtime/links/links.fixture.ts';
import type { Links } from '../runtime/links/links.ts';
import { dialProbe } from '../runtime/links/probe.ts';
import { measureRoundTrip } from '../runtime/links/round-trip.ts';
import { exists, isStopped } from '../runtime/operating-system.ts';
import { createFaultController, type FaultController, type FaultControllerOptions } from './controller.ts';
import type { EdgeTarget } from './inject.ts';
import { type RealTarget, startRealTarget } from './target.fixture.ts';

let target: RealTarget;
let links: Links;
let port: number;
let faults: FaultController;
let changes: FaultStatus[];
let setFails: Error | null = null;

const shop = { node: 'shop', replica: 0 };
const edge = { edge: 'edge' };
const leaseMs = 60_000;

const edgeTarget: EdgeTarget = {
  edgeId: 'edge',
  protocol: 'http',
  setLinkFault: async (fault) => {
    if (setFails) throw setFails;
    await links.setFault('edge', fault);
  },
  clearLinkFault: (id) => links.clearFault('edge', id),
  linkFaultState: (id) => links.measureFault('edge', id),
  dial: (options) => dialProbe({ protocol: 'http', port, ...options }),
  roundTripMs: (options) => measureRoundTrip({ protocol: 'http', port, ...options }),
};

const controller = (options: Partial<FaultControllerOptions> = {}): FaultController =>
  createFaultController({
    resolveGroup: (id) => (id === 'zone' ? { nodes: ['shop'], processes: [shop], edges: ['edge'] } : null),
    resolveProcess: (node, replica) => (node === 'shop' && replica === 0 ? target : null),
    resolveEdge: (id) => (id === 'edge' ? edgeTarget : null),
    resolveNode: () => null,
    replicasOf: (node) => (node === 'shop' ? [0] : null),
    everything: () => ({ nodes: ['shop'], processes: [shop], edges: ['edge'] }),
    onChange: (status) => changes.push(status),
    ...options,
  });

beforeEach(async () => {
  changes = [];
  setFails = null;
  [target, links] = await Promise.all([startRealTarget(), startTestLinks()]);
  port = await links.openLane('edge', 0);
  await links.setUpstream('edge', 0, { host: '127.0.0.1', port: target.lastPort });
  faults = controller();
});

afterEach(async () => {
  await faults.clearAll('stop');
  await Promise.all([target.dispose(), links.stop()]);
});

const proven = async (id: string): Promise<FaultStatus> => {
  await waitFor('the effect is measured', () => faults.get(id)?.proofOfEffect != null, 10_000);
  return faults.get(id) as FaultStatus;
};

test('the status names whom a target came to', async () => {
  const { members } = await faults.inject({ fault: 'latency', target: { topology: true }, parameters: {}, leaseMs });
  expect(members).toEqual([{ edge: 'edge' }]);
  const killed = await faults.inject({
    fault: 'pause',
    target: { node: 'shop', replica: 0, select: 'one' },
    parameters: {},
    leaseMs,
  });
  expect(killed.members).toEqual([shop]);
});

test('kill: the process is gone while the fault is on, and a new one answers when it is off', async () => {
  const pid = target.pid() as number;
  const { id, state } = await faults.inject({ fault: 'kill', target: shop, parameters: {}, leaseMs });
  expect(state).toBe('on');
  expect(exists(pid)).toBe(false);
  expect((await proven(id)).proofOfEffect).toMatchObject({ holds: true });
  expect(await target.healthy(500)).toBe(false);

  const off = await faults.clear(id);
  expect(off).toMatchObject({ state: 'off', endedBy: 'cleared', proofOfRemoval: { holds: true }, error: null });
  expect(target.pid()).not.toBe(pid);
  expect(await target.healthy(1000)).toBe(true);
  expect(await faults.clear(id)).toEqual(off);
  expect(changes.map((change) => change.state)).toEqual(['starting', 'on', 'on', 'ending', 'ending', 'off']);
});

test('kill, gracefully: the process may drain first', async () => {
  const { id } = await faults.inject({ fault: 'kill', target: shop, parameters: { graceful: true }, leaseMs });
  expect((await proven(id)).proofOfEffect).toMatchObject({ holds: true });
});

test('pause: nothing answers while the fault is on, and the same process answers when it is off', async () => {
  const pid = target.pid() as number;
  const { id } = await faults.inject({ fault: 'pause', target: shop, parameters: {}, leaseMs });
  expect((await proven(id)).proofOfEffect).toMatchObject({ holds: true });
  if (process.platform === 'linux') expect(isStopped(pid)).toBe(true);
  expect(await faults.clear(id)).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
  expect(target.pid()).toBe(pid);
  expect(await target.healthy(1000)).toBe(true);
});

test('pause where the operating system cannot stop a process: its event loop is blocked until the fault is off', async () => {
  const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('archipel-pause-'));
  const before = leftovers();
  faults = controller({ platform: 'win32' });
  const { id } = await faults.inject({ fault: 'pause', target: shop, parameters: {}, leaseMs: 60_000 });
  const { proofOfEffect } = await proven(id);
  expect(proofOfEffect).toMatchObject({ holds: true });
  expect(proofOfEffect?.evidence).toContain('event loop is blocked');
  await faults.renew({ id, leaseMs: 30_000 });
  expect(await faults.clear(id)).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
  expect(leftovers()).toEqual(before);
});

test('latency: the round trip is longer while the fault is on, and as before when it is off', async () => {
  const parameters = { latencyMs: 80, jitterMs: 10, direction: 'upstream' };
  const { id } = await faults.inject({ fault: 'latency', target: edge, parameters, leaseMs });
  expect((await proven(id)).proofOfEffect).toMatchObject({ holds: true });
  expect(await faults.clear(id)).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
});

test('an effect that cannot be seen does not hold, and the fault stays on', async () => {
  await target.end('abrupt');
  const { id } = await faults.inject({ fault: 'latency', target: edge, parameters: {}, leaseMs });
  expect(await proven(id)).toMatchObject({ state: 'on', proofOfEffect: { holds: false } });
});

test('each fault comes off by itself when nobody renews it, and not before', async () => {
  const latency = await faults.inject({ fault: 'latency', target: edge, parameters: {}, leaseMs: 300 });
  const pause = await faults.inject({ fault: 'pause', target: shop, parameters: {}, leaseMs: 300 });
  await faults.renew({ id: pause.id, leaseMs: 900 });
  await waitFor('the lease of the other ends', () => faults.get(latency.id)?.endedAtMs != null, 5000);
  expect(faults.get(pause.id)?.state).toBe('on');
  await waitFor('the renewed lease ends', () => faults.get(pause.id)?.state === 'off', 5000);
  expect(faults.get(pause.id)).toMatchObject({ endedBy: 'lease', proofOfRemoval: { holds: true } });
  expect(await target.healthy(1000)).toBe(true);
  await expect(faults.renew({ id: pause.id, leaseMs })).rejects.toMatchObject({ code: 'wrong-state' });
});

test('a lease runs on the clock that was passed in', async () => {
  let nowMs = 1_000_000;
  const leases: { atMs: number; run: () => void }[] = [];
  faults = controller({
    clock: {
      now: () => nowMs,
      schedule(afterMs, run) {
        const lease = { atMs: nowMs + afterMs, run };
        leases.push(lease);
        return () => leases.splice(leases.indexOf(lease), 1);
      },
    },
  });
  const { id, expiresAtMs } = await faults.inject({ fault: 'pause', target: shop, parameters: {}, leaseMs: 5000 });
  expect(expiresAtMs).toBe(1_005_000);
  nowMs += 4000;
  expect((await faults.renew({ id, leaseMs: 5000 })).expiresAtMs).toBe(1_009_000);
  expect(leases.map(({ atMs }) => atMs)).toEqual([1_009_000]);
  nowMs = 1_009_000;
  leases[0]?.run();
  await waitFor('the fault is off', () => faults.get(id)?.state === 'off');
  expect(faults.get(id)).toMatchObject({ endedAtMs: 1_009_000, endedBy: 'lease' });
  expect(faults.list().map((fault) => fault.id)).toEqual([id]);
  nowMs += 60_001;
  expect(faults.list()).toEqual([]);
});

test('clearAll ends every fault, one that is just starting too, and resolves when all are proven off', async () => {
  const on = await faults.inject({ fault: 'latency', target: edge, parameters: { latencyMs: 20 }, leaseMs });
  const starting = faults.inject({ fault: 'kill', target: shop, parameters: {}, leaseMs });
  const ended = await faults.clearAll();
  expect(ended.map(({ id, state }) => [id, state])).toEqual([
    [on.id, 'off'],
    [(await starting).id, 'off'],
  ]);
  expect(await target.healthy(1000)).toBe(true);
});

test('a fault that cannot be put on leaves nothing behind', async () => {
  setFails = new Error('the link is gone');
  await expect(faults.inject({ fault: 'latency', target: edge, parameters: {}, leaseMs })).rejects.toThrow(
    'link is gone',
  );
  expect(faults.list()).toEqual([]);
  setFails = null;
  expect(await edgeTarget.roundTripMs({ samples: 3, timeoutMs: 1000 })).toBeLessThan(50);

  await target.end('abrupt');
  for (const fault of ['kill', 'pause'])
    await expect(faults.inject({ fault, target: shop, parameters: {}, leaseMs })).rejects.toMatchObject({
      code: 'fault-impossible',
    });
  expect(faults.list()).toEqual([]);
});

test('requests that make no sense are refused with a code and every error', async () => {
  const refused = (request: object) =>
    expect(faults.inject({ fault: 'latency', target: edge, parameters: {}, leaseMs, ...request })).rejects;
  await refused({ fault: 'flood' }).toMatchObject({ code: 'not-found' });
  await refused({ target: { edge: 'nowhere' } }).toMatchObject({ code: 'not-found' });
  await refused({ fault: 'kill', target: { node: 'shop', replica: 7 } }).toMatchObject({ code: 'not-found' });
  await refused({ target: shop }).toMatchObject({ code: 'fault-impossible' });
  await refused({ parameters: { latencyMs: -1, jitter: 3, direction: 'sideways' } }).toMatchObject({
    code: 'document-invalid',
    errors: expect.arrayContaining(
      ['$.parameters.latencyMs', '$.parameters.jitter', '$.parameters.direction'].map((path) =>
        expect.objectContaining({ path }),
      ),
    ),
  });
  target.faults = ['kill'];
  await refused({ fault: 'pause', target: shop }).toMatchObject({ code: 'fault-impossible' });
  await expect(faults.clear('latency-99')).rejects.toMatchObject({ code: 'not-found' });
});

test('a second fault on a process, or the same one on an edge, is refused and names the first', async () => {
  const { id } = await faults.inject({ fault: 'pause', target: shop, parameters: {}, leaseMs });
  await expect(faults.inject({ fault: 'kill', target: shop, parameters: {}, leaseMs })).rejects.toThrow(id);
  await faults.clear(id);
  await faults.inject({ fault: 'kill', target: shop, parameters: {}, leaseMs });
});

test('a paused process that is killed from outside: the fault ends, and its removal says what happened', async () => {
  const pid = target.pid() as number;
  const { id } = await faults.inject({ fault: 'pause', target: shop, parameters: {}, leaseMs });
  process.kill(pid, 'SIGKILL');
  await waitFor('the process is gone', () => target.pid() === null);
  const off = await faults.clear(id);
  expect(off).toMatchObject({ state: 'off', proofOfRemoval: { holds: false } });
  expect(off.proofOfRemoval?.evidence).toContain(`process ${pid} ended meanwhile`);
});

test('a process that does not come back after a kill makes the fault fail, with the reason', async () => {
  const { id } = await faults.inject({ fault: 'kill', target: shop, parameters: {}, leaseMs });
  target.failStart = true;
  expect(await faults.clear(id)).toMatchObject({ state: 'failed', error: 'no memory left' });
});
