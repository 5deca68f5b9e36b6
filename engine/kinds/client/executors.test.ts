import type { RequestListener, ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchMean } from '../../metrics/batch-means.ts';
import { countIn, createHistogram, meanMs, mergeSparse } from '../../metrics/histogram.ts';
import { constantCurve } from '../../model/curve.ts';
import type { TracedArrival } from '../../model/executors/plan.ts';
import { SLICE_MS, type StartTraffic } from '../../process-kit/protocol.ts';
import { edgeTo, startClient, type TestClient } from './client.fixture.ts';
import { startWeb } from './web.fixture.ts';

/*
 * What each executor sends over real connections, to a server that answers as a script says. When it sends is counted
 * exactly, on a fake clock, beside the executors themselves.
 */

let web: Awaited<ReturnType<typeof startWeb>>;
let client: TestClient;
let listener: RequestListener;
let trafficCount = 0;

beforeAll(async () => {
  web = await startWeb((request, response) => listener(request, response));
  client = await startClient({ edges: [edgeTo([web.port], { timeoutMs: 150, maxConnections: 6 })], maxQueued: 20 });
});
afterAll(async () => {
  await client?.stop();
  await web?.stop();
});

/** Plays a traffic to its end, and gives what the client told of it. */
async function play(traffic: Parameters<TestClient['start']>[0]) {
  trafficCount += 1;
  const trafficId = `traffic-${trafficCount}`;
  await client.start({ gracefulStopMs: 1000, ...traffic, trafficId });
  await client.done(trafficId);
  return client.received(trafficId);
}

const vus = (count: number): StartTraffic['plan'] => ({
  type: 'vus',
  vus: constantCurve(count),
  gracefulRampDownMs: 50,
});

const plans: fc.Arbitrary<StartTraffic['plan']> = fc.oneof(
  fc.record({
    type: fc.constant('arrivals' as const),
    arrivals: fc.constantFrom('poisson' as const, 'uniform' as const),
    ratePerSec: fc.record({
      start: fc.integer({ min: 0, max: 400 }),
      stages: fc.array(
        fc.record({ durationMs: fc.integer({ min: 0, max: 120 }), target: fc.integer({ min: 0, max: 600 }) }),
        {
          maxLength: 3,
        },
      ),
      after: fc.constantFrom('hold' as const, 'repeat' as const, 'end' as const),
    }),
    maxVUs: fc.option(fc.integer({ min: 1, max: 12 })),
  }),
  fc.record({
    type: fc.constant('vus' as const),
    vus: fc.record({
      start: fc.integer({ min: 0, max: 15 }),
      stages: fc.array(
        fc.record({ durationMs: fc.integer({ min: 0, max: 100 }), target: fc.integer({ min: 0, max: 15 }) }),
        {
          maxLength: 3,
        },
      ),
      after: fc.constant('end' as const),
    }),
    gracefulRampDownMs: fc.integer({ min: 0, max: 100 }),
  }),
  fc.record({
    type: fc.constant('trace' as const),
    arrivals: fc
      .array(fc.record({ atMs: fc.nat(240), route: fc.nat(1), bodyBytes: fc.nat(3000) }), {
        minLength: 1,
        maxLength: 120,
      })
      .map((arrivals) =>
        arrivals
          .sort((a, b) => a.atMs - b.atMs)
          .map(({ atMs, route, bodyBytes }): TracedArrival => [atMs, route, route === 0 ? '/a' : '/b/7', bodyBytes]),
      ),
  }),
  fc.record({
    type: fc.constant('iterations' as const),
    vus: fc.integer({ min: 1, max: 10 }),
    iterations: fc.integer({ min: 1, max: 40 }),
    shared: fc.boolean(),
  }),
);
const sessions: fc.Arbitrary<StartTraffic['session']> = fc.record({
  order: fc.constant('mix' as const),
  requests: fc.integer({ min: 1, max: 4 }),
  thinkTime: fc.record({ type: fc.constant('exponential' as const), meanMs: fc.integer({ min: 0, max: 20 }) }),
});
/** What the server does with its n-th request. */
const behaviours = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant('answer' as const),
      status: fc.constantFrom(200, 200, 404, 503),
      afterMs: fc.nat(40),
    }),
    fc.constant({ type: 'hang up' as const }),
    fc.constant({ type: 'silence' as const }),
  ),
  { minLength: 1, maxLength: 12 },
);

test('whatever is sent and however it is answered, every request and iteration is accounted for, in each frame', async () => {
  await fc.assert(
    fc.asyncProperty(plans, sessions, behaviours, fc.nat(150), async (plan, session, script, gracefulStopMs) => {
      const silent = new Set<ServerResponse>();
      const run = trafficCount + 1;
      let arrived = 0;
      listener = (request, response) => {
        const behaviour = script[arrived % script.length] as (typeof script)[number];
        // What the run before has left behind may still come in.
        if (request.url?.startsWith(`/${run}/`)) arrived += 1;
        request.resume();
        if (behaviour.type === 'hang up') request.socket.destroy();
        else if (behaviour.type === 'silence') silent.add(response);
        else setTimeout(() => response.writeHead(behaviour.status).end('done'), behaviour.afterMs);
      };
      const seen = client.frames.length;
      const { counters, sum, failed, latency, uncorrected, lateness } = await play({
        plan,
        session,
        durationMs: 250,
        gracefulStopMs,
        routes: [
          { path: `/${run}/a` },
          { method: 'POST', path: `/${run}/b/:key`, parameters: [{ name: 'key', keys: 9, skew: 1 }] },
        ],
      });
      for (const { traffic } of client.frames.slice(seen)) {
        if (!traffic) continue;
        const { scheduled, issued, ok, dropped, waiting, inFlight, iterations } = traffic;
        expect(scheduled).toBe(issued + dropped + waiting);
        expect(issued).toBe(ok + traffic.failed + inFlight);
        expect(iterations.scheduled).toBe(iterations.started + iterations.dropped);
        expect(iterations.started).toBe(iterations.completed + iterations.interrupted + iterations.running);
      }
      // The slices are counted on their own.
      expect([sum('issued'), sum('ok'), sum('dropped')]).toEqual([counters.issued, counters.ok, counters.dropped]);
      expect(Object.values(failed()).reduce((total, count) => total + count, 0)).toBe(counters.failed);
      expect([latency().total, uncorrected().total]).toEqual([counters.ok, counters.ok]);
      expect(lateness().total).toBe(counters.scheduled);
      expect([counters.waiting, counters.iterations.running, counters.done]).toEqual([0, 0, true]);
      // A connection may be refused or reset before the server has read its request, never the other way round.
      expect(counters.issued).toBeGreaterThanOrEqual(arrived);
      for (const response of silent) response.destroy();
    }),
    { numRuns: 25, seed: 3 },
  );
}, 60_000);

test('keys and bodies travel as they were drawn, and the same seed sends the same again', async () => {
  const requests: string[] = [];
  let runs = 0;
  listener = (request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => {
      requests.push(`${request.method} ${request.url} ${bytes} of ${request.headers['content-length'] ?? 'none'}`);
      response.end();
    });
  };
  const patient = await startClient({ edges: [edgeTo([web.port], { timeoutMs: 60_000 })] });
  const run = async (seed: number): Promise<string[]> => {
    requests.length = 0;
    runs += 1;
    const trafficId = `run ${runs}`;
    await patient.start({
      trafficId,
      seed,
      durationMs: 60_000,
      plan: { type: 'iterations', vus: 3, iterations: 20, shared: false },
      routes: [
        {
          path: '/users/:user/orders/:order',
          parameters: ['order', 'user'].map((name) => ({ name, keys: 50, skew: 1 })),
        },
        { method: 'PUT', path: '/files', bodyBytes: { type: 'uniform', minBytes: 1, maxBytes: 200_000 } },
        { method: 'POST', path: '/empty' },
      ],
    });
    await patient.done(trafficId);
    expect(patient.received(trafficId).counters).toMatchObject({ ok: 60, failed: 0, dropped: 0 });
    return [...requests].sort();
  };
  const first = await run(5);
  expect(await run(5)).toEqual(first);
  expect(await run(6)).not.toEqual(first);
  await patient.stop();
  const paths = first.filter((request) => request.startsWith('GET'));
  expect(paths.length).toBeGreaterThan(5);
  for (const request of paths) expect(request).toMatch(/^GET \/users\/\d+\/orders\/\d+ 0 of none$/);
  for (const request of first.filter((candidate) => candidate.startsWith('PUT'))) {
    const [, bytes, declared] = /^PUT \/files (\d+) of (\d+)$/.exec(request) ?? [];
    expect(bytes).toBe(declared);
    expect(Number(bytes)).toBeGreaterThan(0);
  }
  expect(first.filter((request) => request === 'POST /empty 0 of 0').length).toBeGreaterThan(5);
}, 60_000);

test('users along an edge without a replica fail again and again, and can be stopped all the same', async () => {
  const lonely = await startClient({ edges: [edgeTo([])], frameIntervalMs: 20 });
  try {
    await lonely.start({ plan: vus(5), durationMs: null });
    await lonely.until('many have failed', () => lonely.received().counters.failed > 500);
    await lonely.call('stop-traffic', { trafficId: 'traffic' });
    await lonely.done();
    const { counters, failed } = lonely.received();
    expect(failed()).toEqual({ 'refused@front-shop': counters.issued });
    expect(counters.iterations.completed).toBe(counters.issued);
  } finally {
    await lonely.stop();
  }
});

test("constant users agree with Little's law: N = X · (R + Z)", async () => {
  const USERS = 20;
  const THINK_MS = 60;
  listener = (_, response) => void setTimeout(() => response.end(), 15);
  const busy = await startClient({ edges: [edgeTo([web.port])] });
  try {
    await busy.start({
      plan: vus(USERS),
      session: { order: 'mix', requests: 1, thinkTime: { type: 'exponential', meanMs: THINK_MS } },
      durationMs: 8000,
    });
    await busy.done('traffic', 20_000);
    const { slices, counters } = busy.received();
    // Batches of half a second, without the first, in which all users begin at once.
    const batches = Array.from({ length: 14 }, (_, batch) => {
      const latency = createHistogram();
      for (const { slice, latency: part } of slices.values())
        if (Math.floor((slice * SLICE_MS) / 500) === batch + 1) mergeSparse(latency, part);
      const stayMs = (meanMs(latency) ?? 0) + THINK_MS;
      return { sum: (latency.total / 500) * stayMs, count: 1 };
    });
    const { low, high } = batchMean(batches, 0.999);
    // With 99.9 % confidence: one run in a thousand is expected to miss. A wide interval would prove nothing.
    expect(low).toBeLessThan(USERS);
    expect(high).toBeGreaterThan(USERS);
    expect((high - low) / 2 / USERS).toBeLessThan(0.5);
    expect([...slices.values()].reduce((sum, { latency }) => sum + countIn(latency), 0)).toBe(counters.ok);
  } finally {
    await busy.stop();
  }
}, 60_000);
