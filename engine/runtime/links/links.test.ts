import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exists } from '../operating-system.ts';
import { dial, dialOutcome, echo, outcome, startTcpServer, startTestLinks, waitFor } from './links.fixture.ts';
import type { Links } from './links.ts';

let links: Links;
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  links = await startTestLinks();
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await links.stop();
  expect(exists(links.pid)).toBe(false);
});

async function server(...parameters: Parameters<typeof startTcpServer>) {
  const started = await startTcpServer(...parameters);
  ends.push(() => started.stop());
  return started;
}

/** How a connection ends; a reset may come before the caller has seen that it was connected. */
const fate = (port: number): Promise<string> => dial(port).then(outcome, (error) => String(error.code));

test('bytes go to the upstream and back, and are counted', async () => {
  const upstream = await server(echo);
  const port = await links.openLane('edge', 0);
  await links.setUpstream('edge', 0, upstream);
  const socket = await dial(port);
  socket.write('hello');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toBe('hello');
  await waitFor('counters arrive', () => links.stats().edge?.downstreamBytes === 5);
  expect(links.stats().edge).toEqual({ connections: 1, upstreamBytes: 5, downstreamBytes: 5 });
  socket.destroy();
  await waitFor('connection is gone', () => links.stats().edge?.connections === 0);
});

test('a lane without an upstream refuses, and listens on the same port again when it is back', async () => {
  const port = await links.openLane('edge', 0);
  expect(await dialOutcome(port)).toBe('ECONNREFUSED');
  const upstream = await server(echo);
  for (let i = 0; i < 20; i += 1) {
    await links.setUpstream('edge', 0, upstream);
    expect(await dialOutcome(port)).toBe('connected');
    await links.setUpstream('edge', 0, null);
    expect(await dialOutcome(port)).toBe('ECONNREFUSED');
  }
  expect(links.portOf('edge', 0)).toBe(port);
});

test('connections that are open when the upstream goes absent live until their own peer ends them', async () => {
  const upstream = await server(echo);
  const port = await links.openLane('edge', 0);
  await links.setUpstream('edge', 0, upstream);
  const socket = await dial(port);
  socket.write('a');
  await once(socket, 'data');
  await links.setUpstream('edge', 0, null);
  socket.write('b');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toBe('b');
  const ended = outcome(socket);
  for (const peer of upstream.sockets) peer.resetAndDestroy();
  expect(await ended).toBe('ECONNRESET');
});

test('new connections go to the new upstream of a lane', async () => {
  const port = await links.openLane('edge', 0);
  const first = await server((socket) => socket.end('first'));
  const second = await server((socket) => socket.end('second'));
  for (const [upstream, name] of [
    [first, 'first'],
    [second, 'second'],
  ] as const) {
    await links.setUpstream('edge', 0, upstream);
    const socket = await dial(port);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toBe(name);
    socket.destroy();
  }
});

test('a caller is reset when its upstream refuses', async () => {
  const upstream = await startTcpServer(echo);
  await upstream.stop();
  const port = await links.openLane('edge', 0);
  await links.setUpstream('edge', 0, upstream);
  // Listens before it connects: the reset may follow the connection at once.
  expect(await outcome(connect(port, '127.0.0.1'))).toBe('ECONNRESET');
});

test('half-close passes in both directions: an answer still arrives after the caller has ended', async () => {
  const upstream = await server((socket) => {
    let got = '';
    socket.on('data', (bytes) => {
      got += bytes;
    });
    socket.on('end', () => socket.end(`got ${got}`));
  });
  const port = await links.openLane('edge', 0);
  await links.setUpstream('edge', 0, upstream);
  const socket = await dial(port);
  socket.end('question');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toBe('got question');
  await once(socket, 'end');
  await waitFor('the upstream connection is closed', () => upstream.sockets.size === 0);

  const early = await server((peer) => {
    peer.end('greeting');
    peer.on('data', (bytes) => received.push(String(bytes)));
  });
  const received: string[] = [];
  await links.setUpstream('edge', 0, early);
  const caller = await dial(port);
  caller.resume();
  await once(caller, 'end');
  caller.end('late word');
  await waitFor('bytes sent after the other side ended', () => received.join('') === 'late word');
});

test('a reset passes in both directions', async () => {
  const outcomes: Promise<string>[] = [];
  const upstream = await server((socket) => {
    outcomes.push(outcome(socket));
    socket.on('data', (bytes) => String(bytes) === 'reset me' && socket.resetAndDestroy());
  });
  const port = await links.openLane('edge', 0);
  await links.setUpstream('edge', 0, upstream);

  const resetByCallee = await dial(port);
  resetByCallee.write('reset me');
  expect(await outcome(resetByCallee)).toBe('ECONNRESET');

  const resetByCaller = await dial(port);
  await waitFor('the second connection arrives', () => outcomes.length === 2);
  resetByCaller.resetAndDestroy();
  expect(await outcomes[1]).toBe('ECONNRESET');
});

test('closing a lane resets what is open and refuses from then on', async () => {
  const upstream = await server(echo);
  const port = await links.openLane('edge', 0);
  await links.openLane('edge', 1);
  await links.setUpstream('edge', 0, upstream);
  const socket = await dial(port);
  const ended = outcome(socket);
  await links.closeLane('edge', 0);
  expect(await ended).toBe('ECONNRESET');
  expect(await dialOutcome(port)).toBe('ECONNREFUSED');
  expect(links.replicasOf('edge')).toEqual([1]);
  await waitFor('the upstream connection is closed', () => upstream.sockets.size === 0);
});

test('the end of the link process is told with its reason, and orders fail from then on', async () => {
  const reasons: string[] = [];
  const other = await startTestLinks({ onExit: (reason) => reasons.push(reason) });
  process.kill(other.pid, 'SIGKILL');
  await waitFor('the exit is told', () => reasons.length === 1);
  expect(reasons[0]).toContain('SIGKILL');
  await expect(other.openLane('edge', 0)).rejects.toMatchObject({ code: 'start-failed' });
  await other.stop();
});

test('a Node that cannot be run is an error of the start, with the next step', async () => {
  const reasons: string[] = [];
  const start = startTestLinks({ nodeBinary: '/nowhere/node', onExit: (reason) => reasons.push(reason) });
  await expect(start).rejects.toMatchObject({ code: 'start-failed', nextStep: 'Check ARCHIPEL_NODE.' });
  expect(reasons).toEqual([]);
});

test('a lane that holds keeps connections waiting until there is an upstream, and tells of each', async () => {
  const wanted: string[] = [];
  const stopListening = links.onWanted((edgeId) => wanted.push(edgeId));
  const port = await links.openLane('edge', 0);
  await links.holdLane('edge', 0, { maxWaitMs: 10_000, maxWaiting: 2 });
  const [first, second] = [await dial(port), await dial(port)];
  first.write('one');
  second.write('two');
  await waitFor('both are told of', () => wanted.length === 2);
  expect(await fate(port)).toBe('ECONNRESET');
  expect(wanted).toEqual(['edge', 'edge']);

  await links.setUpstream('edge', 0, await server(echo));
  expect(String((await once(first, 'data'))[0])).toBe('one');
  expect(String((await once(second, 'data'))[0])).toBe('two');
  for (const socket of [first, second]) socket.destroy();
  stopListening();
});

test('a connection that has waited its time is reset, and so are those that wait when the lane holds no more', async () => {
  const wanted: string[] = [];
  links.onWanted((edgeId) => wanted.push(edgeId));
  const port = await links.openLane('edge', 0);
  await links.holdLane('edge', 0, { maxWaitMs: 50, maxWaiting: 10 });
  expect(await fate(port)).toBe('ECONNRESET');
  await links.holdLane('edge', 0, { maxWaitMs: 60_000, maxWaiting: 10 });
  const waiting = fate(port);
  await waitFor('it waits', () => wanted.length === 2);
  await links.holdLane('edge', 0, null);
  expect(await waiting).toBe('ECONNRESET');
  expect(await dialOutcome(port)).toBe('ECONNREFUSED');
});

test('a caller that gives up while it waits is forgotten', async () => {
  const port = await links.openLane('edge', 0);
  await links.holdLane('edge', 0, { maxWaitMs: 60_000, maxWaiting: 1 });
  (await dial(port)).resetAndDestroy();
  // Its place is free again as soon as the link has seen it go.
  await waitFor('there is room', async () => {
    const next = await dial(port);
    const fate = await Promise.race([outcome(next), new Promise((resolve) => setTimeout(resolve, 100, 'waits'))]);
    next.destroy();
    return fate === 'waits';
  });
});
