import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArchipelDocument } from '../model/document.ts';
import { comparisonSchema } from '../model/repetition.ts';
import { sweepSchema } from '../model/sweep.ts';
import { createEngine } from './create-engine.ts';
import type { Engine, SweepRequest } from './engine.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { SweepFindings, SweepResult } from './types.ts';

/*
 * Real clients and services of known capacity: a slot that is held for a fixed time. The machine of a test may be as busy
 * as it likes, and says so by itself otherwise: here the client's own lateness is the guard that is left.
 */

const SERVICE_MS = 40;

let engine: Engine;
const before = process.env.ARCHIPEL_MAX_HOST_CPU;
beforeAll(async () => {
  process.env.ARCHIPEL_MAX_HOST_CPU = '1000';
  engine = await createEngine();
});
afterAll(async () => {
  await engine.close();
  if (before === undefined) delete process.env.ARCHIPEL_MAX_HOST_CPU;
  else process.env.ARCHIPEL_MAX_HOST_CPU = before;
});

const shop = (config: Record<string, unknown> = {}): ArchipelDocument =>
  documentOf({
    nodes: [
      node('callers', 'client'),
      node('shop', 'service', {
        concurrency: 1,
        queue: { limit: 5 },
        routes: [route('/', waitStep(SERVICE_MS))],
        ...config,
      }),
    ],
    edges: [edge('callers', 'shop', { timeoutMs: 2000, maxConnections: 256 })],
    scenarios: [
      {
        name: 'calm',
        traffic: [
          {
            executor: 'constant-arrival-rate',
            client: 'callers',
            ratePerSec: 10,
            arrivals: 'uniform',
            routes: [{ path: '/' }],
          },
        ],
      },
    ],
    experiments: [
      {
        name: 'latency',
        title: 'A slow edge',
        scenario: 'calm',
        warmUpMs: 200,
        steadyStateMs: 3200,
        steadyStateHypothesis: {
          title: 'served',
          probes: [{ name: 'served', measure: { type: 'success-ratio' }, tolerance: { min: 0.5 } }],
        },
        method: [
          {
            type: 'fault',
            fault: 'latency',
            target: { edge: 'callers-shop' },
            parameters: { latencyMs: 50 },
            durationMs: 3500,
          },
        ],
        during: [{ name: 'served', measure: { type: 'success-ratio' }, tolerance: { min: 0.5 } }],
      },
    ],
  });

async function resultOf<Type extends SweepFindings['type']>(
  request: SweepRequest,
  type: Type,
): Promise<SweepResult & { type: Type }> {
  await engine.startSweep(request);
  const result = await engine.sweepDone();
  expect(result.type).toBe(type);
  // Whatever it found, nothing of it is left.
  expect(engine.frame()).toMatchObject({ topology: 'stopped', sweep: { state: result.state } });
  return result as SweepResult & { type: Type };
}

describe('a sweep of real processes', () => {
  test('finds the knee of a slot that is held for a known time', async () => {
    const sweep = sweepSchema.parse({
      type: 'knee',
      name: 'knee',
      scenario: 'calm',
      startRatePerSec: 12,
      maxRatePerSec: 100,
      resolution: 0.15,
      warmUpMs: 700,
      measureMs: 3000,
    });
    const { state, knee, steps, peakPerSec, boundBy } = await resultOf(
      { type: 'sweep', document: shop(), sweep },
      'knee',
    );
    // A client that this machine let down says so; then there is nothing to compare.
    if (state !== 'done') return expect(steps[steps.length - 1]?.side).toBe('inconclusive');
    const capacity = 1000 / SERVICE_MS;
    // The slot is held a little longer than its wait; the rule lets a rate be 5 % above the capacity; and the resolution.
    expect(knee?.value).toBeGreaterThan(0.7 * capacity);
    expect(knee?.value).toBeLessThan(1.2 * capacity);
    expect(peakPerSec).toBeLessThan(1.1 * capacity);
    expect(boundBy).toEqual([expect.stringContaining('shop, its slots are busy')]);
    expect(steps.filter(({ side }) => side === 'beyond').every(({ ratePerSec }) => ratePerSec > 0.7 * capacity)).toBe(
      true,
    );
  }, 120_000);

  test('fits the scalability law to replicas that share nothing: no contention, and the throughput of one', async () => {
    const sweep = sweepSchema.parse({
      type: 'replicas',
      name: 'curve',
      scenario: 'calm',
      node: 'shop',
      replicas: [1, 2, 4],
      usersPerReplica: 3,
      warmUpMs: 700,
      measureMs: 2000,
    });
    const { points, fit } = await resultOf({ type: 'sweep', document: shop(), sweep }, 'replicas');
    expect(points.map(({ replicas }) => replicas)).toEqual([1, 2, 4, 4, 2, 1]);
    expect(points.map(({ users }) => users)).toEqual([3, 6, 12, 12, 6, 3]);
    const usable = points.filter(({ problems }) => problems.length === 0);
    if (new Set(usable.map(({ replicas }) => replicas)).size < 3) return expect(fit).toBeNull();
    expect(fit?.lambda.value).toBeGreaterThan((0.75 * 1000) / SERVICE_MS);
    expect(fit?.lambda.value).toBeLessThan((1.05 * 1000) / SERVICE_MS);
    expect(fit?.sigma.low).toBeLessThan(0.1);
  }, 120_000);

  test('shows a metastable failure that retries keep up', async () => {
    const document = (attempts: number) =>
      documentOf({
        nodes: [
          node('callers', 'client'),
          node('front', 'service', { routes: [route('/', { do: 'call', edge: 'front-shop', path: '/' })] }),
          node('shop', 'service', {
            concurrency: 1,
            queue: { limit: 1000 },
            routes: [route('/', waitStep(SERVICE_MS))],
          }),
        ],
        edges: [
          edge('callers', 'front', { timeoutMs: 4000, maxConnections: 512 }),
          edge('front', 'shop', {
            timeoutMs: 300,
            maxConnections: 512,
            ...(attempts > 1 ? { retries: { maxAttempts: attempts, backoff: { type: 'fixed', delayMs: 10 } } } : {}),
          }),
        ],
        scenarios: shop().scenarios,
      });
    const sweep = sweepSchema.parse({
      type: 'hysteresis',
      name: 'up and down',
      scenario: 'calm',
      ratesPerSec: [14, 70],
      warmUpMs: 2500,
      measureMs: 3000,
    });
    const { metastable, steps, rates } = await resultOf({ type: 'sweep', document: document(4), sweep }, 'hysteresis');
    expect(steps.map(({ way, ratePerSec }) => `${way} ${ratePerSec}`)).toEqual(['up 14', 'up 70', 'down 14']);
    if (steps.some(({ side }) => side === 'inconclusive')) return expect(metastable).toBeNull();
    expect(metastable).toBe(true);
    expect(rates[0]?.successChange.high).toBeLessThan(0);
  }, 120_000);

  test('tries each timeout with each number of attempts under a fault, which is on in every cell and off afterwards', async () => {
    const sweep = sweepSchema.parse({
      type: 'retries-timeout',
      name: 'grid',
      scenario: 'calm',
      edge: 'callers-shop',
      timeoutsMs: [120, 1000],
      attempts: [1],
      fault: { fault: 'latency', target: { edge: 'callers-shop' }, parameters: { latencyMs: 300 } },
      warmUpMs: 500,
      measureMs: 1500,
    });
    const { cells, best } = await resultOf({ type: 'sweep', document: shop(), sweep }, 'retries-timeout');
    expect(cells.map(({ timeoutMs }) => timeoutMs)).toEqual([120, 1000]);
    const problems = cells.flatMap((cell) => cell.problems);
    if (problems.length > 0) return expect(problems.join()).toMatch(/did not keep up|too busy|was the limit/);
    // 300 ms on the way are more than the shorter timeout.
    expect(cells[0]?.ok).toBe(0);
    expect(cells[1]?.successRatio).toBeGreaterThan(0.9);
    expect(best).toBe(1);
  }, 60_000);

  test('is stopped with everything undone, and keeps what it has measured', async () => {
    const sweep = sweepSchema.parse({
      type: 'knee',
      name: 'knee',
      scenario: 'calm',
      startRatePerSec: 5,
      warmUpMs: 0,
      measureMs: 1000,
    });
    await engine.startSweep({ type: 'sweep', document: shop(), sweep });
    await expect(engine.startTopology(shop())).rejects.toThrow('A sweep runs.');
    while (engine.frame().sweep?.stepsDone !== 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(engine.lastSweep()).toMatchObject({ state: 'running', steps: { length: 1 } });
    const result = await engine.stopSweep();
    expect(result).toMatchObject({ state: 'stopped', conclusion: expect.stringContaining('stopped by the user') });
    expect((result as { steps: unknown[] }).steps.length).toBeGreaterThanOrEqual(1);
    expect(engine.frame().topology).toBe('stopped');
  }, 60_000);

  test('refuses what cannot be swept before anything starts', async () => {
    const sweep = sweepSchema.parse({ type: 'replicas', name: 'x', scenario: 'none', node: 'callers' });
    await expect(engine.startSweep({ type: 'sweep', document: shop(), sweep })).rejects.toMatchObject({
      code: 'document-invalid',
      errors: [
        expect.objectContaining({ path: '$.sweeps[0].scenario', message: 'there is no scenario "none"' }),
        expect.objectContaining({ path: '$.sweeps[0].node' }),
      ],
    });
    await expect(engine.startSweep({ type: 'sweep', document: shop(), sweep: 'none' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('the same again', () => {
  test('repeats an experiment with seeds of its own, and combines the verdicts', async () => {
    const repeat = { of: { type: 'experiment' as const, name: 'latency' }, repetitions: 2 };
    const { repetitions, verdict, passed, figures } = await resultOf(
      { type: 'repeat', document: shop(), repeat },
      'repeat',
    );
    expect(new Set(repetitions.map(({ seed }) => seed)).size).toBe(2);
    const verdicts = repetitions.map((repetition) => repetition.verdict);
    if (verdicts.includes('inconclusive')) return expect(verdict).toBe('inconclusive');
    expect(verdicts).toEqual(['passed', 'passed']);
    expect(verdict).toBe('passed');
    expect(passed).toMatchObject({ count: 2, of: 2, high: 1 });
    expect(figures.find(({ name }) => name === 'during: served')?.values).toHaveLength(2);
  }, 120_000);

  test('repeats a run from the start of the topology, its warm-up left out', async ({ skip }) => {
    const of = { type: 'run' as const, scenario: 'calm', warmUpMs: 500, measureMs: 1500 };
    const { figures, repetitions } = await resultOf(
      { type: 'repeat', document: shop(), repeat: { of, repetitions: 2, seed: 7 } },
      'repeat',
    );
    expect(repetitions).toHaveLength(2);
    skip(
      repetitions.some(({ reasons }) => reasons.length > 0),
      'inconclusive: the machine was too busy',
    );
    expect(figures.find(({ name }) => name === 'throughput')?.mean).toBeCloseTo(10, 0);
    expect(figures.find(({ name }) => name === 'p50')?.mean).toBeGreaterThan(SERVICE_MS - 1);
  }, 60_000);
});

describe('different experiments', () => {
  const another = { ...shop(), name: 'Another' };

  test('of two documents run one after the other, with seeds of their own and a combined verdict', async () => {
    const { experiments, planned, verdict, document } = await resultOf(
      { type: 'batch', of: [{ document: shop() }, { document: another, names: ['latency'] }] },
      'batch',
    );
    expect(experiments.map((one) => [one.document, one.name])).toEqual([
      [shop().name, 'latency'],
      ['Another', 'latency'],
    ]);
    expect([planned, document]).toEqual([2, `${shop().name}, Another`]);
    const verdicts = experiments.map((one) => one.verdict);
    if (verdicts.includes('inconclusive')) return expect(verdict).toBe('inconclusive');
    expect([...verdicts, verdict]).toEqual(['passed', 'passed', 'passed']);
  }, 120_000);

  test('are refused whole when one of them is not there', async () => {
    const of = [{ document: shop() }, { document: another, names: ['none'] }];
    await expect(engine.startSweep({ type: 'batch', of })).rejects.toThrow('no experiment "none"');
    expect(engine.frame().topology).toBe('stopped');
  });
});

describe('two documents in turns', () => {
  const plan = comparisonSchema.parse({ scenario: 'calm', blocks: 2, warmUpMs: 300, measureMs: 2000, primary: 'p50' });

  test('meet the same arrivals, and the faster one is found', async ({ skip }) => {
    const slow = shop();
    const fast = shop({ routes: [route('/', waitStep(SERVICE_MS / 4))] });
    const { runs, workload, figures, warnings } = await resultOf(
      { type: 'ab', a: { document: slow }, b: { document: fast }, plan },
      'ab',
    );
    expect(runs.map(({ side }) => side).join('')).toBe('abbaabba');
    expect(workload.arrivals).toBe(23);
    // Each run meets the same arrivals, but for those at the edges of what is measured.
    for (const { arrivals } of runs) expect(Math.abs(arrivals - 20)).toBeLessThanOrEqual(2);
    expect(warnings[0]).toContain('No budget is stated: A runs 1 processes, B 1.');
    skip(
      runs.some(({ problems }) => problems.length > 0),
      'inconclusive: the machine was too busy',
    );
    const p50 = figures.find(({ name }) => name === 'p50');
    expect(p50?.change?.value).toBeLessThan(-0.4);
    expect(p50?.effect?.delta).toBe(-1);
  }, 120_000);

  test('are refused when their budgets differ, or the traffic has nowhere to go', async () => {
    const host = (slots: number) => ({
      ...shop(),
      nodes: shop().nodes.map((each) => (each.id === 'shop' ? { ...each, group: 'host' } : each)),
      groups: [
        {
          id: 'host',
          kind: 'host' as const,
          name: 'Host',
          position: { x: 0, y: 0 },
          size: { width: 200, height: 200 },
          parent: null,
          budget: { slots, memoryMb: null },
        },
      ],
    });
    await expect(
      engine.startSweep({ type: 'ab', a: { document: host(2) }, b: { document: host(3) }, plan }),
    ).rejects.toThrow('A has 2 slots, B 3 slots');
    const other = {
      ...shop(),
      nodes: shop().nodes.filter(({ id }) => id !== 'callers'),
      edges: [],
      scenarios: [],
      experiments: [],
    };
    await expect(
      engine.startSweep({ type: 'ab', a: { document: shop() }, b: { document: other }, plan }),
    ).rejects.toThrow('B has no client "callers"');
    expect(engine.frame().topology).toBe('stopped');
  });
});
