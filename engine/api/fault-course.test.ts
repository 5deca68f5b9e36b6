import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FaultTarget } from '../model/fault.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route } from './fixtures.ts';
import type { FaultStatus } from './types.ts';

/*
 * What any fault may be given – schedule, ramp, probability, selection – as who suffers sees it, once for each mechanism
 * that carries it out: on links, in processes, by signals. The arithmetic is tested with a clock of its own elsewhere.
 */

const depots = ['depot0', 'depot1', 'depot2', 'depot3'];
const document = documentOf({
  groups: [
    {
      ...{ id: 'north', kind: 'zone', name: 'north', parent: null },
      ...{ position: { x: 0, y: 0 }, size: { width: 400, height: 300 } },
    },
  ],
  nodes: [
    node('shop', 'service', {
      routes: depots.map((depot) => route(`/${depot}`, { do: 'call', edge: `shop-${depot}`, path: '/' })),
    }),
    ...depots.map((depot) => ({ ...node(depot, 'service', { routes: [route('/')] }), group: 'north' })),
    node('farm', 'service', { replicas: 4, routes: [route('/')] }),
  ],
  edges: depots.map((depot) => edge('shop', depot, { timeoutMs: 2000 })),
});

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
  await engine.startTopology(document);
}, 60_000);
afterEach(() => engine.clearAllFaults());
afterAll(() => engine.close());

const portOf = (id: string, replica = 0): number => engine.frame().nodes[id]?.replicas[replica]?.port as number;
const ask = async (url: string): Promise<{ ok: boolean; tookMs: number }> => {
  const fromMs = performance.now();
  const ok = await fetch(url, { signal: AbortSignal.timeout(3000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
  return { ok, tookMs: performance.now() - fromMs };
};
const callDepot = (number = 0) => ask(`http://127.0.0.1:${portOf('shop')}/depot${number}`);
const askFarm = (replica: number) => ask(`http://127.0.0.1:${portOf('farm', replica)}/`);
const statusOf = (id: string): FaultStatus => engine.frame().faults.find((fault) => fault.id === id) as FaultStatus;
const take = (count: number, act: () => Promise<{ ok: boolean }>): Promise<boolean[]> =>
  Array.from({ length: count }).reduce<Promise<boolean[]>>(
    async (before) => [...(await before), (await act()).ok],
    Promise.resolve([]),
  );
const off = async (id: string): Promise<void> => {
  expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
};

test.each([
  ['latency', { edge: 'shop-depot0' } as FaultTarget, { latencyMs: 300 }, () => callDepot()],
  ['http-delay', { edge: 'shop-depot0' } as FaultTarget, { delayMs: 300 }, () => callDepot()],
])(
  'a ramp on a link: "%s" grows from nothing to all of it while requests go on',
  async (fault, target, parameters, act) => {
    const { id, startedAtMs } = await engine.injectFault({ fault, target, parameters, rampMs: 2000, leaseMs: 60_000 });
    const seen: { share: number; tookMs: number }[] = [];
    for (let share = 0; share < 1.4; ) {
      share = (Date.now() - startedAtMs) / 2000;
      seen.push({ share, tookMs: (await act()).tookMs });
    }
    // It grows while a request is on its way, and the machine takes its time besides: never less, and in the middle not yet all.
    for (const { share, tookMs } of seen)
      expect([share, tookMs, tookMs > 300 * Math.min(1, share) - 60]).toEqual([share, tookMs, true]);
    const fastest = (from: number, to: number): number =>
      Math.min(...seen.filter(({ share }) => share >= from && share < to).map(({ tookMs }) => tookMs));
    expect(fastest(0, 0.1)).toBeLessThan(100);
    expect(fastest(0.2, 0.5)).toBeLessThan(200);
    expect(fastest(1, 2)).toBeGreaterThanOrEqual(295);
    await expect.poll(() => statusOf(id).proofOfEffect, { timeout: 15_000 }).toMatchObject({ holds: true });
    await off(id);
  },
);

test.each([
  ['a link', 'http-error', { edge: 'shop-depot0' } as FaultTarget, () => callDepot()],
  ['a process', 'handler-error', { node: 'farm', replica: 0 } as FaultTarget, () => askFarm(0)],
])('a schedule on %s: requests meet it in its turns and only there', async (_, fault, target, act) => {
  const { id } = await engine.injectFault({
    ...{ fault, target, parameters: {}, leaseMs: 60_000 },
    schedule: { type: 'every', periodMs: 1000, onMs: 400 },
  });
  const inTurn = { on: [] as boolean[], between: [] as boolean[] };
  while (statusOf(id).activations < 4) {
    const before = statusOf(id);
    const { ok } = await act();
    const after = statusOf(id);
    // Those at the edge of a turn may have met either.
    if (before.activations !== after.activations || before.active !== after.active) continue;
    if (before.nextAtMs !== null && before.nextAtMs - Date.now() < 50) continue;
    inTurn[before.active ? 'on' : 'between'].push(!ok);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(inTurn.on.length).toBeGreaterThan(20);
  expect(inTurn.between.length).toBeGreaterThan(20);
  const share = (met: boolean[]): number => met.filter(Boolean).length / met.length;
  expect([share(inTurn.on) > 0.9, share(inTurn.between) < 0.1, inTurn]).toEqual([true, true, inTurn]);
  await off(id);
});

test('random times on a link replay from their seed', async () => {
  /** How long it waited for each of its first turns, by the turn's number; a wait of next to nothing is never seen. */
  const gaps = async (seed: number): Promise<Map<number, number>> => {
    const { id } = await engine.injectFault({
      ...{ fault: 'latency', target: { edge: 'shop-depot0' }, parameters: { latencyMs: 20 } },
      ...{ schedule: { type: 'random', meanGapMs: 300, onMs: 50 }, seed, leaseMs: 60_000 },
    });
    const waited = new Map<number, number>();
    let sinceMs = statusOf(id).startedAtMs;
    const follow = (): number => {
      const { active, activations, nextAtMs } = statusOf(id);
      if (active) sinceMs = Date.now();
      else if (nextAtMs !== null && !waited.has(activations)) waited.set(activations, nextAtMs - sinceMs);
      return activations;
    };
    await expect.poll(follow, { timeout: 20_000, interval: 5 }).toBeGreaterThanOrEqual(5);
    await engine.clearFault({ id });
    return waited;
  };
  const [first, again, other] = [await gaps(5), await gaps(5), await gaps(6)];
  const farthest = (a: Map<number, number>, b: Map<number, number>): number =>
    Math.max(...[...a].flatMap(([turn, gap]) => (b.has(turn) ? Math.abs(gap - (b.get(turn) as number)) : [])));
  expect(first.size).toBeGreaterThanOrEqual(4);
  expect([farthest(first, again) < 60, first, again]).toEqual([true, first, again]);
  expect(farthest(first, other)).toBeGreaterThan(60);
});

test.each([
  ['on a link', 'http-error', { edge: 'shop-depot0' } as FaultTarget, () => callDepot()],
  ['in a process', 'handler-error', { node: 'farm', replica: 0 } as FaultTarget, () => askFarm(0)],
])(
  'probability for each request %s: so many, and the same ones with the same seed',
  async (_, fault, target, act) => {
    const draw = async (seed: number): Promise<boolean[]> => {
      const { id } = await engine.injectFault({
        fault,
        target,
        parameters: {},
        probability: 0.3,
        seed,
        leaseMs: 60_000,
      });
      const outcomes = await take(200, act);
      await off(id);
      return outcomes;
    };
    const [first, again, other] = [await draw(3), await draw(3), await draw(4)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    // Four standard deviations of a binomial: one false alarm in some ten thousand seeds, and these are always the same.
    const failed = first.filter((ok) => !ok).length;
    expect([failed, Math.abs(failed - 60) < 4 * Math.sqrt(200 * 0.3 * 0.7)]).toEqual([failed, true]);
  },
  60_000,
);

const slow = { fault: 'latency', parameters: { latencyMs: 200 }, leaseMs: 60_000 };
const edges = depots.map((depot) => `shop-${depot}`);

test.each([
  ['one', 1],
  [{ fixed: 3 }, 3],
  [{ percent: 50 }, 2],
  ['all', 4],
] as const)('of several edges, %j: those that are named suffer, and no others', async (select, count) => {
  const request = { ...slow, target: { edges, select }, seed: 8 };
  const { id, members = [] } = await engine.injectFault(request);
  expect(members).toHaveLength(count);
  const suffers = await Promise.all(depots.map(async (_, number) => (await callDepot(number)).tookMs > 150));
  expect(edges.filter((_, number) => suffers[number])).toEqual(
    members.flatMap((member) => ('edge' in member ? member.edge : [])),
  );
  await off(id);
  const again = await engine.injectFault(request);
  expect(again.members).toEqual(members);
  await off(again.id);
});

test.each([
  ['replicas', { node: 'farm', replica: 0 } as const],
  ['a group', { group: 'north' } as const],
  ['everything', { topology: true } as const],
])('of %s, half: those that are named suffer, and no others', async (what, target) => {
  const { id, members = [] } = await engine.injectFault({
    ...{
      fault: 'handler-error',
      target: { ...target, select: { percent: 50 } },
      parameters: {},
      seed: 21,
      leaseMs: 60_000,
    },
  });
  const everybody = engine.frame().nodes;
  const all = Object.values(everybody).flatMap(({ id: nodeId, replicas }) =>
    replicas.map(({ replica }) => ({ node: nodeId, replica })),
  );
  const among = all.filter(({ node: nodeId }) =>
    what === 'replicas' ? nodeId === 'farm' : what === 'a group' ? depots.includes(nodeId) : true,
  );
  expect(members).toHaveLength(Math.round(among.length / 2));
  const suffers = await Promise.all(
    all.map(async ({ node: nodeId, replica }) => {
      const path = nodeId === 'shop' ? '/nowhere' : '/';
      const answer = await fetch(`http://127.0.0.1:${portOf(nodeId, replica)}${path}`);
      await answer.arrayBuffer();
      return answer.status === 500;
    }),
  );
  const harmed = all.filter((_, index) => suffers[index]);
  // What is not there is answered before any handler.
  expect(harmed).toEqual(members.filter((member) => !('node' in member && member.node === 'shop')));
  await engine.clearFault({ id });
  expect((await Promise.all([0, 1, 2, 3].map(askFarm))).every(({ ok }) => ok)).toBe(true);
});
