import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startAddedRoundTrip } from './added-round-trip.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server that answers after this long. */
async function answerAfter(delayMs: number): Promise<number> {
  const server = createServer((_, response) => void setTimeout(() => response.end('ok'), delayMs));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

test('the difference between the two ways is what a link adds', async () => {
  const ways = [{ protocol: 'http' as const, throughPort: await answerAfter(100), directPort: await answerAfter(0) }];
  const meter = startAddedRoundTrip({ ways: () => ways, intervalMs: 5 });
  await expect.poll(() => meter.result().pairs, { timeout: 20_000 }).toBeGreaterThanOrEqual(9);
  meter.stop();
  // A busy machine delays both ways, but not by the same: the median of nine pairs is off by less than half of it.
  expect(meter.result().addedP50Ms).toBeGreaterThan(50);
  expect(meter.result().addedP50Ms).toBeLessThan(150);
});

test('with few pairs, or where nobody answers, it says nothing', async () => {
  const meter = startAddedRoundTrip({ ways: () => [], intervalMs: 1 });
  expect(meter.result()).toEqual({ addedP50Ms: null, pairs: 0 });
  meter.stop();
});
