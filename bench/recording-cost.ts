import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../engine/api/create-engine.ts';
import { documentOf, edge, node, route } from '../engine/api/fixtures.ts';
import type { RunResult } from '../engine/api/types.ts';

const RATE_PER_SEC = 200;
const DURATION_MS = 15_000;
const LIMIT = 0.05;

/** A line in the log for each request. */
const logged = { do: 'code', source: '({ method, path }) => { console.log(method, path, "200 1.2 ms"); }' };

const document = documentOf({
  nodes: [
    node('client', 'client'),
    node('gateway', 'gateway'),
    node('orders', 'service', { routes: [route('/orders', logged)], replicas: 2 }),
  ],
  edges: [edge('client', 'gateway'), edge('gateway', 'orders')],
  scenarios: [
    {
      name: 'steady',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'client',
          ratePerSec: RATE_PER_SEC,
          routes: [{ path: '/orders' }],
        },
      ],
    },
  ],
});

/** One run with a fault that comes and goes all the time: what its record, its log included, and journal cost, of all CPU that the run used. */
async function measure() {
  const engine = await createEngine();
  try {
    await engine.trustDocument({ path: null, document });
    await engine.startTopology(document);
    const cpuBefore = process.cpuUsage();
    await engine.startTraffic({
      scenario: document.scenarios[0] as (typeof document.scenarios)[number],
      durationMs: DURATION_MS,
    });
    await engine.injectFault({
      fault: 'latency',
      target: { edge: 'gateway-orders' },
      parameters: { latencyMs: 1 },
      schedule: { type: 'every', periodMs: 200, onMs: 100 },
      leaseMs: DURATION_MS,
    });
    const result: RunResult = await engine.trafficDone();
    const { user, system } = process.cpuUsage(cpuBefore);
    const record = await engine.records.open(result.record as string);
    const recordMs = record.summary.manifest?.cost?.cpuMs ?? Number.NaN;
    const nodesMs = Object.values(result.nodes).reduce((sum, { cpu }) => sum + cpu * result.durationMs, 0);
    const runMs = nodesMs + (user + system) / 1000;
    const lines = (await engine.records.log(result.record as string)).length;
    return { share: recordMs / runMs, recordMs, runMs, events: record.events.length, lines };
  } finally {
    await engine.close();
  }
}

/** What the record of a run and its journal cost, as part of the CPU that the run uses. */
export default async function recordingCost() {
  const directory = await mkdtemp(join(tmpdir(), 'archipel-bench-'));
  const before = process.env.ARCHIPEL_DATA;
  process.env.ARCHIPEL_DATA = directory;
  try {
    const { share, recordMs, runMs, events, lines } = await measure();
    return {
      name: 'recording-cost',
      results: [
        {
          metric: 'CPU of record and journal / CPU of the run',
          value: Number(share.toFixed(4)),
          limit: LIMIT,
          comparison: '<=' as const,
          holds: share <= LIMIT,
          detail: `${recordMs.toFixed(1)} ms of ${runMs.toFixed(0)} ms in ${DURATION_MS / 1000} s at ${RATE_PER_SEC} requests/s, ${events} events and ${lines} lines of logs, with a fault that comes and goes five times a second`,
        },
      ],
    };
  } finally {
    if (before === undefined) delete process.env.ARCHIPEL_DATA;
    else process.env.ARCHIPEL_DATA = before;
    await rm(directory, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await recordingCost(), null, 2));
