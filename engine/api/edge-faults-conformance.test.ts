import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../faults/index.ts';
import type { FaultDefinition } from '../model/definition.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node } from './fixtures.ts';
import type { FaultStatus } from './types.ts';

/* What every fault on the bytes of an edge owes on every protocol: it shows itself to a caller, and is gone when it comes off. */

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
  await engine.startTopology(document);
}, 120_000);
afterAll(() => engine.close());

const document = documentOf({
  nodes: [
    node('gateway', 'gateway', { rules: [{ pathPrefix: '/', edge: 'gateway-shop' }] }),
    node('shop', 'service'),
    node('database', 'database'),
    node('cache', 'cache'),
  ],
  edges: [edge('gateway', 'shop'), edge('shop', 'database'), edge('shop', 'cache')],
});

/** Defaults that would take too long. */
const quicker: Record<string, Record<string, unknown>> = {
  latency: { latencyMs: 50 },
  loss: { lossPercent: 20, retransmitMs: 100 },
  'slow-close': { delayMs: 200 },
  flap: { downMs: 500, upMs: 500 },
  'stale-keep-alive': { maxIdleMs: 200 },
};

/** PostgreSQL answers questions of a few bytes only, before anybody has logged in. */
const smaller: Record<string, Record<string, unknown>> = {
  bandwidth: { rateKBps: 0.1 },
  slicer: { averageBytes: 1, variationBytes: 0, delayMs: 2, direction: 'upstream' },
  'limit-data': { limitBytes: 8 },
};

/** Those that act on bytes, whatever the protocol. */
const byteFaults = (faults as unknown as readonly FaultDefinition[]).filter(
  ({ target, protocols }) => target === 'edge' && !protocols,
);
const status = (id: string): FaultStatus | undefined => engine.frame().faults.find((fault) => fault.id === id);

async function showAndClear(request: { fault: string; edge: string; probability?: number }): Promise<void> {
  const { fault, probability = 1 } = request;
  const { id } = await engine.injectFault({
    fault,
    target: { edge: request.edge },
    parameters: { ...quicker[fault], ...(request.edge === 'shop-database' && smaller[fault]) },
    probability,
    leaseMs: 60_000,
  });
  await expect.poll(() => status(id)?.proofOfEffect, { timeout: 20_000 }).toBeTruthy();
  expect(status(id)?.proofOfEffect).toMatchObject({ holds: true });
  const cleared = await engine.clearFault({ id });
  expect(cleared).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
}

test.each(byteFaults.flatMap(({ fault }) => document.edges.map(({ id }): [string, string] => [fault, id])))(
  '"%s" shows itself on %s, and the edge is as before when it comes off',
  (fault, id) => showAndClear({ fault, edge: id }),
);

test.each(byteFaults.filter(({ probability }) => probability === 'connection').map(({ fault }) => fault))(
  '"%s" on half of the connections is shown over several of them',
  (fault) => showAndClear({ fault, edge: 'gateway-shop', probability: 0.5 }),
);
