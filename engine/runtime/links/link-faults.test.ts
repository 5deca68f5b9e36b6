import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { faults } from '../../faults/index.ts';
import { linkFaults } from '../../faults/stages.ts';
import { dial, echo, outcome, startTcpServer, startTestLinks, waitFor } from './links.fixture.ts';
import type { Links } from './links.ts';

let links: Links;
let leaseEnds: string[] = [];
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  leaseEnds = [];
  links = await startTestLinks({ onLeaseEnd: ({ faultId }) => leaseEnds.push(faultId) });
});

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await links.stop();
});

async function lane(serve: (socket: Socket) => void): Promise<number> {
  const upstream = await startTcpServer(serve);
  ends.push(() => upstream.stop());
  const port = await links.openLane('edge', 0);
  await links.setUpstream('edge', 0, upstream);
  return port;
}

const latency = (
  latencyMs: number,
  { id = 'latency-1', leaseMs = 60_000, direction = 'downstream', jitterMs = 0 } = {},
) =>
  links.setFault('edge', {
    id,
    fault: 'latency',
    parameters: { latencyMs, jitterMs, direction },
    seed: 1,
    expiresAtMs: Date.now() + leaseMs,
  });

async function roundTripMs(socket: Socket): Promise<number> {
  const startMs = performance.now();
  socket.write('?');
  await once(socket, 'data');
  return performance.now() - startMs;
}

test('latency acts on open connections and on new ones, changes live, and goes at once', async () => {
  const port = await lane(echo);
  const open = await dial(port);
  await roundTripMs(open);
  await latency(100);
  expect(await roundTripMs(open)).toBeGreaterThanOrEqual(99);
  expect(await roundTripMs(await dial(port))).toBeGreaterThanOrEqual(99);
  await latency(300);
  expect(await roundTripMs(open)).toBeGreaterThanOrEqual(299);
  await latency(10_000);
  const held = roundTripMs(open);
  await links.clearFault('edge', 'latency-1');
  expect(await held).toBeLessThan(1000);
  await links.clearFault('edge', 'latency-1');
});

test('faults in both directions and twice in one direction add up', async () => {
  const open = await dial(await lane(echo));
  await latency(50, { id: 'up', direction: 'upstream' });
  await latency(50, { id: 'down' });
  await latency(50, { id: 'down-too' });
  expect(await roundTripMs(open)).toBeGreaterThanOrEqual(149);
});

test('a fault comes off by itself when its lease ends, and a renewed one later', async () => {
  const open = await dial(await lane(echo));
  await latency(10_000, { leaseMs: 200 });
  const startMs = performance.now();
  await latency(10_000, { leaseMs: 400 });
  await roundTripMs(open);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(390);
  expect(performance.now() - startMs).toBeLessThan(2000);
  await waitFor('the host is told', () => leaseEnds.length === 1);
});

test('the end and a reset of a connection wait their turn behind held bytes', async () => {
  const port = await lane((socket) =>
    socket.on('data', (bytes) => {
      socket.write('last words');
      if (String(bytes) === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
      else socket.end();
    }),
  );
  await latency(150);
  for (const [how, expected] of [
    ['reset', 'ECONNRESET'],
    ['end', 'end'],
  ] as const) {
    const socket = await dial(port);
    let got = '';
    socket.on('data', (bytes) => {
      got += bytes;
    });
    const startMs = performance.now();
    const ended = outcome(socket);
    socket.write(how);
    socket.on('end', () => socket.end());
    expect(await ended).toBe(expected);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(149);
    expect(got).toBe('last words');
  }
});

const body = randomBytes(24 * 1024 * 1024);
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Sends a large body through an echo and back, reading in fits and starts, and resolves with the hash of what came. */
async function largeBodyHash(port: number, onProgress: (receivedBytes: number) => void = () => {}): Promise<string> {
  const socket = await dial(port);
  const hash = createHash('sha256');
  let receivedBytes = 0;
  let pauses = 0;
  socket.on('data', (bytes) => {
    hash.update(bytes);
    receivedBytes += bytes.length;
    onProgress(receivedBytes);
    // A slow reader now and then, so that back-pressure reaches the sender.
    if (receivedBytes > (pauses + 1) * 2_000_000) {
      pauses += 1;
      socket.pause();
      setTimeout(() => socket.resume(), 10);
    }
  });
  socket.end(body);
  await once(socket, 'end');
  expect(receivedBytes).toBe(body.length);
  return hash.digest('hex');
}

test('large bodies pass unchanged without a fault, with one, and with faults added, changed and removed in mid-stream', async () => {
  const port = await lane(echo);
  expect(await largeBodyHash(port)).toBe(hashOf(body));

  await latency(3, { jitterMs: 2 });
  expect(await largeBodyHash(port)).toBe(hashOf(body));
  await links.clearFault('edge', 'latency-1');

  const orders: Promise<void>[] = [];
  const steps = [
    () => latency(15),
    () => latency(5, { id: 'latency-2', direction: 'upstream' }),
    () => latency(2, { jitterMs: 2 }),
    () => links.clearFault('edge', 'latency-1'),
    () => latency(4, { id: 'latency-2', direction: 'downstream' }),
    () => latency(10),
    () => links.clearFault('edge', 'latency-2'),
  ];
  const hash = await largeBodyHash(port, (receivedBytes) => {
    const due = Math.floor((receivedBytes / body.length) * (steps.length + 1));
    while (orders.length < Math.min(due, steps.length)) orders.push((steps[orders.length] as () => Promise<void>)());
  });
  await Promise.all(orders);
  expect(orders).toHaveLength(steps.length);
  expect(hash).toBe(hashOf(body));
});

test('a reader that stops reading stops the sender: the link holds little, with and without a fault', async () => {
  let sentBytes = 0;
  const port = await lane((socket) => {
    const push = (): void => {
      let more = true;
      while (more && sentBytes < 200_000_000) {
        more = socket.write(Buffer.alloc(65_536));
        sentBytes += 65_536;
      }
    };
    socket.on('drain', push);
    socket.once('data', push);
  });
  for (const withFault of [false, true]) {
    if (withFault) await latency(5);
    sentBytes = 0;
    const socket = await dial(port);
    socket.write('go');
    await once(socket, 'readable');
    let before = -1;
    // The sender stands still once every buffer between is full.
    await waitFor('the sender stops', async () => {
      before = sentBytes;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return sentBytes === before;
    });
    // Kernel buffers of four sockets, at most 6 MiB each way here, and 4 MiB of held chunks.
    expect(sentBytes).toBeLessThan(40_000_000);
    const ended = outcome(socket);
    socket.destroy();
    await ended;
  }
});

const putOn = (fault: string, parameters: Record<string, unknown> = {}, leaseMs = 60_000): Promise<void> =>
  links.setFault('edge', {
    id: fault,
    fault,
    parameters: faults.find((definition) => definition.fault === fault)?.parameters.parse(parameters),
    seed: 1,
    expiresAtMs: Date.now() + leaseMs,
  });

test.each(Object.keys(linkFaults))('"%s" comes off by itself when its lease ends and nobody says so', async (fault) => {
  const port = await lane(echo);
  await putOn(fault, {}, 300);
  await waitFor('the host is told', () => leaseEnds.includes(fault));
  await waitFor('a fresh connection is served', async () => {
    const socket = await dial(port).catch(() => null);
    if (!socket) return false;
    await roundTripMs(socket);
    return true;
  });
});

test.each([
  ['bandwidth', { rateKBps: 20_000 }],
  ['loss', { lossPercent: 1, retransmitMs: 5 }],
  ['slicer', { averageBytes: 30_000, variationBytes: 20_000, delayMs: 0.1, direction: 'both' }],
  ['slow-close', { delayMs: 50 }],
  ['partition', { how: 'hold' }],
])('"%s" loses no byte, though it comes and goes in mid-stream', async (fault, parameters) => {
  const port = await lane(echo);
  const hash = largeBodyHash(port);
  await putOn(fault, parameters);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await links.clearFault('edge', fault);
  expect(await hash).toBe(hashOf(body));
});
