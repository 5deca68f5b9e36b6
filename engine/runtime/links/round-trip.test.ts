import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startTcpServer, waitFor } from './links.fixture.ts';
import { measureRoundTrip } from './round-trip.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

test('http: the median of health checks over one connection', async () => {
  let connections = 0;
  const urls: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    urls.push(request.url);
    // One answer in five is slow: the median does not follow it.
    setTimeout(() => response.end('ok'), urls.length === 3 ? 500 : 30);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const measured = await measureRoundTrip({ protocol: 'http', port, samples: 5, timeoutMs: 5000 });
  expect(measured).toBeGreaterThanOrEqual(29);
  expect(measured).toBeLessThan(400);
  expect(connections).toBe(1);
  expect(urls).toEqual(Array.from({ length: 6 }, () => '/-/health'));
});

test('postgres: the answer to a request for SSL, on a new connection each time', async () => {
  const asked: string[] = [];
  const server = await startTcpServer((socket) =>
    socket.on('data', (bytes) => {
      asked.push(bytes.toString('hex'));
      setTimeout(() => socket.write('N'), 30);
    }),
  );
  ends.push(() => server.stop());
  const measured = await measureRoundTrip({ protocol: 'postgres', port: server.port, samples: 3, timeoutMs: 5000 });
  expect(measured).toBeGreaterThanOrEqual(29);
  expect(asked).toEqual(Array.from({ length: 4 }, () => '0000000804d2162f'));
});

test('redis: the answer to PING, over one connection', async () => {
  let asked = '';
  let connections = 0;
  const server = await startTcpServer((socket) => {
    connections += 1;
    socket.on('data', (bytes) => {
      asked += bytes.toString('latin1');
      setTimeout(() => socket.write('+PONG\r\n'), 30);
    });
  });
  ends.push(() => server.stop());
  const measured = await measureRoundTrip({ protocol: 'redis', port: server.port, samples: 3, timeoutMs: 5000 });
  expect(measured).toBeGreaterThanOrEqual(29);
  expect(asked).toBe('*1\r\n$4\r\nPING\r\n'.repeat(4));
  expect(connections).toBe(1);
});

test('null when nothing answers in time, and when the port refuses', async () => {
  const silent = await startTcpServer((socket) => socket.on('end', () => socket.end()).resume());
  for (const protocol of ['http', 'postgres', 'redis'] as const)
    expect(await measureRoundTrip({ protocol, port: silent.port, samples: 3, timeoutMs: 100 })).toBeNull();
  await waitFor('no connection is left', () => silent.sockets.size === 0);
  await silent.stop();
  for (const protocol of ['http', 'postgres', 'redis'] as const)
    expect(await measureRoundTrip({ protocol, port: silent.port, samples: 3, timeoutMs: 100 })).toBeNull();
});
