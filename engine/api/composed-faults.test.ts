import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../faults/index.ts';
import { exists } from '../runtime/operating-system.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { onAnything, onGroups } from './fault-matrix.fixture.ts';
import { documentOf, edge, node, route } from './fixtures.ts';
import type { EngineFrame, FaultStatus, LogLine } from './types.ts';

/* Faults that are made of others, on real processes: hosts and zones that are gone or far away, and mysteries. */

const group = (id: string, kind: 'host' | 'zone', parent: string | null = null) => ({
  ...{ id, kind, parent, name: id },
  position: { x: 0, y: 0 },
  size: { width: 400, height: 300 },
});

/** Visitors outside; a zone with the shop on a host in it, and a cache beside the host. */
const document = documentOf({
  groups: [group('north', 'zone'), group('rack', 'host', 'north')],
  nodes: [
    node('visitors', 'client'),
    { ...node('shop', 'service', { replicas: 2, routes: [route('/a')] }), group: 'rack' },
    { ...node('depot', 'service', { routes: [route('/b')] }), group: 'north' },
  ],
  edges: [edge('visitors', 'shop', { timeoutMs: 2000 }), edge('visitors', 'depot'), edge('shop', 'depot')],
  scenarios: [
    {
      name: 'both',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'visitors',
          ratePerSec: 50,
          routes: [
            { path: '/a', edge: 'visitors-shop' },
            { path: '/b', edge: 'visitors-depot' },
          ],
        },
      ],
    },
  ],
});

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
  await engine.startTopology(document);
}, 60_000);
afterAll(() => engine.close());

const statusOf = (id: string): FaultStatus => engine.frame().faults.find((fault) => fault.id === id) as FaultStatus;
const states = (): Record<string, string> =>
  Object.fromEntries(Object.values(engine.frame().nodes).map(({ id, state }) => [id, state]));
const pidsOf = (id: string): number[] => engine.frame().nodes[id]?.replicas.flatMap(({ pid }) => pid ?? []) as number[];
const untilProven = async (id: string): Promise<FaultStatus> => {
  await expect.poll(() => statusOf(id).proofOfEffect, { timeout: 15_000 }).not.toBeNull();
  return statusOf(id);
};

test('a host that is down takes all its processes along and nothing beside it, and all come back', async () => {
  const before = pidsOf('shop');
  const { id } = await engine.injectFault({
    fault: 'host-down',
    target: { group: 'rack' },
    parameters: {},
    leaseMs: 60_000,
  });
  expect(before.map(exists)).toEqual([false, false]);
  expect(states()).toMatchObject({ shop: 'dead', depot: 'ready', visitors: 'ready' });
  const on = await untilProven(id);
  expect(on).toMatchObject({ state: 'on', proofOfEffect: { holds: true } });
  expect(on.parts?.find(({ fault }) => fault === 'kill')).toMatchObject({
    members: [
      { node: 'shop', replica: 0 },
      { node: 'shop', replica: 1 },
    ],
    proofOfEffect: { holds: true },
    endedAtMs: null,
  });
  const off = await engine.clearFault({ id });
  expect(off).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
  expect(off.parts?.every(({ proofOfRemoval, endedAtMs }) => proofOfRemoval?.holds && endedAtMs !== null)).toBe(true);
  await expect.poll(states, { timeout: 15_000 }).toMatchObject({ shop: 'ready', depot: 'ready' });
});

test('a zone that is down takes the hosts in it along', async () => {
  const before = [...pidsOf('shop'), ...pidsOf('depot')];
  const { id } = await engine.injectFault({
    fault: 'zone-down',
    target: { group: 'north' },
    parameters: {},
    leaseMs: 60_000,
  });
  expect(before.map(exists)).toEqual([false, false, false]);
  expect(await untilProven(id)).toMatchObject({ proofOfEffect: { holds: true } });
  expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
  await expect.poll(states, { timeout: 15_000 }).toMatchObject({ shop: 'ready', depot: 'ready' });
});

test.each([
  ['refuse', 'refused'],
  ['black-hole', 'timeout'],
])(
  'who calls a host that is down meets "%s", also where a replica is started there meanwhile',
  async (connections, reason) => {
    const scenario = document.scenarios[0] as (typeof document.scenarios)[number];
    await engine.startTraffic({ scenario, durationMs: null });
    await expect.poll(() => engine.frame().traffic?.counts.ok ?? 0, { timeout: 15_000 }).toBeGreaterThan(10);
    const { id } = await engine.injectFault({
      fault: 'host-down',
      target: { group: 'rack' },
      parameters: { connections },
      leaseMs: 60_000,
    });
    const on = await untilProven(id);
    expect(on.parts).toMatchObject([
      { fault: connections, members: [{ edge: 'visitors-shop' }], proofOfEffect: { holds: true } },
      { fault: 'kill', proofOfEffect: { holds: true } },
    ]);
    await engine.scaleNode({ node: 'shop', replicas: 3 });
    const failed = (): number => engine.frame().traffic?.counts.failed ?? 0;
    const before = failed();
    await expect.poll(failed, { timeout: 15_000 }).toBeGreaterThan(before + 20);
    expect(engine.frame().nodes.shop?.replicas[2]?.state).toBe('ready');
    const off = await engine.clearFault({ id });
    expect(off).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
    await engine.scaleNode({ node: 'shop', replicas: 2 });
    const { traffic, conservation, edges } = await engine.stopTraffic();
    expect(conservation).toMatchObject({ holds: true });
    // Who still waits when the fault ends is reset, and a machine that starts again refuses for a moment.
    const { [reason]: met = 0, reset = 0 }: Record<string, number> = traffic.reasons;
    expect(met).toBeGreaterThan(15);
    expect(met + reset).toBeGreaterThan(0.9 * traffic.failed);
    expect(edges['visitors-depot']?.errors).toBe(0);
  },
  60_000,
);

test('a zone that is far away is far for those outside, and near within', async () => {
  const { id } = await engine.injectFault({
    fault: 'zone-latency',
    target: { group: 'north' },
    parameters: { latencyMs: 200 },
    leaseMs: 60_000,
    rampMs: 300,
  });
  const on = await untilProven(id);
  expect(on).toMatchObject({ proofOfEffect: { holds: true } });
  expect(on.members).toEqual([{ edge: 'visitors-shop' }, { edge: 'visitors-depot' }]);
  expect(on.parts).toMatchObject([{ fault: 'latency', parameters: { latencyMs: 200 } }]);
  expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
});

test.each(onGroups)('on a %s "%s" shows itself, and all is as before when it comes off', async (kind, fault) => {
  const target = { group: kind === 'host' ? 'rack' : 'north' };
  // More than a busy machine takes by itself.
  const parameters = fault === 'zone-latency' ? { latencyMs: 200 } : {};
  const { id } = await engine.injectFault({ fault, target, parameters, leaseMs: 60_000 });
  expect(await untilProven(id)).toMatchObject({ state: 'on', proofOfEffect: { holds: true } });
  expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
  await expect.poll(states, { timeout: 15_000 }).toMatchObject({ shop: 'ready', depot: 'ready' });
});

test.each(onAnything)('on everything "%s" shows itself, and all is as before when it comes off', async (fault) => {
  const parameters = { families: ['process'], eachMs: 60_000 };
  const { id } = await engine.injectFault({ fault, target: { topology: true }, parameters, leaseMs: 60_000, seed: 3 });
  expect(await untilProven(id)).toMatchObject({ state: 'on', proofOfEffect: { holds: true } });
  expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
  await expect.poll(states, { timeout: 15_000 }).toMatchObject({ shop: 'ready', depot: 'ready' });
});

test.each([
  ['host-down', { group: 'north' }, /acts on a host, and "north" is a zone/],
  ['zone-down', { node: 'shop', replica: 0 }, /acts on a whole host or zone/],
  ['zone-latency', { group: 'south' }, /No group "south"/],
  ['zone-latency', { group: 'north', select: 'one' as const }, /acts on a whole host or zone/],
])('%s on %j is refused', async (fault, target, message) => {
  await expect(engine.injectFault({ fault, target, parameters: {}, leaseMs: 1000 })).rejects.toThrow(message);
});

/** All that a front door can see, from here on until it is asked for. */
function watch(): { seen(): string; stop(): void } {
  const aborter = new AbortController();
  const fromMs = Date.now();
  const frames: EngineFrame[] = [];
  const lines: LogLine[] = [];
  void (async () => {
    // Those that were over before are told, and are none of it.
    for await (const frame of engine.frames(aborter.signal))
      frames.push({ ...frame, faults: frame.faults.filter(({ endedAtMs }) => endedAtMs === null) });
  })();
  void (async () => {
    for await (const some of engine.logs({}, aborter.signal)) lines.push(...some.filter(({ atMs }) => atMs >= fromMs));
  })();
  return { seen: () => JSON.stringify([frames, lines]), stop: () => aborter.abort() };
}

test('a mystery names nothing while it is on, and everything with times and proofs when it is over', async () => {
  const [scenario] = document.scenarios;
  await engine.startTraffic({ scenario: scenario as NonNullable<typeof scenario>, durationMs: null });
  const watching = watch();
  const { id } = await engine.injectFault({
    fault: 'mystery',
    target: { topology: true },
    parameters: { families: ['process', 'network'], intensity: 2, eachMs: 1500 },
    leaseMs: 60_000,
    seed: 11,
  });
  const on = await untilProven(id);
  expect(on.proofOfEffect).toMatchObject({ holds: true, evidence: expect.stringMatching(/2 of 2 hidden faults/) });
  expect(on).not.toHaveProperty('parts');
  expect(on).not.toHaveProperty('members');
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const seen = watching.seen();
  watching.stop();

  const off = await engine.clearFault({ id });
  expect(off).toMatchObject({ state: 'off', proofOfRemoval: { evidence: expect.stringMatching(/ on .*#|-/) } });
  // Some faults show nothing in so short a time; the proof of the whole says exactly what those of the parts say.
  expect(off.proofOfRemoval?.holds).toBe(
    off.parts?.every((part) => part.proofOfEffect?.holds !== false && part.proofOfRemoval?.holds === true),
  );
  const parts = off.parts ?? [];
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) {
    expect(part.endedAtMs).toBeGreaterThan(part.startedAtMs);
    expect([part.fault, part.proofOfRemoval?.evidence, part.proofOfRemoval?.holds]).toContain(true);
    expect(part.members.some((member) => 'node' in member && member.node === 'visitors')).toBe(false);
    expect(faults.find(({ fault }) => fault === part.fault)?.family).toMatch(/process|network/);
  }
  // What it did shows: processes went and came. What it is called does not.
  for (const name of [
    /by a fault/,
    /"fault":"(?!mystery")/,
    ...parts.map(({ fault }) => new RegExp(`\\b${fault}-\\d`)),
  ])
    expect(seen.match(name)?.[0]).toBeUndefined();
  expect(seen.includes('"fault":"mystery"')).toBe(true);

  await expect.poll(states, { timeout: 15_000 }).toMatchObject({ shop: 'ready', depot: 'ready' });
  expect((await engine.stopTraffic()).conservation).toMatchObject({ holds: true });
}, 60_000);

test('the same seed draws the same first faults', async () => {
  const draw = async (seed: number) => {
    await expect.poll(states, { timeout: 15_000 }).toMatchObject({ shop: 'ready', depot: 'ready' });
    const { id } = await engine.injectFault({
      fault: 'mystery',
      target: { topology: true },
      parameters: { families: ['process', 'network'], intensity: 2, eachMs: 60_000 },
      leaseMs: 60_000,
      seed,
    });
    await untilProven(id);
    return (await engine.clearFault({ id })).parts?.map(({ fault, members }) => ({ fault, members }));
  };
  const first = await draw(7);
  expect(first).toHaveLength(2);
  expect(await draw(7)).toEqual(first);
}, 60_000);

test('a mystery that finds nothing to act on says so', async () => {
  await expect(
    engine.injectFault({
      fault: 'mystery',
      target: { node: 'visitors', replica: 0 },
      parameters: { families: ['storage'] },
      leaseMs: 1000,
    }),
  ).rejects.toMatchObject({ code: 'fault-impossible' });
});
