import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, edge, node, route, waitStep } from '../../api/fixtures.ts';

// Each test starts several processes, maybe beside others that do the same.
vi.setConfig({ testTimeout: 120_000 });

let engine: Engine;
let agent: Agent;

beforeEach(async () => {
  engine = await createEngine();
  agent = new Agent({ keepAlive: true, maxSockets: 8 });
});

afterEach(async () => {
  agent.destroy();
  await engine.close();
});

/** A gateway before a service of several replicas. */
const shop = (
  replicas: number,
  config: Record<string, unknown> = {},
  { steps = [], timeoutMs = 2000 }: { steps?: unknown[]; timeoutMs?: number } = {},
) =>
  documentOf({
    nodes: [
      node('gateway', 'gateway', config),
      node('orders', 'service', { replicas, routes: [route('/', ...steps), route('/orders/:id', ...steps)] }),
    ],
    edges: [edge('gateway', 'orders', { timeoutMs })],
  });

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Null when it was no success. */
  replica: number | null;
}

const ask = (path = '/', headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const port = engine.frame().nodes.gateway?.replicas[0]?.port as number;
    get({ host: '127.0.0.1', port, path, headers, agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      const status = response.statusCode ?? 0;
      response.on('end', () =>
        resolve({ status, headers: response.headers, replica: status === 200 ? JSON.parse(body).replica : null }),
      );
      response.on('error', reject);
    }).on('error', reject);
  });

/** So many requests, eight at a time. */
async function askMany(times: number, path?: (index: number) => string): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let index = next++; index < times; index = next++) answers[index] = await ask(path?.(index));
    }),
  );
  return answers;
}

const shares = (answers: Answer[], replicas: number): number[] =>
  Array.from({ length: replicas }, (_, replica) => answers.filter((answer) => answer.replica === replica).length);

const measure = (id: string): number | null | undefined => engine.frame().nodes.gateway?.measures[id];
const pidOf = (replica: number): number => engine.frame().nodes.orders?.replicas[replica]?.pid as number;

describe('shares', () => {
  test('of round-robin differ by at most 2 % over 1,000 requests', async () => {
    await engine.startTopology(shop(5));
    const counted = shares(await askMany(1000), 5);
    expect(counted.reduce((sum, share) => sum + share, 0)).toBe(1000);
    for (const share of counted) expect(Math.abs(share - 200) / 200).toBeLessThanOrEqual(0.02);
    await vi.waitFor(() => expect(measure('share-error')).toBeLessThanOrEqual(0.02), { timeout: 20_000 });
    expect(measure('available')).toBe(5);
    await askMany(100);
    await vi.waitFor(() => expect(Object.keys(engine.frame().edges['gateway-orders']?.shares ?? {})).toHaveLength(5), {
      timeout: 20_000,
      interval: 50,
    });
  });

  test('follow the weights, also when these change while it runs', async () => {
    const weights = [
      { replica: 0, weight: 3 },
      { replica: 2, weight: 0 },
    ];
    await engine.startTopology(shop(3, { balancing: 'weighted', weights }));
    expect(shares(await askMany(400), 3)).toEqual([300, 100, 0]);
    await engine.applyDocument(shop(3, { balancing: 'weighted', weights: [{ replica: 2, weight: 2 }] }));
    await vi.waitFor(async () => expect(shares(await askMany(40), 3)).toEqual([10, 10, 20]), { timeout: 20_000 });
  });

  test.each(['random', 'power-of-two-choices', 'least-connections'])(
    'of %s leave no replica out',
    async (balancing) => {
      await engine.startTopology(shop(3, { balancing }, { steps: [waitStep(2)] }));
      // Of 300 random ones fewer than 60 go to one of three in one run of 10^6.
      for (const share of shares(await askMany(300), 3)) expect(share).toBeGreaterThan(60);
    },
  );

  test.skipIf(process.platform === 'win32')('of least connections go past a replica that hangs', async () => {
    await engine.startTopology(shop(2, { balancing: 'least-connections' }, { timeoutMs: 60_000 }));
    process.kill(pidOf(0), 'SIGSTOP');
    // One of these two hangs at replica 0; from then on that has more in flight than the other.
    const two = [ask(), ask()];
    expect((await Promise.race(two)).replica).toBe(1);
    for (let i = 0; i < 20; i += 1) expect((await ask()).replica).toBe(1);
    process.kill(pidOf(0), 'SIGCONT');
    expect(shares(await Promise.all(two), 2)).toEqual([1, 1]);
  });
});

describe('consistent hash', () => {
  test('keeps a path on its replica, and moves one in four when a fourth replica comes', async () => {
    const config = { balancing: 'consistent-hash' };
    const paths = (index: number): string => `/orders/${index}`;
    await engine.startTopology(shop(3, config));
    const before = (await askMany(400, paths)).map(({ replica }) => replica);
    expect((await askMany(400, paths)).map(({ replica }) => replica)).toEqual(before);
    await engine.applyDocument(shop(4, config));
    // The gateway is told right after the replica is ready.
    await vi.waitFor(() => expect(measure('available')).toBe(4), { timeout: 20_000 });
    const after = (await askMany(400, paths)).map(({ replica }) => replica);
    const moved = after.flatMap((replica, index) => (replica === before[index] ? [] : [replica]));
    expect(moved.every((replica) => replica === 3)).toBe(true);
    // The hash of a path is the same in every run: this is a figure, not a sample.
    expect(moved.length).toBeGreaterThan(80);
    expect(moved.length).toBeLessThan(120);
  });

  test('goes by a header, or by a cookie', async () => {
    await engine.startTopology(
      shop(4, { balancing: 'consistent-hash', hashKey: { source: 'header', name: 'X-User' } }),
    );
    const byUser = async (header: (user: string) => Record<string, string>): Promise<number> => {
      const seen = new Set<number | null>();
      for (const user of ['ada', 'bob', 'cyd', 'dee', 'eve', 'fay', 'gil', 'hal']) {
        const [first, second] = [await ask('/', header(user)), await ask('/orders/1', header(user))];
        expect(second.replica).toBe(first.replica);
        seen.add(first.replica);
      }
      return seen.size;
    };
    expect(await byUser((user) => ({ 'x-user': user }))).toBeGreaterThan(1);
    await engine.applyDocument(shop(4, { balancing: 'consistent-hash', hashKey: { source: 'cookie', name: 'user' } }));
    await vi.waitFor(
      async () => expect(await byUser((user) => ({ cookie: `theme=dark; user=${user}` }))).toBeGreaterThan(1),
      { timeout: 20_000 },
    );
  });
});

test('sticky callers stay with their replica, and get another when it goes', async () => {
  await engine.startTopology(shop(3, { balancing: 'sticky' }));
  const cookies = (await askMany(3)).map(({ headers }) => headers['set-cookie']?.[0] ?? '');
  expect(cookies.map((cookie) => /^archipel-replica-gateway-orders=(\d); /.exec(cookie)?.[1]).sort()).toEqual([
    '0',
    '1',
    '2',
  ]);
  const stay = { cookie: 'archipel-replica-gateway-orders=2' };
  for (let i = 0; i < 5; i += 1) {
    const { replica, headers } = await ask('/', stay);
    expect([replica, headers['set-cookie']]).toEqual([2, undefined]);
  }
  await engine.applyDocument(shop(2, { balancing: 'sticky' }));
  const { replica, headers } = await ask('/', stay);
  expect(replica).toBeLessThan(2);
  expect(headers['set-cookie']).toEqual([`archipel-replica-gateway-orders=${replica}; Path=/; HttpOnly; SameSite=Lax`]);
});

describe('a replica that does not do its work', () => {
  // Long enough that a machine with other work to do takes nobody out who is well.
  const healthCheck = { intervalMs: 2000, timeoutMs: 2000, healthyThreshold: 1, unhealthyThreshold: 1 };

  test.skipIf(process.platform === 'win32')(
    'is taken out by active checks while it hangs, and comes back',
    async () => {
      await engine.startTopology(shop(3, { healthCheck }, { timeoutMs: 20_000 }));
      await vi.waitFor(() => expect(measure('available')).toBe(3), { timeout: 20_000 });
      process.kill(pidOf(1), 'SIGSTOP');
      await vi.waitFor(() => expect(measure('out')).toBe(1), { timeout: 20_000 });
      const answers = await askMany(200);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      expect(shares(answers, 3)[1]).toBe(0);
      process.kill(pidOf(1), 'SIGCONT');
      await vi.waitFor(() => expect(measure('out')).toBe(0), { timeout: 20_000 });
      expect(shares(await askMany(90), 3)).toEqual([30, 30, 30]);
    },
  );

  test('is ejected after its consecutive failures, and only these requests fail', async () => {
    const outlierEjection = { consecutiveFailures: 3, baseEjectionMs: 60_000, maxEjectionMs: 60_000 };
    await engine.startTopology(shop(3, { outlierEjection }));
    process.kill(pidOf(1), 'SIGKILL');
    await vi.waitFor(() => expect(engine.frame().nodes.orders?.state).toBe('dead'), { timeout: 20_000 });
    const failed: (string | string[] | undefined)[] = [];
    for (let i = 0; i < 60; i += 1) {
      const { status, headers } = await ask();
      if (status !== 200) failed.push(headers['x-archipel-failure-reason']);
    }
    expect(failed).toEqual(['refused', 'refused', 'refused']);
    await vi.waitFor(() => expect([measure('ejected'), measure('ejections')]).toEqual([1, 1]), { timeout: 20_000 });
  });

  test('is tried by one request at a time after passive checks took it out, until it answers again', async () => {
    await engine.startTopology(shop(2, { passiveHealth: { maxFailures: 1, failTimeMs: 300 } }));
    await engine.injectFault({
      fault: 'kill',
      target: { node: 'orders', replica: 1 },
      parameters: { graceful: false },
      leaseMs: 60_000,
    });
    const startedMs = performance.now();
    let failed = 0;
    while (performance.now() - startedMs < 1500) if ((await ask()).status !== 200) failed += 1;
    const elapsedMs = performance.now() - startedMs;
    expect(failed).toBeGreaterThanOrEqual(2);
    expect(failed).toBeLessThanOrEqual(1 + elapsedMs / 300);
    await engine.clearAllFaults();
    await vi.waitFor(async () => expect(shares(await askMany(20), 2)[1]).toBe(10), { timeout: 20_000 });
  });
});

test('not one request is lost while replicas go, whoever calls them', async () => {
  const scaled = (replicas: number) =>
    documentOf({
      nodes: [
        node('gateway', 'gateway'),
        node('front', 'service', { routes: [route('/', { do: 'call', edge: 'front-orders', path: '/' })] }),
        node('orders', 'service', { replicas, routes: [route('/', waitStep(20))] }),
      ],
      edges: [edge('gateway', 'front'), edge('front', 'orders')],
    });
  await engine.startTopology(scaled(4));
  let stopped = false;
  const statuses = new Map<number, number>();
  const callers = Array.from({ length: 8 }, async () => {
    while (!stopped) {
      const { status } = await ask();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  for (const replicas of [1, 4, 2, 3, 1]) await engine.applyDocument(scaled(replicas));
  stopped = true;
  await Promise.all(callers);
  expect([...statuses.keys()]).toEqual([200]);
  expect(statuses.get(200)).toBeGreaterThan(20);
});
