import { expect, test } from 'vitest';
import type { EngineFrame, NodeStatus } from '../api/types.ts';
import { createHistogram, record, toSparse } from '../metrics/histogram.ts';
import { parseExposition } from './exposition.fixture.ts';
import { expose } from './exposition.ts';
import { createLatencyBuckets } from './latency-buckets.ts';
import { type Exposed, prometheusText } from './prometheus.ts';

const node = (id: string, changes: Partial<NodeStatus> = {}): NodeStatus =>
  ({
    id,
    kind: 'service',
    state: 'ready',
    reason: null,
    replicas: [
      { replica: 0, pid: 1, port: 1, state: 'ready', reason: null, cpu: 0.5, rssBytes: 1000 },
      { replica: 1, pid: 2, port: 2, state: 'dead', reason: 'gone', cpu: 0, rssBytes: 0 },
    ],
    requestsPerSec: 1,
    errorsPerSec: 0,
    p50Ms: 1,
    p99Ms: 2,
    inFlight: 3,
    requests: 40,
    errors: 5,
    measures: {},
    ...changes,
  }) as NodeStatus;

function exposed(changes: Partial<Exposed> = {}, frame: Partial<EngineFrame> = {}): Exposed {
  return {
    frame: {
      atMs: 0,
      topology: 'running',
      problem: null,
      nodes: { orders: node('orders') },
      edges: {},
      faults: [],
      traffic: null,
      experiment: null,
      ...frame,
    } as EngineFrame,
    host: { versions: { archipel: '0.1.0', node: '24.0.0', postgres: null } } as Exposed['host'],
    totals: {
      orders: {
        replicas: 2,
        rssBytes: 1000,
        cpuUs: 2_500_000,
        requests: 40,
        errors: 5,
        counters: { cacheHits: 7 },
        gauges: {},
      },
    },
    latency: new Map(),
    measures: {},
    edges: [],
    tracing: { settings: { ratio: 0.01, otlpUrl: null }, spans: 10, droppedSpans: 1, otlp: null },
    engine: { cpuSec: 1.5, rssBytes: 5e7 },
    ...changes,
  };
}
const read = (value: Exposed) => parseExposition(prometheusText(value));

test('shows requests, CPU and memory of nodes and replicas in base units', () => {
  const families = read(exposed());
  const sample = (name: string, labels: string) => families.get(name)?.samples.get(`${name}${labels}`);
  expect(sample('archipel_requests_total', '{kind="service",node="orders"}')).toBe(40);
  expect(sample('archipel_request_errors_total', '{kind="service",node="orders"}')).toBe(5);
  expect(sample('archipel_requests_in_flight', '{kind="service",node="orders"}')).toBe(3);
  expect(sample('archipel_node_cpu_seconds_total', '{kind="service",node="orders"}')).toBe(2.5);
  expect(sample('archipel_replica_resident_memory_bytes', '{kind="service",node="orders",replica="0"}')).toBe(1000);
  expect(sample('archipel_replica_up', '{kind="service",node="orders",replica="0"}')).toBe(1);
  expect(sample('archipel_replica_up', '{kind="service",node="orders",replica="1"}')).toBe(0);
  expect(sample('process_cpu_seconds_total', '')).toBe(1.5);
});

test('latencies are a cumulative histogram in seconds, within the 0.8 % that they were rounded by', () => {
  const buckets = createLatencyBuckets();
  const histogram = createHistogram();
  const valuesMs = [0.2, 0.7, 3, 3, 40, 20_000];
  for (const valueMs of valuesMs) record(histogram, valueMs);
  buckets.add(toSparse(histogram));
  buckets.add(toSparse(createHistogram()));
  const family = read(exposed({ latency: new Map([['orders', buckets]]) })).get('archipel_request_duration_seconds');
  const labels = 'kind="service"';
  const below = (le: string) =>
    family?.samples.get(`archipel_request_duration_seconds_bucket{${labels},le="${le}",node="orders"}`);
  expect(['0.0005', '0.001', '0.0025', '0.005', '0.05', '10', '+Inf'].map(below)).toEqual([1, 2, 2, 4, 5, 5, 6]);
  const sum = family?.samples.get(`archipel_request_duration_seconds_sum{${labels},node="orders"}`) as number;
  const exact = valuesMs.reduce((all, valueMs) => all + valueMs / 1000, 0);
  expect(Math.abs(sum - exact) / exact).toBeLessThan(0.008);
});

test('figures of a kind: counters as counters, the others as gauges in their unit', () => {
  const measures = [
    { id: 'hits', title: '', help: 'Hits.', unit: 'per second', source: { type: 'rate', counter: 'cacheHits' } },
    {
      id: 'hit-ratio',
      title: '',
      help: 'Share of hits.',
      unit: 'ratio',
      source: { type: 'ratio', numerator: [], denominator: [] },
    },
    { id: 'lag', title: '', help: 'Lag.', unit: 'ms', source: { type: 'gauge', gauge: 'lag', over: 'max' } },
    {
      id: 'unknown',
      title: '',
      help: 'Not yet.',
      unit: 'count',
      source: { type: 'gauge', gauge: 'none', over: 'max' },
    },
  ] as const;
  const families = read(
    exposed(
      { measures: { orders: measures } },
      { nodes: { orders: node('orders', { measures: { hits: 2, 'hit-ratio': 0.75, lag: 250, unknown: null } }) } },
    ),
  );
  const values = [...families]
    .filter(([name]) => name.startsWith('archipel_service'))
    .map(([name, { type, samples }]) => [name, type, ...samples.values()]);
  expect(values).toEqual([
    ['archipel_service_cache_hits_total', 'counter', 7],
    ['archipel_service_hit_ratio', 'gauge', 0.75],
    ['archipel_service_lag_seconds', 'gauge', 0.25],
  ]);
});

test('shows edges, faults that are on, and traffic by outcome and reason', () => {
  const families = read(
    exposed(
      {
        edges: [
          { id: 'a-b', source: 'a', target: 'b' },
          { id: 'gone', source: 'a', target: 'c' },
        ],
      },
      {
        edges: {
          'a-b': {
            id: 'a-b',
            connections: 2,
            upstreamBytes: 10,
            downstreamBytes: 20,
            requests: 4,
            errors: 1,
          } as EngineFrame['edges'][string],
        },
        faults: [
          { id: 'f1', fault: 'latency', target: { edge: 'a-b' }, state: 'on' },
          { id: 'f2', fault: 'kill', target: { node: 'b', replica: 0 }, state: 'off' },
        ] as EngineFrame['faults'],
        traffic: {
          scenario: 'busy "day"',
          counts: { issued: 12, ok: 9, failed: 2, dropped: 0, inFlight: 1, reasons: { timeout: 2 } },
        } as EngineFrame['traffic'],
      },
    ),
  );
  const samples = [...families.values()].flatMap((family) => [...family.samples]);
  expect(samples).toEqual(
    expect.arrayContaining([
      ['archipel_edge_requests_total{edge="a-b",source="a",target="b"}', 4],
      ['archipel_edge_downstream_bytes_total{edge="a-b",source="a",target="b"}', 20],
      ['archipel_fault_on{edge="a-b",fault="latency",id="f1"}', 1],
      ['archipel_traffic_requests_total{outcome="failed",scenario="busy \\"day\\""}', 2],
      ['archipel_traffic_failures_total{reason="timeout",scenario="busy \\"day\\""}', 2],
    ]),
  );
  expect(families.get('archipel_fault_on')?.samples.size).toBe(1);
});

test('escapes what a label or a help may hold, and leaves out what has no sample', () => {
  const text = expose([
    { name: 'a', type: 'gauge', help: 'A \\ and\na line.', samples: [{ labels: { x: 'q"\\\n' }, value: Number.NaN }] },
    { name: 'b', type: 'gauge', help: 'Nothing.', samples: [] },
  ]);
  expect(text).toBe('# HELP a A \\\\ and\\na line.\n# TYPE a gauge\na{x="q\\"\\\\\\n"} NaN\n');
  expect([...parseExposition(text).keys()]).toEqual(['a']);
});

test('a topology that does not run shows the engine alone', () => {
  expect([...read(exposed({ totals: {} }, { nodes: {} })).keys()]).toEqual([
    'archipel_traces_spans_total',
    'archipel_traces_dropped_spans_total',
    'archipel_build_info',
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
  ]);
});
