import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../faults/random.ts';
import { createFakeClock } from '../clock.fixture.ts';
import { type BalancerSettings, createBalancer } from './balancer.ts';
import type { Outcome } from './outcome.ts';

function world(settings: Partial<BalancerSettings> = {}) {
  const clock = createFakeClock();
  const healthy = new Map<number, boolean>();
  const balancer = createBalancer(
    { balancing: 'round-robin', ...settings },
    { clock, random: seededRandom(1), check: async (port) => healthy.get(port) ?? true },
  );
  balancer.update({ ports: [10, 11, 12] });
  const send = (outcome: Outcome = 'ok', key?: string): number => {
    const endpoint = balancer.choose(key);
    if (!endpoint) return -1;
    balancer.ended(endpoint.port, outcome);
    return endpoint.port;
  };
  const shares = (times: number): number[] => {
    const sent = Array.from({ length: times }, () => send());
    return [10, 11, 12].map((port) => sent.filter((chosen) => chosen === port).length);
  };
  return { clock, healthy, balancer, send, shares };
}

it('has no answer without replicas', () => {
  const { balancer, send } = world();
  balancer.update({ ports: [] });
  expect(send()).toBe(-1);
});

it('sends nothing new to a replica that is removed, and takes no harm from what ends there', () => {
  const { balancer, shares } = world();
  expect(balancer.choose()?.port).toBe(10);
  balancer.update({ ports: [11, 12] });
  balancer.ended(10, 'unreachable');
  expect(shares(100)).toEqual([0, 50, 50]);
  expect(balancer.endpoints().map(({ inFlight }) => inFlight)).toEqual([0, 0]);
});

it('knows a replica again by its number and port when another is added', () => {
  const { balancer } = world({ balancing: 'least-connections' });
  const busy = balancer.choose();
  balancer.update({ ports: [10, 11, 12, 13] });
  expect(balancer.endpoints()[0]).toBe(busy);
  expect(balancer.endpoints().map(({ inFlight }) => inFlight)).toEqual([1, 0, 0, 0]);
});

it('says how far the shares are from the weights, since these last changed', () => {
  const { balancer, send } = world({ balancing: 'weighted', weightOf: (replica) => (replica === 0 ? 2 : 1) });
  expect(balancer.figures().shareError).toBe(0);
  for (let i = 0; i < 400; i += 1) send();
  expect(balancer.figures().shareError).toBe(0);
  send();
  // 201 of 401 instead of 200.5, and twice 100 instead of 100.25.
  expect(balancer.figures().shareError).toBeCloseTo(0.25 / 100.25, 9);
  balancer.update({ ports: [10, 11] });
  expect(balancer.figures().shareError).toBe(0);
});

describe('the weights of the edge, while a new version is tried,', () => {
  const tried = { ports: [10, 11, 12], replicas: [0, 1, 7], weights: [0.45, 0.45, 0.1] };

  it('hold exactly, whatever shares out the rest, and against its own weights', () => {
    for (const balancing of [
      'round-robin',
      'least-connections',
      'power-of-two-choices',
      'random',
      'weighted',
    ] as const) {
      const { balancer, shares } = world({ balancing, weightOf: () => 5 });
      balancer.update(tried);
      expect(shares(1000)).toEqual([450, 450, 100]);
      expect(balancer.figures().shareError).toBeCloseTo(0, 9);
    }
  });

  it('may be 0, or all', () => {
    const { balancer, shares } = world();
    balancer.update({ ...tried, weights: [0.5, 0.5, 0] });
    expect(shares(100)).toEqual([50, 50, 0]);
    balancer.update({ ...tried, weights: [0, 0, 1] });
    expect(shares(100)).toEqual([0, 0, 100]);
  });

  it('give it a share of the keys, the same ones at every caller', () => {
    const keys = Array.from({ length: 2000 }, (_, n) => `/orders/${n}`);
    const sent = [1, 2].map(() => {
      const { balancer, send } = world({ balancing: 'consistent-hash' });
      balancer.update(tried);
      return keys.map((key) => send('ok', key));
    });
    expect(sent[0]).toEqual(sent[1]);
    // Binomial with p = 0.1: four standard deviations are 54.
    expect(Math.abs((sent[0]?.filter((port) => port === 12).length ?? 0) - 200)).toBeLessThan(54);
  });

  it('leave callers that stick to a replica with it', () => {
    const { balancer, send } = world({ balancing: 'sticky' });
    balancer.update(tried);
    expect(Array.from({ length: 20 }, () => send('ok', '7'))).toEqual(Array.from({ length: 20 }, () => 12));
  });
});

it('takes out what fails its active checks, and shares its part equally', async () => {
  const { clock, healthy, balancer, shares } = world({
    healthCheck: { path: '/', intervalMs: 1000, timeoutMs: 500, healthyThreshold: 1, unhealthyThreshold: 2 },
  });
  healthy.set(11, false);
  await clock.advance(2000);
  expect(balancer.figures()).toMatchObject({ replicas: 3, available: 2, ejected: 0 });
  const [a, b, c] = shares(100) as [number, number, number];
  expect(b).toBe(0);
  expect(Math.abs(a - c)).toBeLessThanOrEqual(2);
  balancer.close();
});

it('asks for health where the settings say, else where the replicas do, else where ours do', async () => {
  const asked: string[] = [];
  const check = async (_: number, path: string) => asked.push(path) > 0;
  const healthCheck = { intervalMs: 1000, timeoutMs: 500, healthyThreshold: 1, unhealthyThreshold: 1 };
  for (const [path, healthPath] of [['/a', '/b'], [undefined, '/b'], []]) {
    const balancer = createBalancer({ balancing: 'random', healthCheck: { ...healthCheck, path } }, { check });
    balancer.update({ ports: [10], healthPath });
    balancer.close();
  }
  expect(asked).toEqual(['/a', '/b', '/-/health']);
});

it('tries all when all are out', async () => {
  const { clock, healthy, balancer, shares } = world({
    healthCheck: { path: '/', intervalMs: 1000, timeoutMs: 500, healthyThreshold: 1, unhealthyThreshold: 1 },
  });
  for (const port of [10, 11, 12]) healthy.set(port, false);
  await clock.advance(1000);
  expect(balancer.figures().available).toBe(0);
  expect(shares(30)).toEqual([10, 10, 10]);
  balancer.close();
});

it('ejects the one whose requests fail, and tells how often', async () => {
  const { clock, balancer, send, shares } = world({
    outlierEjection: {
      consecutiveFailures: 2,
      intervalMs: 10_000,
      baseEjectionMs: 5000,
      maxEjectionMs: 5000,
      maxEjectionPercent: 50,
    },
  });
  for (let i = 0; i < 6; i += 1) {
    const endpoint = balancer.choose();
    if (endpoint) balancer.ended(endpoint.port, endpoint.port === 11 ? 'failed' : 'ok');
  }
  expect(balancer.figures()).toMatchObject({ replicas: 3, available: 2, ejected: 1, ejections: 1 });
  expect(shares(10)[1]).toBe(0);
  await clock.advance(5000);
  expect(Array.from({ length: 3 }, () => send()).sort()).toEqual([10, 11, 12]);
});

describe('slow start', () => {
  it('lets the share of a new replica grow with the time', async () => {
    const { clock, balancer, shares } = world({ slowStartMs: 10_000 });
    await clock.advance(10_000);
    balancer.update({ ports: [10, 11] });
    balancer.update({ ports: [10, 11, 12] });
    // Weights 1 : 1 : 0.1, then 1 : 1 : 0.5, then equal.
    expect(shares(210)).toEqual([100, 100, 10]);
    await clock.advance(5000);
    expect(shares(500)).toEqual([200, 200, 100]);
    await clock.advance(5000);
    expect(shares(300)).toEqual([100, 100, 100]);
  });

  it('holds for one that returns, too', async () => {
    const { clock, healthy, balancer, shares } = world({
      slowStartMs: 10_000,
      healthCheck: { path: '/', intervalMs: 1000, timeoutMs: 500, healthyThreshold: 1, unhealthyThreshold: 1 },
    });
    await clock.advance(20_500);
    healthy.set(12, false);
    await clock.advance(1000);
    expect(shares(100)[2]).toBe(0);
    healthy.set(12, true);
    await clock.advance(1000);
    const [a, b, c] = shares(210) as [number, number, number];
    expect(c).toBeLessThanOrEqual(11);
    expect(a + b).toBeGreaterThanOrEqual(199);
    balancer.close();
  });
});

it('takes new settings while requests are in flight', async () => {
  const { clock, healthy, balancer, shares } = world();
  const inFlight = balancer.choose();
  healthy.set(10, false);
  balancer.configure({
    balancing: 'least-connections',
    healthCheck: { path: '/', intervalMs: 1000, timeoutMs: 500, healthyThreshold: 1, unhealthyThreshold: 1 },
  });
  await clock.advance(1000);
  expect(balancer.endpoints()[0]).toBe(inFlight);
  expect(shares(10)[0]).toBe(0);
  balancer.ended(10, 'ok');
  expect(balancer.endpoints().map(({ inFlight: count }) => count)).toEqual([0, 0, 0]);
  balancer.close();
});
