import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, node, route } from './fixtures.ts';

let engine: Engine;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(() => engine.close());

test('handler-error answers with its status after its delay, and its own node is where it failed', async () => {
  await engine.startTopology(
    documentOf({ nodes: [node('shop', 'service', { routes: [route('/slow'), route('/well')] })] }),
  );
  const { id } = await engine.injectFault({
    fault: 'handler-error',
    target: { node: 'shop', replica: 0 },
    parameters: { route: '/slow', status: 503, delayMs: 200 },
    leaseMs: 60_000,
  });
  const ask = (path: string) => fetch(`http://127.0.0.1:${engine.frame().nodes.shop?.replicas[0]?.port}${path}`);
  const startedMs = performance.now();
  const failed = await ask('/slow');
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(199);
  expect([
    failed.status,
    failed.headers.get('x-archipel-failure-reason'),
    failed.headers.get('x-archipel-failure-hop'),
  ]).toEqual([503, 'handler-error', 'shop']);
  expect((await ask('/well')).status).toBe(200);
  expect(await engine.clearFault({ id })).toMatchObject({ proofOfRemoval: { holds: true } });
  expect((await ask('/slow')).status).toBe(200);
});
