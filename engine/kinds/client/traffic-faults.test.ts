import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { percentileMs } from '../../metrics/histogram.ts';
import { constantCurve } from '../../model/curve.ts';
import { edgeTo, type Received, startClient, type TestClient } from './client.fixture.ts';
import { closedPort, startTcp, startWeb } from './web.fixture.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
function owned<Started extends { stop(): Promise<void> }>(started: Started): Started {
  stops.push(started.stop);
  return started;
}

const on = (client: TestClient, fault: string, parameters: object, seed = 3): Promise<unknown> =>
  client.call('fault-on', { id: fault, fault, parameters, seed, probability: 1, expiresAtMs: Date.now() + 60_000 });
const off = (client: TestClient, fault: string): Promise<unknown> => client.call('fault-off', { id: fault });
const measured = async (client: TestClient, fault: string): Promise<Record<string, number>> =>
  ((await client.call('fault-measured', { id: fault })) as { measured: Record<string, number> }).measured;

function expectConserved({ counters, sum, failed }: Received): void {
  expect(counters.scheduled).toBe(counters.issued + counters.dropped + counters.waiting);
  expect(counters.issued).toBe(counters.ok + counters.failed + counters.inFlight);
  expect(sum('issued')).toBe(counters.issued);
  expect(sum('ok')).toBe(counters.ok);
  expect(sum('dropped')).toBe(counters.dropped);
  expect(Object.values(failed()).reduce((total, count) => total + count, 0)).toBe(counters.failed);
}

/** A client whose one edge leads to this port. */
const clientOf = async (port: number, config = {}): Promise<TestClient> =>
  owned(await startClient({ edges: [edgeTo([port], { timeoutMs: 5000, ...config })] }));

test('a spike sends what it adds to the server, and every request of it is accounted for', async () => {
  let seen = 0;
  const web = owned(
    await startWeb((_, response) => {
      seen += 1;
      response.end();
    }),
  );
  const client = await clientOf(web.port);
  await on(client, 'spike', { factor: 4 });
  await client.start({ ratePerSec: 100 });
  await client.done();
  const { planned, added } = await measured(client, 'spike');
  const received = client.received();
  expectConserved(received);
  expect(planned).toBe(100);
  expect(added).toBe(300);
  expect(received.counters.ok).toBe(400);
  expect(seen).toBe(400);
});

test('a retry storm sends a failed request again at once, so often, and counts it once', async () => {
  const attempts = new Map<string, number>();
  const web = owned(
    await startWeb((request, response) => {
      const count = (attempts.get(request.url as string) ?? 0) + 1;
      attempts.set(request.url as string, count);
      // The third attempt of an even number succeeds, no attempt of an odd one.
      response.statusCode = Number(request.url?.slice(1)) % 2 === 0 && count === 3 ? 200 : 503;
      response.end();
    }),
  );
  const client = await clientOf(web.port);
  await on(client, 'retry-storm', { retries: 4 });
  await client.start({
    plan: { type: 'trace', arrivals: Array.from({ length: 40 }, (_, index) => [index * 5, 0, `/${index}`, 0]) },
  });
  await client.done();
  const received = client.received();
  expectConserved(received);
  expect(received.counters).toMatchObject({ issued: 40, ok: 20, failed: 20, inFlight: 0 });
  expect([...attempts].sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)))).toEqual(
    Array.from({ length: 40 }, (_, index) => [`/${index}`, index % 2 === 0 ? 3 : 5]),
  );
  expect(await measured(client, 'retry-storm')).toEqual({ failed: 20 * 2 + 20 * 5, again: 20 * 2 + 20 * 4 });
});

test('a retry storm comes on top of the retries of the edge', async () => {
  let seen = 0;
  const web = owned(
    await startWeb((_, response) => {
      seen += 1;
      response.statusCode = 503;
      response.end();
    }),
  );
  const client = await clientOf(web.port, {
    retries: {
      maxAttempts: 2,
      backoff: { type: 'fixed', delayMs: 1 },
      on: ['handler-error'],
      idempotentOnly: true,
      budget: null,
    },
  });
  await on(client, 'retry-storm', { retries: 2 });
  await client.start({ ratePerSec: 20 });
  await client.done();
  expectConserved(client.received());
  expect(client.received().counters).toMatchObject({ issued: 20, failed: 20 });
  expect(seen).toBe(20 * 2 * 3);
});

test('a retry storm against a port where nobody listens ends, and what is in flight at the end stays so', async () => {
  const client = await clientOf(await closedPort());
  await on(client, 'retry-storm', { retries: 20 });
  await client.start({ ratePerSec: 50 });
  await client.done();
  expectConserved(client.received());
  expect(client.received().counters).toMatchObject({ issued: 50, failed: 50 });

  const silent = owned(await startTcp(() => {}));
  client.wire([edgeTo([silent.port], { timeoutMs: 60_000, maxConnections: 5 })]);
  await client.start({ trafficId: 'second', ratePerSec: 50, gracefulStopMs: 100 });
  await client.done('second');
  expectConserved(client.received('second'));
  expect(client.received('second').counters).toMatchObject({ issued: 5, inFlight: 5, dropped: 45, waiting: 0 });
});

test('a thundering herd goes out together, with latencies from when each was due', async () => {
  const web = owned(await startWeb((_, response) => response.end()));
  const client = await clientOf(web.port);
  await on(client, 'thundering-herd', { periodMs: 500 });
  await client.start({ ratePerSec: 100, durationMs: 1500 });
  await client.done();
  const { herds = 0, largest = 0, released } = await measured(client, 'thundering-herd');
  const received = client.received();
  expectConserved(received);
  expect(received.counters).toMatchObject({ issued: 150, ok: 150, dropped: 0 });
  expect(released).toBe(150);
  expect(herds).toBeLessThanOrEqual(5);
  expect(largest).toBeGreaterThanOrEqual(30);
  // Due evenly over a period, and released at its end: the first of a herd has waited for nearly all of it.
  expect(received.latency().maxUs / 1000).toBeGreaterThan(400);
  expect(percentileMs(received.latency(), 50)).toBeGreaterThan(percentileMs(received.uncorrected(), 50) as number);
});

test('what a herd still keeps back goes out when the fault goes, and is dropped when the traffic is over', async () => {
  const web = owned(await startWeb((_, response) => response.end()));
  const client = await clientOf(web.port);
  await on(client, 'thundering-herd', { periodMs: 60_000 });
  await client.start({ ratePerSec: 100, durationMs: 500, gracefulStopMs: 60_000 });
  await client.until('all wait', () => client.received().counters.waiting === 50);
  expect(client.received().counters).toMatchObject({ scheduled: 50, issued: 0, done: false });
  await off(client, 'thundering-herd');
  await client.done();
  expectConserved(client.received());
  expect(client.received().counters).toMatchObject({ ok: 50 });
  expect((await measured(client, 'thundering-herd')).held).toBe(0);

  await on(client, 'thundering-herd', { periodMs: 60_000 });
  await client.start({ trafficId: 'second', ratePerSec: 100, durationMs: 300, gracefulStopMs: 100 });
  await client.done('second');
  expectConserved(client.received('second'));
  expect(client.received('second').counters).toMatchObject({ issued: 0, dropped: 30, waiting: 0 });
});

test('hot keys replace a share of the keys, and leave every other request as it was', async () => {
  const play = async (share: number | null): Promise<string[]> => {
    const paths: string[] = [];
    const web = owned(
      await startWeb((request, response) => {
        paths.push(request.url as string);
        response.end();
      }),
    );
    const client = await clientOf(web.port, { maxConnections: 1 });
    if (share !== null) await on(client, 'hot-key-traffic', { share, key: 7777 });
    const parameters = [{ name: 'id', keys: 1000, skew: 0 }];
    await client.start({ ratePerSec: 400, routes: [{ path: '/items/:id', parameters }] });
    await client.done();
    return paths;
  };
  const plain = await play(null);
  const hot = await play(0.5);
  const again = await play(0.5);
  expect(hot).toHaveLength(400);
  expect(again).toEqual(hot);
  const replaced = hot.filter((path) => path === '/items/7777').length;
  expect(Math.abs(replaced - 200)).toBeLessThan(5 * 10);
  expect(hot.every((path, index) => path === '/items/7777' || path === plain[index])).toBe(true);
});

test('big payloads arrive whole, on routes that carry a body', async () => {
  const sizes: Record<string, number[]> = { GET: [], POST: [] };
  const web = owned(
    await startWeb((request, response) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      request.on('end', () => {
        sizes[request.method as string]?.push(bytes);
        response.end();
      });
    }),
  );
  const client = await clientOf(web.port);
  await on(client, 'big-payload', { sizeKb: 100 });
  await client.start({ ratePerSec: 50, routes: [{ path: '/' }, { method: 'POST', path: '/orders' }] });
  await client.done();
  expectConserved(client.received());
  expect(client.received().counters.ok).toBe(50);
  expect(sizes.POST?.length).toBeGreaterThan(5);
  expect(new Set(sizes.POST)).toEqual(new Set([100 * 1024]));
  expect(new Set(sizes.GET)).toEqual(new Set([0]));
});

test('a slow loris holds its connections open byte by byte, beside a traffic that adds up, and lets go of all', async () => {
  const slow = new Set<Socket>();
  let requests = 0;
  const server = owned(
    await startTcp((socket) => {
      let text = '';
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
        if (text.includes('\r\n\r\n')) {
          requests += 1;
          text = '';
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        } else if (bytes.length === 1) slow.add(socket);
      });
      socket.on('close', () => slow.delete(socket));
    }),
  );
  const client = await clientOf(server.port);
  await on(client, 'slow-loris', { connections: 20, byteEveryMs: 20, part: 'head', path: '/' });
  await expect.poll(() => slow.size, { timeout: 15_000 }).toBe(20);
  await client.start({ ratePerSec: 100 });
  await client.done();
  expectConserved(client.received());
  expect(client.received().counters).toMatchObject({ issued: 100, ok: 100 });
  expect(requests).toBe(100);

  // One that is cut comes again.
  const [first] = slow;
  first?.destroy();
  await expect.poll(() => slow.has(first as Socket), { timeout: 15_000 }).toBe(false);
  await expect.poll(() => slow.size, { timeout: 15_000 }).toBe(20);
  expect((await measured(client, 'slow-loris')).closedByServer).toBe(1);
  await off(client, 'slow-loris');
  await expect.poll(() => slow.size, { timeout: 15_000 }).toBe(0);
  expect((await measured(client, 'slow-loris')).open).toBe(0);
});

test('malformed requests go beside a share of the traffic, and are refused as what they are', async () => {
  let requests = 0;
  let broken = 0;
  const web = owned(
    await startWeb((_, response) => {
      requests += 1;
      response.end();
    }),
  );
  web.server.on('clientError', (_, socket) => {
    broken += 1;
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  const client = await clientOf(web.port);
  await on(client, 'malformed', { share: 0.5 });
  await client.start({ ratePerSec: 200 });
  await client.done();
  await expect
    .poll(async () => {
      const { sent = 0, refused = 0 } = await measured(client, 'malformed');
      return sent - refused;
    })
    .toBe(0);
  const { sent = 0 } = await measured(client, 'malformed');
  expect(Math.abs(sent - 100)).toBeLessThan(5 * 8);
  expect(broken).toBe(sent);
  expect(requests).toBe(200);
  expectConserved(client.received());
  expect(client.received().counters).toMatchObject({ issued: 200, ok: 200 });
});

test('each traffic fault comes off by itself when its lease is over, whatever became of the engine', async () => {
  const server = owned(await startTcp(() => {}));
  const client = await clientOf(server.port);
  const parameters: Record<string, object> = {
    spike: { factor: 2 },
    'retry-storm': { retries: 2 },
    'thundering-herd': { periodMs: 1000 },
    'hot-key-traffic': { share: 1, key: 1 },
    'big-payload': { sizeKb: 1 },
    'slow-loris': { connections: 5, byteEveryMs: 50, part: 'body', path: '/' },
    malformed: { share: 1 },
  };
  const expiresAtMs = Date.now() + 700;
  for (const [fault, given] of Object.entries(parameters))
    await client.call('fault-on', { id: fault, fault, parameters: given, seed: 1, probability: 1, expiresAtMs });
  await client.start({
    ratePerSec: 20,
    durationMs: null,
    plan: { type: 'vus', vus: constantCurve(2), gracefulRampDownMs: 0 },
  });
  for (const fault of Object.keys(parameters))
    await expect
      .poll(async () => ((await client.call('fault-measured', { id: fault })) as { on: boolean }).on, {
        timeout: 10_000,
      })
      .toBe(false);
  const gone = once(client.child, 'exit');
  client.child.kill('SIGKILL');
  await gone;
});
