import { expect, it } from 'vitest';
import type { HostInfo } from '../api/types.ts';
import type { MeasureDefinition } from '../model/definition.ts';
import { createRecording } from './recording.ts';
import { createScriptedClient } from './scripted-client.fixture.ts';
import { summarizeRun } from './summary.ts';

const shopMeasures = [
  { id: 'hits', unit: 'per second', source: { type: 'rate', counter: 'hits' } },
  { id: 'hit-ratio', unit: 'ratio', source: { type: 'ratio', numerator: ['hits'], denominator: ['hits', 'misses'] } },
  { id: 'waiting', unit: 'count', source: { type: 'gauge', gauge: 'waiting', over: 'sum' } },
].map((measure) => ({ ...measure, title: measure.id, help: '' })) as MeasureDefinition[];

const START_MS = 1_700_000_000_000;
const host: HostInfo = {
  cores: 2,
  memoryBytes: 1,
  platform: 'linux',
  cpuModel: 'any',
  versions: { archipel: '0', node: '24', postgres: null },
};

it('sums a run up: counts, latencies overall and per route, failures by hop, and what each node did in the run', () => {
  const client = createScriptedClient({
    startedAtMs: START_MS,
    ratePerSec: 100,
    routes: ['GET /orders', 'GET /users'],
    outcome: ({ route }) =>
      route === 0 ? { type: 'ok', latencyMs: 4 } : { type: 'failed', failure: 'handler-error@users', afterMs: 2 },
  });
  client.stop(START_MS + 2000);
  const recording = createRecording([client.source]);
  recording.add('visitors', client.frameAt(START_MS + 2100), START_MS + 2100);

  const run = summarizeRun(recording, {
    document: 'Shop',
    scenario: 'day',
    seed: 7,
    startedAtMs: START_MS,
    endedAtMs: START_MS + 2000,
    nodesBefore: {
      shop: { replicas: 1, rssBytes: 5, cpuUs: 300_000, requests: 40, errors: 1, counters: { hits: 10 }, gauges: {} },
    },
    nodesNow: {
      shop: {
        replicas: 2,
        rssBytes: 9,
        cpuUs: 1_300_000,
        requests: 240,
        errors: 101,
        counters: { hits: 40, misses: 90 },
        gauges: { waiting: [3, 5] },
      },
      late: { replicas: 1, rssBytes: 3, cpuUs: 200_000, requests: 5, errors: 0, counters: {}, gauges: {} },
    },
    measures: { shop: shopMeasures },
    host,
  });

  expect(run).toMatchObject({
    seed: 7,
    durationMs: 2000,
    traffic: { issued: 200, ok: 100, failed: 100, dropped: 0, inFlight: 0, reasons: { 'handler-error': 100 } },
    failures: [{ reason: 'handler-error', hop: 'users', count: 100 }],
    nodes: {
      shop: {
        replicas: 2,
        cpu: 0.5,
        rssBytes: 9,
        requests: 200,
        errors: 100,
        measures: { hits: 15, 'hit-ratio': 0.25, waiting: 8 },
      },
      late: { replicas: 1, cpu: 0.1, rssBytes: 3, requests: 5, errors: 0, measures: {} },
    },
    conservation: { holds: true, equation: 'issued 200 = ok 100 + handler-error 100 + in flight 0' },
  });
  expect(run.routes['GET /users']).toMatchObject({ issued: 100, ok: 0, failed: 100 });
  expect(run.latencyMs.p50).toBeCloseTo(4, 1);
  expect(run.latencyMs.routes['GET /users']).toEqual({ p50: null, p95: null, p99: null, p999: null, max: null });
});
