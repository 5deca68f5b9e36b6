import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createEngine } from '../engine/api/create-engine.ts';
import type { Engine } from '../engine/api/engine.ts';
import { documentOf, edge, node, route } from '../engine/api/fixtures.ts';
import { withLiveTopology } from '../engine/api/live.fixture.ts';
import { edgeTo, startClient } from '../engine/kinds/client/client.fixture.ts';
import { percentileMs } from '../engine/metrics/histogram.ts';
import type { Scenario } from '../engine/model/scenario.ts';
import { median } from './figures.ts';
import type { Started } from './link-set-up.ts';

const ROUNDS = 5;
const STEADY_PER_SEC = 500;
const STEADY_MS = 4000;
/** More than either chain can take, so that every connection is busy all the time. */
const FLOOD_PER_SEC = 12_000;
const FLOOD_MS = 4000;
/** What is left out of the flood, while queues and pools fill. */
const FILL_MS = 1000;
const TIMEOUT_MS = 60_000;

interface Round {
  p50Ms: number;
  perSec: number;
  failed: number;
}

const database = node('db', 'database', {
  setupSql:
    "create table items (id int primary key, name text); insert into items select i, 'item ' || i from generate_series(1, 1000) i",
});
const query = { do: 'query', edge: 'service-db', sql: 'select name from items where id = $1', parameters: ['{id}'] };
const service = node('service', 'service', { routes: [route('/items/:id', query)] });

const traffic = (name: string, ratePerSec: number, durationMs: number): Record<string, unknown> => ({
  name,
  durationMs,
  gracefulStopMs: 0,
  traffic: [{ executor: 'constant-arrival-rate', client: 'client', ratePerSec, routes: [{ path: '/items/7' }] }],
});

const document = documentOf({
  nodes: [node('client', 'client', { maxQueued: 1_000_000 }), node('gateway', 'gateway'), service, database],
  edges: [
    edge('client', 'gateway', { timeoutMs: TIMEOUT_MS }),
    edge('gateway', 'service', { timeoutMs: TIMEOUT_MS }),
    edge('service', 'db', { timeoutMs: TIMEOUT_MS }),
  ],
  scenarios: [traffic('steady', STEADY_PER_SEC, STEADY_MS), traffic('flood', FLOOD_PER_SEC, FLOOD_MS)],
});
const [steady, flood] = document.scenarios as [Scenario, Scenario];

/** Answers a second between the filling and the end of a flood, from counters that somebody reads at any pace. */
async function answersPerSec(read: () => { atMs: number; ok: number }): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, FILL_MS));
  const first = read();
  await new Promise((resolve) => setTimeout(resolve, FLOOD_MS - FILL_MS - 500));
  const last = read();
  return ((last.ok - first.ok) * 1000) / (last.atMs - first.atMs);
}

async function ours(engine: Engine): Promise<Round> {
  await engine.startTraffic({ scenario: steady });
  const { latencyMs, traffic: counts } = await engine.trafficDone();
  await engine.startTraffic({ scenario: flood });
  const perSec = await answersPerSec(() => {
    const { atMs, traffic: live } = engine.frame();
    return { atMs, ok: live?.counts.ok ?? 0 };
  });
  await engine.trafficDone();
  return { p50Ms: latencyMs.p50 ?? Number.NaN, perSec, failed: counts.failed };
}

/** The same load from the same client, which reaches the gateway without a link. */
async function byHand(gatewayPort: number): Promise<Round> {
  const client = await startClient({
    edges: [edgeTo([gatewayPort], { timeoutMs: TIMEOUT_MS })],
    maxQueued: 1_000_000,
    frameIntervalMs: 200,
  });
  const load = (trafficId: string, ratePerSec: number, durationMs: number): Promise<unknown> =>
    client.start({
      trafficId,
      ratePerSec,
      durationMs,
      arrivals: 'poisson',
      gracefulStopMs: 0,
      routes: [{ path: '/items/7' }],
    });
  try {
    await load('steady', STEADY_PER_SEC, STEADY_MS);
    await client.done('steady');
    const { counters } = client.received('steady');
    await load('flood', FLOOD_PER_SEC, FLOOD_MS);
    const perSec = await answersPerSec(() => {
      const frame = client.frames.at(-1);
      return { atMs: frame?.atMs ?? 0, ok: frame?.traffic?.ok ?? 0 };
    });
    await client.done('flood');
    return {
      p50Ms: percentileMs(client.received('steady').latency(), 50) ?? Number.NaN,
      perSec,
      failed: counters.failed,
    };
  } finally {
    await client.stop();
  }
}

async function startPeer(...parameters: string[]): Promise<Started> {
  const execPath = process.env.ARCHIPEL_NODE ?? process.execPath;
  const child: ChildProcess = fork(new URL('./chain-peers.ts', import.meta.url), parameters, { execPath });
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** The chain by hand, with a database of its own that is set up as the other one is. */
function withChainByHand<Result>(work: (gatewayPort: number) => Promise<Result>): Promise<Result> {
  const onlyDatabase = documentOf({ nodes: [service, database], edges: [edge('service', 'db')] });
  return withLiveTopology(
    onlyDatabase,
    () => {},
    async ({ topology }) => {
      const { login } = topology.edge('service-db');
      const port = topology
        .nodes()
        .find(({ node: { id } }) => id === 'db')
        ?.replicas[0]?.status().port;
      const peers: Started[] = [];
      try {
        peers.push(await startPeer('service', JSON.stringify({ ...login, host: '127.0.0.1', port })));
        peers.push(await startPeer('gateway', String(peers[0]?.port)));
        return await work(peers[1]?.port as number);
      } finally {
        await Promise.all(peers.map((peer) => peer.stop()));
      }
    },
  );
}

/** Client → gateway → service → PostgreSQL through the engine, against the same chain by hand: no links, metrics, traces. */
export default async function chain() {
  const engine = await createEngine();
  const rounds: { ours: Round; theirs: Round }[] = [];
  try {
    await engine.startTopology(document);
    await withChainByHand(async (gatewayPort) => {
      // The first round warms everything up.
      for (let round = 0; round <= ROUNDS; round += 1)
        rounds.push({ ours: await ours(engine), theirs: await byHand(gatewayPort) });
    });
  } finally {
    await engine.close();
  }
  rounds.shift();
  const p50 = median(rounds.map((round) => round.ours.p50Ms / round.theirs.p50Ms));
  const capacity = median(rounds.map((round) => round.ours.perSec / round.theirs.perSec));
  const list = (text: (round: (typeof rounds)[number]) => string): string => rounds.map(text).join(' | ');
  return {
    name: 'chain',
    results: [
      {
        metric: `p50 at ${STEADY_PER_SEC}/s, Archipel / by hand`,
        value: Number(p50.toFixed(3)),
        limit: 1.5,
        comparison: '<=' as const,
        holds: p50 <= 1.5,
        detail: `median of ${ROUNDS} rounds of ${STEADY_MS} ms: ${list(({ ours, theirs }) => `${ours.p50Ms.toFixed(2)} ms against ${theirs.p50Ms.toFixed(2)} ms, ${ours.failed + theirs.failed} failed`)}`,
      },
      {
        metric: 'capacity, Archipel / by hand',
        value: Number(capacity.toFixed(3)),
        limit: 0.7,
        comparison: '>=' as const,
        holds: capacity >= 0.7,
        detail: `median of ${ROUNDS} rounds: ${list(({ ours, theirs }) => `${ours.perSec.toFixed(0)}/s against ${theirs.perSec.toFixed(0)}/s`)}`,
      },
    ],
  };
}

if (import.meta.main) console.log(JSON.stringify(await chain(), null, 2));
