import { documentOf, edge, node } from '../api/fixtures.ts';
import type { ExperimentResult, LatencySummary, LogLine, ProbeResult, RunResult } from '../api/types.ts';
import type { RunEvent, Sample } from '../records/record.ts';
import type { Report } from './report.ts';

/** What somebody might write into a document to break out of a report. */
export const HOSTILE = `"><script>alert(1)</script>'|\`$(x)\`]]>&amp; {{=1}}\u0007\u202e`;

export const START = Date.UTC(2026, 0, 1, 12);

const latency = (p50: number): LatencySummary => ({
  p50,
  p95: p50 * 3,
  p99: p50 * 8,
  p999: p50 * 20,
  max: p50 * 30,
});

const probe = (phase: ProbeResult['phase'], changes: Partial<ProbeResult> = {}): ProbeResult => ({
  name: 'orders answer',
  measure: 'success-ratio',
  observed: '1',
  wanted: '≥ 0.99',
  evidence: { window: { fromMs: START + 1000, toMs: START + 4000 }, record: null, counters: { ok: 300 }, looks: [] },
  phase,
  fault: phase === 'during' ? 'fault-1' : null,
  window: { fromMs: START + 1000, toMs: START + 4000 },
  value: 1,
  unit: 'ratio',
  samples: 300,
  tolerance: { min: 0.99 },
  margin: 0.01,
  holds: true,
  inconclusive: null,
  ...changes,
});

const counts = { issued: 1000, ok: 900, failed: 100, dropped: 0, inFlight: 0, reasons: { refused: 100 } };

/** A run of ten seconds with all that a result may hold, and the given name wherever a document has a say. */
export function runReport(name = 'Orders'): Report {
  const result: RunResult = {
    document: name,
    scenario: name,
    seed: 7,
    startedAtMs: START,
    durationMs: 10_000,
    traffic: counts,
    latencyMs: { ...latency(4), uncorrected: latency(3), routes: { [`GET /${name}`]: latency(4) } },
    routes: { [`GET /${name}`]: counts },
    failures: [{ reason: 'refused', hop: 'callers-orders', count: 100 }],
    iterations: { started: 1000, completed: 1000, interrupted: 0, dropped: 0 },
    generator: { latenessMs: { p50: 0.1, p99: 2, max: 9 }, due: 1000, dropped: 0 },
    nodes: {
      callers: { replicas: 1, cpu: 0.1, rssBytes: 6e7, requests: 1000, errors: 100, measures: {}, limit: null },
      orders: {
        replicas: 2,
        cpu: 0.4,
        rssBytes: 9e7,
        requests: 900,
        errors: 0,
        measures: {},
        limit: { limit: 'queue', edge: null, detail: `the queue was full ${name}` },
      },
    },
    edges: { 'callers-orders': { requests: 1000, errors: 100, shares: { '0': 0.5, '1': 0.5 }, measures: {} } },
    messages: [],
    brokers: [],
    conservation: { holds: true, equation: 'issued 1000 = ok 900 + refused 100 + in flight 0' },
    scaling: {
      orders: {
        events: [
          {
            atMs: START + 2000,
            from: 1,
            to: 2,
            by: 'user',
            reason: name,
            doneAtMs: START + 2500,
            failedCalls: 0,
            error: null,
          },
        ],
        timeToScaleMs: null,
        unfinished: 0,
        overshoot: null,
        flaps: 0,
        failedCalls: 0,
      },
    },
    deploys: [
      {
        id: 'deploy-1',
        node: 'orders',
        version: name,
        from: 'v1',
        strategy: 'rolling',
        state: 'done',
        phase: 'done',
        startedAtMs: START + 3000,
        rolloutAtMs: START + 3500,
        endedAtMs: START + 5000,
        pipeline: { modules: 1, modelledMs: 60_000, waitedMs: 500 },
        leadTimeMs: 2000,
        processes: { started: 2, stopped: 2 },
        analysis: null,
        rollback: null,
        impact: null,
        error: null,
      },
    ],
    costs: null,
    overhead: {
      links: { addedP50Ms: 0.3, pairs: 9, cpu: 0.03 },
      tracing: { ratio: 0.1, spans: 500, dropped: 0, cpu: 0.002 },
      engine: { cpu: 0.04 },
    },
    host: {
      cores: 2,
      memoryBytes: 8e9,
      platform: 'linux',
      cpuModel: `Processor ${name}`,
      versions: { archipel: '0.1.0', node: '24.0.0', postgres: null },
    },
    warnings: [`a note ${name}`],
    record: '2026-01-01T12-00-00-abcdef',
  };
  return {
    document: {
      ...documentOf({
        nodes: [
          { ...node('callers', 'client'), name },
          { ...node('orders', 'service'), name, position: { x: 340, y: 40 } },
        ],
        edges: [edge('callers', 'orders')],
      }),
      name,
      description: name,
    },
    sha256: 'ab'.repeat(32),
    result,
    series: Array.from({ length: 10 }, (_, second) => sample(second + 1)),
    events: [event(4000, 'dead: killed'), event(6000, `ready, process 7 ${name}`)],
    log: [logLine(2000, 'listening'), logLine(4500, `out of stock ${name}`)],
    durationMs: 10_000,
  };
}

/** The same with an experiment around it: one probe of each outcome, one fault with one proof. */
export function experimentReport(name = 'Orders', verdict: ExperimentResult['verdict'] = 'failed'): Report {
  const report = runReport(name);
  const result: ExperimentResult = {
    ...report.result,
    experiment: { name, title: `Kill ${name}`, statement: `Users notice ${name}` },
    verdict,
    reasons: [`because of ${name}`],
    probes: [
      probe('before', { name }),
      probe('during', {
        value: 0.5,
        holds: false,
        margin: -0.49,
        window: { fromMs: START + 4000, toMs: START + 6000 },
      }),
      probe('after', { value: null, samples: 3, holds: false, margin: null, inconclusive: `too few ${name}` }),
      probe('recovering', {
        measure: 'http',
        value: null,
        observed: `{"up":"${name}"}`,
        unit: 'none',
        tolerance: {},
        wanted: `matches ${name}`,
        margin: null,
        evidence: {
          window: { fromMs: START + 6000, toMs: START + 7000 },
          record: null,
          counters: {},
          looks: [{ atMs: START + 6500, value: `{"up":"${name}"}`, holds: true, note: name }],
        },
      }),
      ...(['before', 'during'] as const).map((phase) =>
        probe(phase, {
          name: `complains ${name}`,
          measure: 'log',
          value: phase === 'during' ? 30 : 1,
          unit: 'count',
          evidence: {
            ...{ window: { fromMs: START + 4000, toMs: START + 6000 }, record: null, counters: {}, looks: [] },
            lines: [logLine(4500, `out of stock ${name}`)],
          },
        }),
      ),
    ],
    faults: [
      {
        id: 'fault-1',
        fault: 'kill',
        target: { node: 'orders', replica: 0 },
        parameters: { graceful: false, note: name },
        course: { probability: 0.5, schedule: { type: 'every', periodMs: 1000, onMs: 200 } },
        seed: 9,
        state: 'off',
        active: false,
        activations: 3,
        nextAtMs: null,
        startedAtMs: START + 4000,
        expiresAtMs: START + 20_000,
        endedAtMs: START + 6000,
        endedBy: 'cleared',
        proofOfEffect: { holds: true, evidence: `process 5 is gone ${name}`, atMs: START + 4100 },
        proofOfRemoval: null,
        error: null,
      },
    ],
    recoveryMs: null,
    impact: {
      window: { fromMs: START + 4000, toMs: START + 6000 },
      availability: 0.5,
      requests: 200,
      failed: 100,
      detections: [{ fault: 'fault-1', timeToDetectMs: 250, by: name }],
      timeToDetectMs: 250,
      timeToRecoverMs: null,
      errorBudget: { objective: 0.99, from: 'hypothesis', allowed: 2, failed: 100, spent: 50 },
      blastRadius: {
        routes: { affected: [`GET /${name}`], of: [`GET /${name}`], share: 1, interval: { low: 0.2, high: 1 } },
        nodes: { affected: [], of: [], share: null, interval: { low: 0, high: 1 } },
      },
    },
    steps: [
      {
        place: 'method[0]',
        type: 'fault',
        name,
        id: 'fault-1',
        startedAtMs: START + 3900,
        begunAtMs: START + 4000,
        endedAtMs: START + 6000,
        error: null,
      },
      {
        place: 'method[1]',
        type: 'probe',
        name,
        id: null,
        startedAtMs: START + 6000,
        begunAtMs: null,
        endedAtMs: START + 6100,
        error: `not there ${name}`,
      },
    ],
    rollbacks: [],
    stoppedBy: name,
    journal: [{ atMs: START + 4000, event: `fault on ${name}` }],
  };
  return { ...report, result };
}

const logLine = (afterMs: number, text: string): LogLine => ({
  ...{ atMs: START + afterMs, nodeId: 'orders', replica: 1, stream: 'stdout', text },
});

const event = (afterMs: number, text: string): RunEvent => ({
  atMs: START + afterMs,
  type: 'state',
  subject: 'orders#0',
  text,
});

export function sample(second: number): Sample {
  const down = second >= 4 && second <= 6;
  return {
    atMs: START + second * 1000,
    traffic: {
      counts,
      ratePerSec: 100,
      okPerSec: down ? 0 : 100,
      failedPerSec: down ? 100 : 0,
      latencyMs: down ? { p50: null, p95: null, p99: null, p999: null, max: null } : latency(4 + second),
    },
    nodes: {
      orders: {
        state: down ? 'dead' : 'ready',
        replicas: 1,
        requestsPerSec: down ? 0 : 100,
        errorsPerSec: 0,
        p50Ms: down ? null : 3,
        p99Ms: down ? null : 9,
        inFlight: 0,
        cpu: 0.2,
        rssBytes: 9e7,
        measures: {},
      },
    },
    edges: { 'callers-orders': { requests: second * 100, errors: 0 } },
  };
}
