import { edgeTo, startClient } from '../engine/kinds/client/client.fixture.ts';
import { startWebProcess } from '../engine/kinds/client/web.fixture.ts';
import { constantCurve } from '../engine/model/curve.ts';
import { poissonArrivals } from '../engine/traffic/arrivals/poisson.ts';
import { createRandom, streamOf } from '../engine/traffic/random.ts';
import type { ArrivalLateness } from '../engine/traffic/traffic.ts';
import { timeoutLatenessMs } from './arrivals-timeout.ts';
import { median } from './figures.ts';

const ROUNDS = 5;
const WARM_UP_MS = 1000;
const DURATION_MS = 3500;

/** A run of the real client; its pace and its share of one core are those between the warm-up and the last arrivals. */
async function run(options: { ratePerSec: number; arrivals: 'poisson' | 'uniform'; seed: number; ports: number[] }) {
  const { ports, ...traffic } = options;
  const client = await startClient({ edges: [edgeTo(ports)], frameIntervalMs: 100 });
  try {
    // Without a port every request fails, and of those each trace is kept: that is no cost of the pace.
    if (ports.length === 0) client.child.send({ type: 'trace', ratio: null });
    await client.start({ ...traffic, durationMs: DURATION_MS });
    await client.done();
    const all = client.frames.filter((frame) => frame.traffic && frame.traffic.scheduled > 0 && !frame.traffic.done);
    const during = all.filter(({ atMs }) => atMs - (all[0]?.atMs ?? 0) >= WARM_UP_MS);
    const [first, last] = [during[0], during.at(-1)];
    if (!first?.traffic || !last?.traffic || first === last) throw new Error('the client sent no frames under load');
    const elapsedMs = last.atMs - first.atMs;
    return {
      perSec: ((last.traffic.scheduled - first.traffic.scheduled) / elapsedMs) * 1000,
      scheduled: client.received().counters.scheduled,
      issued: client.received().counters.issued,
      cpu: (last.cpuUs - first.cpuUs) / 1000 / elapsedMs,
      p50Ms: ((await client.call('arrival-lateness', null)) as ArrivalLateness).p50Ms ?? Number.POSITIVE_INFINITY,
    };
  } finally {
    await client.stop();
  }
}

function schedule(ratePerSec: number, seed: number): number[] {
  const times: number[] = [];
  const arrivals = poissonArrivals(constantCurve(ratePerSec), createRandom(seed, streamOf('arrivals')));
  for (; arrivals.atMs < DURATION_MS; arrivals.advance()) times.push(arrivals.atMs);
  return times;
}

/** One round of everything, in turns. */
async function round(ratePerSec: number, port: number, seed: number) {
  const times = schedule(ratePerSec, seed);
  // Along an edge without a port each arrival is refused where it is issued: what is left is the cost of the pace.
  const alone = await run({ ratePerSec, arrivals: 'poisson', seed, ports: [] });
  const sending = await run({ ratePerSec, arrivals: 'poisson', seed, ports: [port] });
  const even = await run({ ratePerSec, arrivals: 'uniform', seed, ports: [port] });
  const timeoutMs = await timeoutLatenessMs(times);
  return {
    offPercent: Math.abs(even.perSec / ratePerSec - 1) * 100,
    missing: Math.abs(times.length - sending.issued),
    cpu: alone.cpu,
    sendingCpu: sending.cpu,
    p50Ms: sending.p50Ms,
    timeoutMs,
    better: timeoutMs / sending.p50Ms,
  };
}

async function atRate(ratePerSec: number, port: number) {
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  for (let seed = 1; seed <= ROUNDS; seed += 1) rounds.push(await round(ratePerSec, port, seed));
  const of = (field: keyof (typeof rounds)[number]): number => median(rounds.map((round) => round[field]));
  const list = (field: keyof (typeof rounds)[number]): string =>
    rounds.map((round) => round[field].toFixed(3)).join(', ');
  const result = (metric: string, value: number, limit: number, comparison: '<=' | '>=', detail: string) => ({
    metric: `${metric} at ${ratePerSec}/s`,
    value: Number(value.toFixed(3)),
    limit,
    comparison,
    holds: comparison === '<=' ? value <= limit : value >= limit,
    detail: `median of ${ROUNDS} rounds of ${DURATION_MS} ms: ${detail}`,
  });
  return [
    result('pace of uniform arrivals, off by (%)', of('offPercent'), 0.1, '<=', list('offPercent')),
    result('Poisson arrivals missing from the schedule', of('missing'), 0, '<=', list('missing')),
    result('p50 jitter of Poisson arrivals under real traffic (ms)', of('p50Ms'), 0.1, '<=', list('p50Ms')),
    result('p50 jitter, setTimeout batches / client', of('better'), 5, '>=', `setTimeout ${list('timeoutMs')} ms`),
    result(
      'share of a core for the arrivals alone',
      of('cpu'),
      0.15,
      '<=',
      `${list('cpu')}; with sending, reading and recording of real traffic ${list('sendingCpu')}`,
    ),
  ];
}

/** How exactly the client keeps its arrivals, and what that costs, beside batches on `setTimeout` in the same run. */
export default async function arrivals() {
  const web = await startWebProcess();
  try {
    return { name: 'arrivals', results: [...(await atRate(2000, web.port)), ...(await atRate(5000, web.port))] };
  } finally {
    await web.stop();
  }
}

if (import.meta.main) console.log(JSON.stringify(await arrivals(), null, 2));
