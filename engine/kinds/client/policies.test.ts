import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { FAILURE_HOP_HEADER, FAILURE_REASON_HEADER } from '../../metrics/failure-reason.ts';
import type { EdgeConfig } from '../../model/edge.ts';
import { TIMEOUT_HEADER } from '../../process-kit/deadline.ts';
import { edgeTo, type Received, startClient, type TestClient } from './client.fixture.ts';
import { startWeb } from './web.fixture.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A client that calls, with these policies, a server which answers as told. */
async function stage(
  config: Partial<EdgeConfig>,
  answer: (response: ServerResponse, request: IncomingMessage) => void,
) {
  const requests: IncomingMessage[] = [];
  const web = await startWeb((request, response) => {
    requests.push(request);
    answer(response, request);
  });
  stops.push(web.stop);
  const edge = edgeTo([web.port], config);
  const client: TestClient = await startClient({ edges: [edge] });
  stops.push(client.stop);
  return {
    client,
    requests,
    web,
    edge,
    /** What its last frame tells of the edge. */
    calls: () => client.frames.at(-1)?.calls?.[edge.id],
    async run(traffic: Parameters<TestClient['start']>[0] = {}): Promise<Received> {
      await client.start(traffic);
      await client.done();
      return client.received();
    },
  };
}

/** Each request is issued once and ends once, whatever attempts it took. */
function expectConserved({ counters, sum, failed }: Received): void {
  expect(counters.scheduled).toBe(counters.issued + counters.dropped + counters.waiting);
  expect(counters.issued).toBe(counters.ok + counters.failed + counters.inFlight);
  expect(sum('issued')).toBe(counters.issued);
  expect(sum('ok')).toBe(counters.ok);
  expect(sum('dropped')).toBe(counters.dropped);
  expect(Object.values(failed()).reduce((total, count) => total + count, 0)).toBe(counters.failed);
}

const fails = (response: ServerResponse, reason: string): void => {
  response.writeHead(503, { [FAILURE_REASON_HEADER]: reason, [FAILURE_HOP_HEADER]: 'shop' });
  response.end();
};
const retries: EdgeConfig['retries'] = {
  maxAttempts: 3,
  backoff: { type: 'fixed', delayMs: 1 },
  on: ['shed', 'reset'],
  idempotentOnly: true,
};
const arrivals = { ratePerSec: 100, durationMs: 1000 };

test('issues a request once, however often it is retried', async () => {
  let count = 0;
  const { run, requests, calls } = await stage({ retries: { ...retries, maxAttempts: 20 } }, (response) => {
    count += 1;
    if (count <= 15) fails(response, 'shed');
    else response.end();
  });
  const received = await run({ ...arrivals, ratePerSec: 20 });
  expectConserved(received);
  expect(received.counters).toMatchObject({ issued: 20, ok: 20, failed: 0 });
  expect(requests).toHaveLength(35);
  expect(calls()).toMatchObject({
    requests: 20,
    errors: 0,
    counters: { policedRequests: 20, attempts: 35, retries: 15 },
  });
});

test('fails with the last reason when all attempts fail, and never repeats a POST', async () => {
  const { run, requests } = await stage({ retries }, (response) => fails(response, 'shed'));
  const received = await run({ ...arrivals, routes: [{}, { method: 'POST', path: '/' }] });
  expectConserved(received);
  expect(received.failed()).toEqual({ 'shed@shop': 100 });
  const posts = requests.filter(({ method }) => method === 'POST').length;
  expect(requests.length - posts).toBe(3 * (100 - posts));
});

test('asks no more while its breaker is open; what is turned away is issued and failed', async () => {
  const circuitBreaker = { trip: { type: 'consecutive' as const, failures: 5 }, openMs: 60_000, halfOpenProbes: 1 };
  const { run, requests, calls } = await stage({ circuitBreaker }, (response) => fails(response, 'shed'));
  const received = await run(arrivals);
  expectConserved(received);
  // What was under way when it opened was asked, too.
  const asked = requests.length;
  expect(asked).toBeGreaterThanOrEqual(5);
  expect(asked).toBeLessThan(50);
  expect(received.failed()).toEqual({ 'shed@shop': asked, 'breaker-open@front-shop': 100 - asked });
  expect(calls()?.gauges).toEqual({ breakerState: 2 });
});

test('hedges what takes long: the slow tenth is answered by another attempt', async () => {
  let count = 0;
  const { run, calls } = await stage({ hedging: { delayMs: 50, maxHedges: 3 }, timeoutMs: 5000 }, (response) => {
    count += 1;
    if (count % 10 !== 0) response.end();
    else setTimeout(() => response.end(), 2000);
  });
  const received = await run(arrivals);
  expectConserved(received);
  expect(received.counters).toMatchObject({ issued: 100, ok: 100 });
  const { hedges = 0, hedgesWon = 0, attempts = 0 } = calls()?.counters ?? {};
  expect(hedges).toBeGreaterThanOrEqual(10);
  // A hedge may be a slow one itself; the next one then wins.
  expect(hedgesWon).toBeGreaterThanOrEqual(5);
  expect(hedgesWon).toBeLessThanOrEqual(hedges);
  expect(attempts).toBe(100 + hedges);
});

test('lets no more through its bulkhead, lets some wait, and accounts for those that still wait at the end', async () => {
  const bulkhead = { maxConcurrent: 4, maxQueued: 10 };
  const { run, web, calls } = await stage({ bulkhead, timeoutMs: 60_000 }, () => {});
  const received = await run({ ...arrivals, gracefulStopMs: 200 });
  expectConserved(received);
  expect(web.mostOpen()).toBe(4);
  expect(received.counters).toMatchObject({ issued: 90, inFlight: 4, dropped: 10, waiting: 0 });
  expect(received.failed()).toEqual({ 'queue-full@front-shop': 86 });
  expect(calls()?.counters).toMatchObject({ attempts: 4, bulkheadRejected: 86 });
});

test('throttles what exceeds its rate, and answers by itself where a fallback is', async () => {
  const rateLimiter = { ratePerSec: 20, burst: 20 };
  const throttled = await stage({ rateLimiter }, (response) => response.end());
  const received = await throttled.run(arrivals);
  expectConserved(received);
  // The burst, and 20 in the second; on a busy machine the last arrivals come late, and find more.
  expect(throttled.requests.length).toBeGreaterThanOrEqual(38);
  expect(throttled.requests.length).toBeLessThan(60);
  expect(received.failed()).toEqual({ 'throttled@front-shop': 100 - throttled.requests.length });

  const relieved = await stage({ rateLimiter, fallback: { status: 200, body: '' } }, (response) => response.end());
  const all = await relieved.run(arrivals);
  expectConserved(all);
  expect(all.counters).toMatchObject({ issued: 100, ok: 100, failed: 0 });
  expect(relieved.calls()?.counters?.fallbacks).toBe(100 - relieved.requests.length);
});

test('ends a request at its deadline, and tells the server how long it waits', async () => {
  const { run, requests } = await stage({ deadlineMs: 100, propagateDeadline: true }, () => {});
  const received = await run(arrivals);
  expectConserved(received);
  expect(received.failed()).toEqual({ 'expired@front-shop': 100 });
  expect(new Set(requests.map(({ headers }) => headers[TIMEOUT_HEADER]))).toEqual(new Set(['100']));
});

test('opens a connection for each request where they are not kept', async () => {
  const { run, requests, web } = await stage({ keepAlive: false }, (response) => response.end());
  expectConserved(await run(arrivals));
  expect(web.connections()).toBe(100);
  expect(requests[0]?.headers.connection).toBe('close');
});

test('takes policies on and off in mid-traffic, and loses nothing', async () => {
  const { client, edge, calls } = await stage({}, (response) => fails(response, 'shed'));
  await client.start({ ...arrivals, durationMs: 3000 });
  const failed = (): number => client.received().counters.failed ?? 0;
  await client.until('some fail', () => failed() > 20);
  expect(calls()?.counters ?? {}).toEqual({});
  const [port] = edge.ports as [number];
  client.wire([edgeTo([port], { fallback: { status: 200, body: '' }, retries: { ...retries } })]);
  await client.until('some succeed', () => (client.received().counters.ok ?? 0) > 20);
  client.wire([edge]);
  const then = failed();
  await client.until('they fail again', () => failed() > then + 20);
  await client.done();
  expectConserved(client.received());
  expect(client.received().counters.issued).toBe(300);
});
