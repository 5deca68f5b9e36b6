import { createEngine } from '../engine/api/create-engine.ts';
import type { Engine } from '../engine/api/engine.ts';
import { documentOf, edge, node, route } from '../engine/api/fixtures.ts';
import { DEFAULT_SAMPLING_RATIO } from '../engine/process-kit/tracing.ts';
import { median } from './figures.ts';

const RATE_PER_SEC = 500;
const PAIRS = 12;
const SETTLE_MS = 1200;
const WINDOWS = 3;
const WARM_UP_MS = 5000;

const document = documentOf({
  nodes: [
    node('client', 'client'),
    node('gateway', 'gateway'),
    node('orders', 'service', { routes: [route('/orders', { do: 'query', edge: 'orders-db', sql: 'SELECT 1' })] }),
    node('db', 'database'),
  ],
  edges: [edge('client', 'gateway'), edge('gateway', 'orders'), edge('orders', 'db')],
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

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** CPU time of client, gateway and service so far. */
const cpuSec = (engine: Engine): number =>
  [
    ...engine.metrics().matchAll(/^archipel_node_cpu_seconds_total\{node="(?:client|gateway|orders)".*\} (\S+)$/gm),
  ].reduce((sum, [, value]) => sum + Number(value), 0);

interface Round {
  p50Ms: number;
  cpuUsPerRequest: number;
}

/** A few seconds of the running traffic with this share of samples. */
async function round(engine: Engine, ratio: number | null): Promise<Round> {
  await engine.configureTracing({ ratio, otlpUrl: null });
  await sleep(SETTLE_MS);
  const before = { sec: cpuSec(engine), ok: engine.frame().traffic?.counts.ok ?? 0 };
  const p50s: number[] = [];
  for (let window = 0; window < WINDOWS; window += 1) {
    await sleep(1000);
    p50s.push(engine.frame().traffic?.window.latencyMs.p50 ?? Number.NaN);
  }
  const requests = (engine.frame().traffic?.counts.ok ?? 0) - before.ok;
  return { p50Ms: median(p50s), cpuUsPerRequest: ((cpuSec(engine) - before.sec) * 1e6) / requests };
}

/** What tracing at its default share costs client → gateway → service → PostgreSQL, against none, in turns in one run. */
export default async function tracingCost() {
  const engine = await createEngine();
  const pairs: { off: Round; on: Round }[] = [];
  try {
    await engine.startTopology(document);
    await engine.startTraffic({
      scenario: document.scenarios[0] as (typeof document.scenarios)[number],
      durationMs: null,
    });
    await sleep(WARM_UP_MS);
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const onFirst = pair % 2 === 0;
      const first = await round(engine, onFirst ? DEFAULT_SAMPLING_RATIO : null);
      const second = await round(engine, onFirst ? null : DEFAULT_SAMPLING_RATIO);
      pairs.push(onFirst ? { on: first, off: second } : { on: second, off: first });
    }
    await engine.stopTraffic();
  } finally {
    await engine.close();
  }
  const against = (what: keyof Round, metric: string, limit: number, unit: string) => {
    const value = median(pairs.map(({ on, off }) => on[what] / off[what]));
    return {
      metric: `${metric}, tracing ${DEFAULT_SAMPLING_RATIO * 100} % of the requests / none`,
      value: Number(value.toFixed(3)),
      limit,
      comparison: '<=' as const,
      holds: value <= limit,
      detail: `${median(pairs.map(({ on }) => on[what])).toFixed(2)} ${unit} against ${median(pairs.map(({ off }) => off[what])).toFixed(2)} ${unit}; median of ${PAIRS} pairs at ${RATE_PER_SEC} requests/s`,
    };
  };
  return {
    name: 'tracing-cost',
    results: [
      against('p50Ms', 'p50 of the chain', 1.1, 'ms'),
      against('cpuUsPerRequest', 'CPU of client, gateway and service for a request', 1.1, 'µs'),
    ],
  };
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await tracingCost(), null, 2));
