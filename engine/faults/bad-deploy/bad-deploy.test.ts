import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, node, route } from '../../api/fixtures.ts';
import type { FaultStatus } from '../../api/types.ts';
import { exists } from '../../runtime/operating-system.ts';

vi.setConfig({ testTimeout: 60_000 });

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

const shop = () => engine.frame().nodes.shop;
const versions = () => shop()?.replicas.map(({ version }) => version);
const ask = async (): Promise<number[]> =>
  Promise.all((shop()?.replicas ?? []).map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/`)).status));
const start = (config = {}): Promise<void> =>
  engine.startTopology(
    documentOf({ nodes: [node('shop', 'service', { routes: [route('/')], replicas: 2, ...config })] }),
  );
const fault = (id: string): FaultStatus => engine.frame().faults.find((found) => found.id === id) as FaultStatus;
const on = async (parameters: Record<string, unknown>, select?: 'all'): Promise<string> => {
  const target = { node: 'shop', replica: 0, select };
  const { id } = await engine.injectFault({ fault: 'bad-deploy', target, parameters, leaseMs: 60_000 });
  return id;
};

test.each([undefined, 'all'] as const)(
  'a bad version goes live on the whole node and is rolled back (select: %s)',
  async (select) => {
    await start();
    const before = shop()?.replicas.map(({ pid }) => pid as number) ?? [];
    const id = await on({ behaviour: 'errors', errorRatio: 1 }, select);
    expect(versions()).toEqual(['bad-errors', 'bad-errors']);
    expect(before.some(exists)).toBe(false);
    expect(await ask()).toEqual([500, 500]);
    await expect.poll(() => fault(id).proofOfEffect, { timeout: 15_000 }).toMatchObject({ holds: true });
    expect(shop()?.deploy).toMatchObject({ version: 'bad-errors', state: 'done' });

    expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
    expect(versions()).toEqual(['v1', 'v1']);
    expect(await ask()).toEqual([200, 200]);
    expect(shop()?.deploy).toMatchObject({ state: 'rolled-back', rollback: { by: 'fault' } });
  },
);

test('where somebody has deployed another version since, nothing is taken back', async () => {
  await start({ versions: [{ name: 'v1' }, { name: 'v2' }], deployment: { pipeline: { fixedMs: 0, timeScale: 0 } } });
  const id = await on({ behaviour: 'slow' });
  await engine.deploy({ node: 'shop', version: 'v2', wait: true });
  const pids = shop()?.replicas.map(({ pid }) => pid);
  expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
  expect(versions()).toEqual(['v2', 'v2']);
  expect(shop()?.replicas.map(({ pid }) => pid)).toEqual(pids);
});

test('of two different bad versions on one node the second is refused; two of the same are one', async () => {
  await start();
  const first = await on({ behaviour: 'errors' });
  const [, other] = shop()?.replicas ?? [];
  const onOther = (behaviour: string) =>
    engine.injectFault({
      ...{ fault: 'bad-deploy', target: { node: 'shop', replica: other?.replica as number } },
      ...{ parameters: { behaviour }, leaseMs: 60_000 },
    });
  await expect(onOther('slow')).rejects.toMatchObject({
    code: 'fault-impossible',
    message: expect.stringContaining('bad-errors'),
  });
  const { id: second } = await onOther('errors');
  await engine.clearFault({ id: first });
  expect(versions()).toEqual(['bad-errors', 'bad-errors']);
  await engine.clearFault({ id: second });
  expect(versions()).toEqual(['v1', 'v1']);
});
