import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../faults/index.ts';
import type { FaultDefinition } from '../model/definition.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { onEdges } from './fault-matrix.fixture.ts';
import { documentOf, edge, node, route } from './fixtures.ts';
import type { FaultStatus } from './types.ts';

/*
 * What every fault on an edge owes on every protocol that it understands: it shows itself to a caller, and is gone when it
 * comes off.
 */

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
  await engine.startTopology(document);
}, 120_000);
afterAll(() => engine.close());

const document = documentOf({
  nodes: [
    node('gateway', 'gateway', { rules: [{ pathPrefix: '/', edge: 'gateway-shop' }] }),
    node('shop', 'service', { routes: [route('/')] }),
    node('database', 'database'),
    node('cache', 'cache'),
    node('broker', 'broker-redis'),
    node('kafka', 'broker-kafka'),
    node('rabbit', 'broker-rabbitmq'),
  ],
  edges: [
    edge('gateway', 'shop'),
    edge('shop', 'database'),
    edge('shop', 'cache'),
    edge('broker', 'shop'),
    edge('kafka', 'shop'),
    edge('rabbit', 'shop'),
  ],
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

const definitionOf = (fault: string): FaultDefinition =>
  faults.find((known) => known.fault === fault) as unknown as FaultDefinition;
const edgeOf: Record<string, string> = {
  http: 'gateway-shop',
  postgres: 'shop-database',
  redis: 'shop-cache',
  'redis-messages': 'broker-shop',
  kafka: 'kafka-shop',
  'rabbitmq-messages': 'rabbit-shop',
};
const status = (id: string): FaultStatus | undefined => engine.frame().faults.find((fault) => fault.id === id);

/** A fault that understands requests needs some; the others ask by themselves. */
function askOverAndOver(): () => Promise<void> {
  let asking = true;
  const done = (async () => {
    while (asking)
      await fetch(`http://127.0.0.1:${engine.frame().nodes.gateway?.replicas[0]?.port}/`)
        .then((response) => response.arrayBuffer())
        .catch(() => {});
  })();
  return () => {
    asking = false;
    return done;
  };
}

async function showAndClear(request: { fault: string; edge: string; probability?: number }): Promise<void> {
  const { fault, probability = 1 } = request;
  const stopAsking = definitionOf(fault).protocols ? askOverAndOver() : async () => {};
  const { id } = await engine.injectFault({
    fault,
    target: { edge: request.edge },
    parameters: { ...quicker[fault], ...(request.edge === 'shop-database' && smaller[fault]) },
    probability,
    leaseMs: 60_000,
  });
  await expect.poll(() => status(id)?.proofOfEffect, { timeout: 20_000 }).toBeTruthy();
  expect(status(id)?.proofOfEffect).toMatchObject({ holds: true });
  await stopAsking();
  const cleared = await engine.clearFault({ id });
  expect(cleared).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
}

test.each(onEdges)('over %s "%s" shows itself, and the edge is as before when it comes off', (protocol, fault) =>
  showAndClear({ fault, edge: edgeOf[protocol] as string }),
);

const drawn = [...new Set(onEdges.map(([, fault]) => fault))].filter(
  (fault) => definitionOf(fault).probability !== undefined && definitionOf(fault).probability !== 'activation',
);
test.each(drawn)('"%s" on half of what it draws for is shown over several of them', (fault) =>
  showAndClear({ fault, edge: 'gateway-shop', probability: 0.5 }),
);
