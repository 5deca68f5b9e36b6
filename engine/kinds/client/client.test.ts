import { get } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { FAILURE_HOP_HEADER, FAILURE_REASON_HEADER } from '../../metrics/failure-reason.ts';
import { eachValue, type Histogram, percentileMs, toSparse } from '../../metrics/histogram.ts';
import { constantCurve } from '../../model/curve.ts';
import { HEALTH_PATH } from '../../model/health-path.ts';
import { poissonArrivals } from '../../traffic/arrivals/poisson.ts';
import { createDrawing } from '../../traffic/draws.ts';
import { createRandom, streamOf } from '../../traffic/random.ts';
import { edgeTo, plainRoute, type Received, singleRequest, startClient, type TestClient } from './client.fixture.ts';
import { closedPort, startTcp, startWeb, startWebProcess } from './web.fixture.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Stops it after the test. */
function owned<Started extends { stop(): Promise<void> }>(started: Started): Started {
  stops.push(started.stop);
  return started;
}
const ownClient = async (options: Parameters<typeof startClient>[0]): Promise<TestClient> =>
  owned(await startClient(options));

function countBelow(histogram: Histogram, limitMs: number): number {
  let count = 0;
  eachValue(toSparse(histogram), (valueMs, times) => {
    if (valueMs < limitMs) count += times;
  });
  return count;
}

function expectConserved({ counters, sum, failed }: Received): void {
  expect(counters.scheduled).toBe(counters.issued + counters.dropped + counters.waiting);
  expect(counters.issued).toBe(counters.ok + counters.failed + counters.inFlight);
  // The slices are counted on their own.
  expect(sum('issued')).toBe(counters.issued);
  expect(sum('ok')).toBe(counters.ok);
  expect(sum('dropped')).toBe(counters.dropped);
  expect(Object.values(failed()).reduce((total, count) => total + count, 0)).toBe(counters.failed);
}

test('sends each arrival of the schedule once, and says so in a last frame at once', async () => {
  const seen: string[] = [];
  const web = owned(
    await startWeb((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.host}`);
      response.end('hello');
    }),
  );
  const client = await ownClient({ edges: [edgeTo([web.port], { timeoutMs: 30_000 })], frameIntervalMs: 60_000 });
  const routes = [
    { ...plainRoute, path: '/catalog', weight: 3 },
    { ...plainRoute, method: 'POST', path: '/orders' },
  ] satisfies (typeof plainRoute)[];
  await client.start({ seed: 11, arrivals: 'poisson', ratePerSec: 500, routes });
  await client.done();

  const expected = { 'GET /catalog shop': 0, 'POST /orders shop': 0 };
  const arrivals = poissonArrivals(constantCurve(500), createRandom(11, streamOf('arrivals')));
  const draws = createDrawing({ seed: 11, routes, session: singleRequest })(0);
  for (; arrivals.atMs < 1000; arrivals.advance())
    expected[draws.route() === 0 ? 'GET /catalog shop' : 'POST /orders shop'] += 1;
  const counted: Record<string, number> = {};
  for (const request of seen) counted[request] = (counted[request] ?? 0) + 1;
  expect(counted).toEqual(expected);

  const received = client.received();
  expect(received.counters).toMatchObject({
    ok: seen.length,
    failed: 0,
    dropped: 0,
    inFlight: 0,
    waiting: 0,
    done: true,
  });
  for (const samples of [received.latency(), received.uncorrected(), received.lateness()])
    expect(samples.total).toBe(seen.length);
  expectConserved(received);
  // Frames come once a minute here: the last one did not wait for that.
  expect(client.frames).toHaveLength(1);
  expect(client.frames[0]).toMatchObject({ requests: seen.length, errors: 0, inFlight: 0 });
});

test('puts requests into the slice of their intended start', async () => {
  const web = owned(await startWeb((_, response) => void response.end()));
  const client = await ownClient({ edges: [edgeTo([web.port])] });
  await client.start({ ratePerSec: 100, durationMs: 500 });
  await client.done();
  const slices = [...client.received().slices.values()].map(({ slice, issued, ok }) => [slice, issued, ok]);
  expect(slices.sort()).toEqual([0, 1, 2, 3, 4].map((slice) => [slice, 10, 10]));
  expect(Math.abs(Date.now() - client.received().counters.startedAtMs)).toBeLessThan(5000);
});

test('answers the health check, and no other path', async () => {
  const client = await ownClient({ edges: [] });
  const status = (path: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: client.port, path, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).once('error', reject);
    });
  expect(await status(HEALTH_PATH)).toBe(200);
  expect(await status('/')).toBe(404);
});

const failures: [key: string, status: number, headers: Record<string, string>][] = [
  ['handler-error@shop', 500, {}],
  ['handler-error@shop', 400, {}],
  ['no-route@shop', 404, {}],
  ['timeout@orders-db', 504, { [FAILURE_REASON_HEADER]: 'timeout', [FAILURE_HOP_HEADER]: 'orders-db' }],
  ['no-route@orders', 404, { [FAILURE_REASON_HEADER]: 'no-route', [FAILURE_HOP_HEADER]: 'orders' }],
  ['handler-error@shop', 502, { [FAILURE_REASON_HEADER]: 'bad-luck', [FAILURE_HOP_HEADER]: 'elsewhere' }],
];
test.each(failures)('counts %s for status %i with headers %o', async (key, status, headers) => {
  const web = owned(await startWeb((_, response) => void response.writeHead(status, headers).end('no')));
  const client = await ownClient({ edges: [edgeTo([web.port])] });
  await client.start({ durationMs: 200 });
  await client.done();
  expect(client.received().failed()).toEqual({ [key]: 40 });
  expect(client.received().latency().total).toBe(0);
  expectConserved(client.received());
});

test('takes redirections for successes', async () => {
  const web = owned(await startWeb((_, response) => void response.writeHead(302, { location: '/' }).end()));
  const client = await ownClient({ edges: [edgeTo([web.port])] });
  await client.start({ durationMs: 100 });
  await client.done();
  expect(client.received().counters).toMatchObject({ ok: 20, failed: 0 });
});

test('counts each request as refused where nobody listens, with one attempt each', async () => {
  const client = await ownClient({ edges: [edgeTo([await closedPort()])] });
  await client.start({ ratePerSec: 1000, durationMs: 500 });
  await client.done();
  expect(client.received().failed()).toEqual({ 'refused@front-shop': 500 });
  expectConserved(client.received());
});

test('counts requests along an edge without any replica as refused', async () => {
  const client = await ownClient({ edges: [edgeTo([])] });
  await client.start({ durationMs: 100 });
  await client.done();
  expect(client.received().failed()).toEqual({ 'refused@front-shop': 20 });
  expectConserved(client.received());
});

const hangUps: [what: string, serve: (socket: Socket) => void][] = [
  ['a reset before any byte', (socket) => socket.once('data', () => socket.resetAndDestroy())],
  ['an end before any byte', (socket) => socket.once('data', () => socket.end())],
  [
    'an end within the answer',
    (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour')),
  ],
  ['an answer that is no HTTP', (socket) => socket.once('data', () => socket.write('220 mail ready\r\n\r\n'))],
];
test.each(hangUps)('counts %s as reset, and tries once', async (_, serve) => {
  const tcp = owned(await startTcp(serve));
  const client = await ownClient({ edges: [edgeTo([tcp.port])] });
  await client.start({ durationMs: 100 });
  await client.done();
  expect(client.received().failed()).toEqual({ 'reset@front-shop': 20 });
  expect(tcp.connections()).toBe(20);
  expectConserved(client.received());
});

test('counts a request without a complete answer in time as timeout, and closes its connection', async () => {
  const tcp = owned(
    await startTcp((socket) =>
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour')),
    ),
  );
  const client = await ownClient({ edges: [edgeTo([tcp.port], { timeoutMs: 150 })] });
  await client.start({ ratePerSec: 100, durationMs: 100 });
  await client.done();
  expect(client.received().failed()).toEqual({ 'timeout@front-shop': 10 });
  expect(tcp.connections()).toBe(10);
  expectConserved(client.received());
});

test('drops what could not be sent within the time-out of its intended start', async () => {
  const tcp = owned(await startTcp(() => {}));
  const client = await ownClient({ edges: [edgeTo([tcp.port], { timeoutMs: 200, maxConnections: 2 })] });
  await client.start({ ratePerSec: 100, durationMs: 150 });
  await client.done();
  const { counters, failed } = client.received();
  expect(counters.scheduled).toBe(15);
  // Two are sent at once and time out at 200 and 210 ms; the third and the fourth are sent then, just in time or too late.
  expect(counters.dropped).toBeGreaterThanOrEqual(11);
  expect(failed()).toEqual({ 'timeout@front-shop': counters.issued });
  expectConserved(client.received());
});

test('drops an arrival that finds the queue full', async () => {
  const tcp = owned(await startTcp(() => {}));
  const client = await ownClient({
    edges: [edgeTo([tcp.port], { timeoutMs: 60_000, maxConnections: 1 })],
    maxQueued: 3,
  });
  await client.start({ ratePerSec: 100, durationMs: null, gracefulStopMs: 0 });
  await client.until('some are dropped', () => client.received().counters.dropped > 5);
  expect(client.received().counters).toMatchObject({ issued: 1, inFlight: 1, waiting: 3, done: false });
  expectConserved(client.received());
});

test('after the graceful stop drops what waits, and leaves in flight what is', async () => {
  const tcp = owned(await startTcp(() => {}));
  const client = await ownClient({ edges: [edgeTo([tcp.port], { timeoutMs: 60_000, maxConnections: 4 })] });
  await client.start({ durationMs: 100, gracefulStopMs: 100 });
  await client.done();
  expect(client.received().counters).toMatchObject({
    scheduled: 20,
    issued: 4,
    ok: 0,
    failed: 0,
    inFlight: 4,
    dropped: 16,
    waiting: 0,
  });
  expectConserved(client.received());
});

test('goes on until it is stopped where no duration is given, and stops early where one is', async () => {
  const web = owned(await startWeb((_, response) => void response.end()));
  const client = await ownClient({ edges: [edgeTo([web.port])] });
  for (const [trafficId, durationMs] of [
    ['endless', null],
    ['long', 600_000],
  ] as const) {
    await client.start({ trafficId, durationMs });
    await client.until('some have arrived', () => client.received(trafficId).counters.ok > 30);
    await client.call('stop-traffic', { trafficId });
    await client.done(trafficId);
    expectConserved(client.received(trafficId));
  }
});

test('plays two traffics at once and keeps them apart', async () => {
  const web = owned(
    await startWeb((request, response) => void response.writeHead(request.url === '/bad' ? 500 : 200).end()),
  );
  const client = await ownClient({ edges: [edgeTo([web.port])] });
  await client.start({ trafficId: 'good', durationMs: 300 });
  await client.start({
    trafficId: 'bad',
    durationMs: 200,
    routes: [{ method: 'GET', path: '/bad', weight: 1, edge: 'front-shop' }],
  });
  await expect(client.start({ trafficId: 'bad' })).rejects.toThrow('runs already');
  await Promise.all([client.done('good'), client.done('bad')]);
  expect(client.received('good').counters).toMatchObject({ ok: 60, failed: 0 });
  expect(client.received('bad').counters).toMatchObject({ ok: 0, failed: 40 });
  for (const id of ['good', 'bad']) expectConserved(client.received(id));
});

test('keeps connections open, and opens no more than allowed to each replica, in turn', async () => {
  const slow = (): ReturnType<typeof startWeb> => startWeb((_, response) => void setTimeout(() => response.end(), 40));
  const [one, two] = [owned(await slow()), owned(await slow())];
  const client = await ownClient({ edges: [edgeTo([one.port, two.port], { maxConnections: 3 })] });
  // 2 × 3 connections of 40 ms each serve at most 150/s: they are all in use, and requests wait.
  await client.start({ ratePerSec: 400, durationMs: 300 });
  await client.done();
  expect(client.received().counters).toMatchObject({ ok: 120, failed: 0, dropped: 0 });
  for (const web of [one, two]) expect([web.connections(), web.mostOpen()]).toEqual([3, 3]);
});

test('a connection that the server closed while idle is not used again', async () => {
  const web = owned(
    await startWeb(
      (request, response) => void response.end('hello', () => setTimeout(() => request.socket.destroy(), 5)),
    ),
  );
  const client = await ownClient({ edges: [edgeTo([web.port])] });
  // A quarter of a second from each request to the next: far more than a busy machine needs to close a connection.
  await client.start({ ratePerSec: 4, durationMs: 1000 });
  await client.done();
  expect(client.received().counters).toMatchObject({ ok: 4, failed: 0 });
  expect(web.connections()).toBe(4);
});

test('honours an answer that ends its connection, by header or by length', async () => {
  for (const answer of [
    'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 200 OK\r\n\r\nas long as it takes',
  ]) {
    const tcp = owned(await startTcp((socket) => socket.once('data', () => socket.end(answer))));
    const client = await ownClient({ edges: [edgeTo([tcp.port])] });
    await client.start({ durationMs: 100 });
    await client.done();
    expect(client.received().counters).toMatchObject({ ok: 20, failed: 0 });
    expect(tcp.connections()).toBe(20);
  }
});

test('follows the edge to other ports while it sends, and loses nothing', async () => {
  const hits = [0, 0];
  const [one, two] = await Promise.all(
    hits.map((_, index) =>
      startWeb((_request, response) => {
        hits[index] = (hits[index] as number) + 1;
        setTimeout(() => response.end(), 5);
      }),
    ),
  );
  for (const web of [one, two]) owned(web as NonNullable<typeof web>);
  const client = await ownClient({ edges: [edgeTo([one?.port as number])] });
  await client.start({ ratePerSec: 500, durationMs: null });
  await client.until('the first is used', () => client.received().counters.ok > 50);
  client.wire([edgeTo([two?.port as number])]);
  await client.until('the second is used', () => (hits[1] as number) > 50);
  const firstHits = hits[0];
  await client.call('stop-traffic', { trafficId: 'traffic' });
  await client.done();
  expect(hits[0]).toBe(firstHits);
  expect(client.received().counters).toMatchObject({
    ok: hits.reduce((sum, count) => sum + count, 0),
    failed: 0,
    dropped: 0,
    inFlight: 0,
  });
  expectConserved(client.received());
});

test('accounts for every request while its server is killed and another takes its place', async () => {
  const first = owned(await startWebProcess());
  const second = owned(await startWebProcess());
  const client = await ownClient({ edges: [edgeTo([first.port])] });
  await client.start({ arrivals: 'poisson', ratePerSec: 2000, durationMs: null });
  await client.until('it is under load', () => client.received().counters.ok > 500);
  first.child.kill('SIGKILL');
  await client.until('requests fail', () => client.received().counters.failed > 200);
  client.wire([edgeTo([second.port])]);
  const okBefore = client.received().counters.ok;
  await client.until('requests succeed again', () => client.received().counters.ok > okBefore + 500);
  await client.call('stop-traffic', { trafficId: 'traffic' });
  await client.done();
  const received = client.received();
  expect(Object.keys(received.failed()).filter((key) => !/^(refused|reset)@front-shop$/.test(key))).toEqual([]);
  expectConserved(received);
  for (const frame of client.frames)
    if (frame.traffic)
      expect(frame.traffic.issued).toBe(frame.traffic.ok + frame.traffic.failed + frame.traffic.inFlight);
});

test('a stall of the server is measured from the intended start of each request', async () => {
  const web = owned(await startWebProcess());
  const client = await ownClient({ edges: [edgeTo([web.port])] });
  await client.start({ ratePerSec: 1000, durationMs: 2000 });
  await client.until('it is under load', () => client.received().counters.ok > 300);
  const stoppedMs = performance.now();
  web.child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 400));
  web.child.kill('SIGCONT');
  const stallMs = performance.now() - stoppedMs;
  await client.done();
  const latency = client.received().latency();
  expect(client.received().counters).toMatchObject({ ok: 2000, failed: 0, dropped: 0 });
  // A fifth of the requests fell into the stall; the later they came, the shorter they waited.
  expect(percentileMs(latency, 90)).toBeGreaterThan(stallMs / 2 - 60);
  expect(percentileMs(latency, 99.9)).toBeGreaterThan(stallMs - 20);
  expect(percentileMs(latency, 70)).toBeLessThan(stallMs / 4);
  // From the actual start, only what was on its way has waited: one request for each of the 32 connections.
  const stalled = (histogram: Histogram): number => histogram.total - countBelow(histogram, stallMs / 2);
  expect(stalled(client.received().uncorrected())).toBeLessThan(stalled(latency) / 2);
});

test('ends gracefully in the middle of traffic', async () => {
  const web = owned(await startWeb((_, response) => void setTimeout(() => response.end(), 30)));
  const client = await ownClient({ edges: [edgeTo([web.port])] });
  await client.start({ durationMs: null });
  await client.until('some have arrived', () => client.received().counters.ok > 10);
  await client.stop();
  expect(client.child.exitCode).toBe(0);
  expect(client.received().counters).toMatchObject({ done: true, failed: 0, inFlight: 0 });
  expectConserved(client.received());
});
