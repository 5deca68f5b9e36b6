import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scenarioSchema } from '../model/scenario.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, node } from './fixtures.ts';
import type { RunResult } from './types.ts';

/* Scenarios as the engine plays them on real clients and a real service. */

let engine: Engine;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-traffic-'));
  engine = await createEngine();
  await engine.startTopology(
    documentOf({
      nodes: [
        node('people', 'client'),
        node('robots', 'client'),
        node('shop', 'service', {
          routes: [
            { path: '/items/:id', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 5 } }] },
            { method: 'POST', path: '/orders' },
          ],
        }),
      ],
      edges: [
        // A busy machine is no reason for a time-out here.
        { id: 'people-shop', source: 'people', target: 'shop', config: { timeoutMs: 60_000 } },
        { id: 'robots-shop', source: 'robots', target: 'shop', config: { timeoutMs: 60_000 } },
      ],
    }),
  );
});
afterAll(async () => {
  await engine?.close();
  await rm(directory, { recursive: true, force: true });
});

const item = { path: '/items/:id', parameters: [{ name: 'id', keys: 500, skew: 1 }] };
const order = { method: 'POST', path: '/orders', bodyBytes: { type: 'uniform', minBytes: 10, maxBytes: 5000 } };

async function play(
  traffic: object[],
  options: Partial<Parameters<Engine['startTraffic']>[0]> = {},
): Promise<RunResult> {
  const scenario = scenarioSchema.parse({ name: 'mixed', durationMs: 1500, gracefulStopMs: 30_000, traffic });
  await engine.startTraffic({ scenario, directory, ...options });
  return engine.trafficDone();
}

describe('several clients at once', () => {
  test('an open and a closed model side by side are told apart, and add up', async () => {
    const result = await play([
      { executor: 'constant-arrival-rate', client: 'people', ratePerSec: 100, arrivals: 'uniform', routes: [item] },
      {
        executor: 'constant-vus',
        client: 'robots',
        vus: 4,
        startTimeMs: 500,
        session: { order: 'mix', thinkTime: { type: 'fixed', valueMs: 20 } },
        routes: [order],
      },
    ]);
    expect(result.conservation.holds).toBe(true);
    expect(result.routes['GET /items/:id']).toMatchObject({ issued: 150, ok: 150 });
    const robots = result.routes['POST /orders']?.ok ?? 0;
    // Each user needs at least 20 ms for a request, for a second; how much more depends on the machine.
    expect(robots).toBeGreaterThanOrEqual(4);
    expect(robots).toBeLessThanOrEqual(4 * 51);
    expect(result.iterations).toEqual({ started: 150 + robots, completed: 150 + robots, interrupted: 0, dropped: 0 });
    expect(result.nodes.shop).toMatchObject({ requests: 150 + robots, errors: 0 });
    expect(result.generator).toMatchObject({ due: 150 + robots, dropped: 0 });
    expect(result.latencyMs.uncorrected.p50).toBeGreaterThan(0);
    const frame = engine.frame().traffic;
    expect(frame).toMatchObject({ state: 'done', vus: 0 });
  });

  test('users at work are told while there are any', async () => {
    const scenario = scenarioSchema.parse({
      name: 'users',
      traffic: [{ executor: 'per-vu-iterations', client: 'people', vus: 7, iterations: 3, routes: [item] }],
    });
    await engine.startTraffic({ scenario });
    const controller = new AbortController();
    let most = 0;
    for await (const { traffic } of engine.frames(controller.signal)) {
      most = Math.max(most, traffic?.vus ?? 0);
      if (traffic?.state === 'done') controller.abort();
    }
    const result = await engine.trafficDone();
    expect(result.traffic).toMatchObject({ issued: 21, ok: 21 });
    expect(most).toBeLessThanOrEqual(7);
    // 21 requests are over long before the scenario is.
    expect(result.durationMs).toBeLessThan(15_000);
  });
});

describe('a trace', () => {
  const routes = [item, order];
  const source = { client: 'people', routes };

  test('recorded from any traffic is replayed request by request', async () => {
    const first = await play(
      [
        {
          ...source,
          executor: 'ramping-vus',
          startVUs: 2,
          stages: [
            { durationMs: 600, vus: 6 },
            { durationMs: 400, vus: 1 },
          ],
        },
      ],
      { recordArrivals: true },
    );
    const { traces, leftOut } = await engine.recordedTraffic();
    expect(leftOut).toBe(0);
    expect(traces).toMatchObject([{ client: 'people', arrivals: first.traffic.issued }]);
    await writeFile(join(directory, 'trace.ndjson'), traces[0]?.text ?? '');

    const replay = { executor: 'replay', client: 'robots', routes, trace: { from: 'file', path: 'trace.ndjson' } };
    const again = await play([replay], { recordArrivals: true });
    expect(again.traffic).toMatchObject({ issued: first.traffic.issued, ok: first.traffic.issued, dropped: 0 });
    for (const route of ['GET /items/:id', 'POST /orders'])
      expect(again.routes[route]?.issued).toBe(first.routes[route]?.issued);
    const repeated = await engine.recordedTraffic();
    expect(repeated.traces[0]?.text).toBe(traces[0]?.text);
    // What was handed out is gone.
    expect((await engine.recordedTraffic()).traces).toMatchObject([{ arrivals: 0 }]);
  });

  test.each<[string, string | null, string, RegExp]>([
    ['is not there', null, 'document-unreadable', /missing\.ndjson cannot be read/],
    ['is empty', '', 'document-invalid', /line 1: is missing/],
    [
      'is wrong in several ways',
      '{"atMs":1,"path":"/items/3"}\n{"atMs":-1,"path":"items"}\nnonsense\n{"atMs":2,"path":"/items/3","colour":1}\n',
      'document-invalid',
      /line 2\.atMs: must be at least 0; line 2\.path: must start with "\/".*line 3: is no JSON.*line 4\.colour: unknown field/,
    ],
    [
      'goes back in time, along other routes',
      '{"atMs":5,"path":"/items/3"}\n{"atMs":4,"method":"DELETE","path":"/items/3"}\n',
      'document-invalid',
      /line 2: lies before the arrival above it, at 5 ms; line 2: "DELETE \/items\/3" belongs to none of the routes/,
    ],
  ])('that %s is refused with all that is wrong, and nothing is sent', async (_, text, code, message) => {
    if (text !== null) await writeFile(join(directory, 'bad.ndjson'), text);
    const path = text === null ? 'missing.ndjson' : 'bad.ndjson';
    const before = engine.lastRun();
    await expect(play([{ ...source, executor: 'replay', trace: { from: 'file', path } }])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      nextStep: expect.stringMatching(/.+/),
    });
    expect(engine.lastRun()).toBe(before);
  });

  test('beside a document that is in no file cannot be found, and the error says so', async () => {
    const replay = { ...source, executor: 'replay', trace: { from: 'file', path: 'trace.ndjson' } };
    await expect(play([replay], { directory: null })).rejects.toThrow(/not saved yet/);
  });
});

test('the same seed sends the same requests at the same times through the whole engine; another seed others', async () => {
  const traffic = [
    {
      executor: 'spike',
      client: 'people',
      baseRatePerSec: 50,
      peakRatePerSec: 300,
      spikeAtMs: 300,
      holdMs: 300,
      routes: [item, order],
    },
    { executor: 'diurnal', client: 'robots', lowRatePerSec: 10, highRatePerSec: 200, dayMs: 1000, routes: [item] },
  ];
  const sent = async (seed: number) => {
    const result = await play(traffic, { seed, recordArrivals: true, durationMs: 1000 });
    expect(result.conservation.holds).toBe(true);
    return (await engine.recordedTraffic()).traces;
  };
  const first = await sent(4);
  expect(first.map(({ client }) => client)).toEqual(['people', 'robots']);
  for (const { arrivals } of first) expect(arrivals).toBeGreaterThan(50);
  expect(await sent(4)).toEqual(first);
  expect(await sent(5)).not.toEqual(first);
}, 20_000);
