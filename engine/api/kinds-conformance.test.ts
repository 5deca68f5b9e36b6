import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { faults } from '../faults/index.ts';
import { kinds } from '../kinds/index.ts';
import { exists } from '../runtime/operating-system.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { onKinds } from './fault-matrix.fixture.ts';
import { documentOf, edge, node, route } from './fixtures.ts';
import type { ReplicaStatus } from './types.ts';

/* What every node kind owes, with its own defaults. A new kind is held to it by being in the list. */

let engine: Engine;

beforeEach(async () => {
  engine = await createEngine();
});

afterEach(() => engine.close());

const replica = (id = 'subject'): ReplicaStatus => engine.frame().nodes[id]?.replicas[0] as ReplicaStatus;

const isRefused = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });

/** What a fault needs beyond the defaults of a kind: something to act on. */
interface Needs {
  config?: Record<string, unknown>;
  parameters?: Record<string, unknown>;
  replica?: number;
  /** It is asked all the time. */
  requests?: boolean;
  /** A client sends traffic. */
  traffic?: boolean;
  /** It calls somebody: a client by its traffic, the others for each request. */
  calls?: boolean;
  /** It publishes for each request, and consumes what it has published; or consumes what another publishes. */
  messages?: boolean;
  /** Whom it calls gets another replica while the fault is on. */
  scales?: boolean;
}

const needs: Record<string, Needs> = {
  deadlock: { config: { schema: 'create table items (id int); insert into items values (1)' } },
  lock: { config: { schema: 'create table items ()' } },
  'slow-query': { config: { schema: 'create table items (id int); insert into items values (1)' } },
  'write-error': { config: { schema: 'create table items (id int)' } },
  'replica-lag': { config: { readReplicas: 1 }, replica: 1 },
  failover: { config: { readReplicas: 1 }, parameters: { detectAfterMs: 100 } },
  'handler-error': { requests: true },
  'quota-429': { requests: true },
  'cold-start': { requests: true },
  'slow-init': { requests: true, parameters: { delayMs: 200 } },
  'init-crash': { requests: true },
  'function-timeout': { requests: true, config: { timeoutMs: 300 } },
  throttle: { requests: true },
  'environment-recycle': { requests: true },
  'discovery-error': { calls: true },
  'discovery-stale': { calls: true, scales: true },
  // The replica is well: to say so would change nothing.
  'bad-health-check': {
    config: { healthCheck: { intervalMs: 200, timeoutMs: 200 } },
    parameters: { reports: 'unhealthy' },
    calls: true,
  },
  'consumer-crash-before-ack': { messages: true },
  'slow-consumer': { messages: true },
  duplicate: { messages: true },
  reorder: { messages: true },
  drop: { messages: true },
  poison: { messages: true },
  'confirm-lost': { messages: true },
  // Somebody must be there who cannot reach it.
  'broker-outage': { messages: true },
  'partition-leader-loss': { config: { brokers: 2, topics: [{ name: 'events', replicationFactor: 2 }] } },
  'autoscaler-stuck': { config: { autoscaling: {} } },
  spike: { traffic: true },
  'retry-storm': { traffic: true },
  'thundering-herd': { traffic: true },
  'hot-key-traffic': { traffic: true },
  'big-payload': { traffic: true },
  'slow-loris': { traffic: true },
  malformed: { traffic: true },
};

/** Something to send to, and something to send: keys, bodies, failures. */
const sending = {
  nodes: [node('shop', 'service', { routes: [route('/items/:id'), { method: 'POST', path: '/orders' }] })],
  edges: [edge('subject', 'shop')],
  scenarios: [
    {
      name: 'mixed',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'subject',
          ratePerSec: 60,
          routes: [
            { path: '/items/:id', parameters: [{ name: 'id', keys: 100 }] },
            { method: 'POST', path: '/orders' },
            { path: '/nowhere' },
          ],
        },
      ],
    },
  ],
};

/** A kind that answers requests only where it is told how. */
const answering: Record<string, Record<string, unknown>> = {
  server: { modules: [{ name: 'all', routes: [route('/')] }] },
};

/** A kind that answers elsewhere than at the root. */
const paths: Record<string, string> = { 'function-next': '/api/hello' };

/** Asks a node over and over, until this is called. */
function askOverAndOver(id: string, path = '/'): () => Promise<void> {
  let asking = true;
  const done = (async () => {
    while (asking) {
      await fetch(`http://127.0.0.1:${replica(id).port}${path}`).catch(() => {});
      // One that is down refuses at once, and nothing else would have its turn.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return () => {
    asking = false;
    return done;
  };
}
const callStep = { do: 'call', edge: 'subject-shop', path: '/items/1' };
/** A kind that calls only where it is told whom. */
const calling: Record<string, Record<string, unknown>> = {
  server: { modules: [{ name: 'all', routes: [route('/', callStep)] }] },
  service: { routes: [route('/', callStep)] },
  scheduler: { schedules: [{ name: 'often', expression: 'rate(50 milliseconds)', steps: [callStep] }] },
};

const publishing = (id: string) => route('/', { do: 'publish', edge: `${id}-broker`, to: 'jobs' });
const messaging: Record<string, Record<string, unknown>> = {
  server: { modules: [{ name: 'all', routes: [publishing('subject')] }] },
  service: { routes: [publishing('subject')] },
};
/** A kind that consumes, and publishes nothing. */
const consuming: Record<string, Record<string, unknown>> = {
  'function-lambda': { eventSources: [{ edge: 'broker-subject', from: 'jobs' }] },
};
/** The other end of the messages: a broker and who else publishes, or of a broker one that consumes. */
function withBroker(kind: string, config: Record<string, unknown>) {
  const broker = node('broker', 'broker-redis', { queues: [{ name: 'jobs' }] });
  if (kind in messaging) {
    const consumers = [{ edge: 'broker-subject', from: 'jobs' }];
    return {
      nodes: [node('subject', kind, { ...config, ...messaging[kind], consumers }), broker],
      edges: [edge('subject', 'broker'), edge('broker', 'subject')],
    };
  }
  if (kind in consuming) {
    const publisher = node('publisher', 'service', { routes: [publishing('publisher')] });
    return {
      nodes: [publisher, broker, node('subject', kind, { ...config, ...consuming[kind] })],
      edges: [edge('publisher', 'broker'), edge('broker', 'subject')],
    };
  }
  return { nodes: [node('subject', kind, config), node('worker', 'service')], edges: [edge('subject', 'worker')] };
}

describe.each(kinds.map((definition) => [definition.kind, definition] as const))(
  'the kind "%s"',
  (kind, definition) => {
    const start = async (config = {}, traffic = false, calls = false, messages = false): Promise<void> => {
      const subject = node('subject', kind, { ...definition.defaults, ...config });
      const { scenarios, ...callee } = sending;
      const document = documentOf({
        ...(messages
          ? withBroker(kind, subject.config)
          : calls || traffic
            ? { ...callee, nodes: [subject, ...callee.nodes] }
            : { nodes: [subject] }),
        ...(traffic && { scenarios }),
      });
      await engine.trustDocument({ path: null, document });
      await engine.startTopology(document);
      const [scenario] = document.scenarios;
      if (scenario) await engine.startTraffic({ scenario, durationMs: null });
    };

    test('is ready with its defaults, tells what it uses, stops gracefully and leaves nothing', async () => {
      await start();
      const { pid, port, state } = replica();
      expect(state).toBe('ready');
      expect(await isRefused(port as number)).toBe(false);
      await vi.waitFor(() => expect(replica().rssBytes).toBeGreaterThan(1_000_000), { timeout: 15_000, interval: 100 });
      await engine.stopTopology();
      expect(engine.frame()).toMatchObject({ topology: 'stopped', problem: null, nodes: {} });
      expect(exists(pid as number)).toBe(false);
      expect(await isRefused(port as number)).toBe(true);
    });

    test.each(onKinds.flatMap(([of, fault]) => (of === kind ? fault : [])))(
      'shows the fault "%s", and recovers when it comes off',
      async (fault) => {
        const { config, parameters = {}, replica: index = 0, ...need } = needs[fault] ?? {};
        const { calls = false, messages = false } = need;
        const traffic = (need.traffic ?? false) || (calls && kind === 'client');
        const publishes = messages && (kind in messaging || kind in consuming);
        const requests = (need.requests ?? false) || (calls && !traffic) || publishes;
        await start(
          { ...(calls ? calling[kind] : requests ? answering[kind] : {}), ...config },
          traffic,
          calls,
          messages,
        );
        const asked = publishes && kind in consuming ? 'publisher' : 'subject';
        const stopAsking = requests ? askOverAndOver(asked, paths[kind]) : async () => {};
        const { id } = await engine.injectFault({
          fault,
          target: { node: 'subject', replica: index },
          parameters,
          leaseMs: 60_000,
        });
        if (need.scales) await engine.scaleNode({ node: 'shop', replicas: 2 });
        const status = () => engine.frame().faults.find((candidate) => candidate.id === id);
        await vi.waitFor(() => expect(status()?.proofOfEffect).toMatchObject({ holds: true }), { timeout: 15_000 });
        await stopAsking();
        if (!faults.find((definition) => definition.fault === fault)?.staysReady)
          await vi.waitFor(() => expect(replica().state).not.toBe('ready'), { timeout: 15_000, interval: 50 });
        expect(await engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
        await vi.waitFor(() => expect(replica().state).toBe('ready'), { timeout: 15_000, interval: 50 });
      },
    );
  },
);
