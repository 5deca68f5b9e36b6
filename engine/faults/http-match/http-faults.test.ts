import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dial, startTcpServer, startTestLinks, waitFor } from '../../runtime/links/links.fixture.ts';
import type { Links } from '../../runtime/links/links.ts';

/* Faults on HTTP edges in a real link process, between node:http and node:http. */

let links: Links;
let server: Server;
let agent: Agent;
let port: number;
let served: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  served = [];
  answer = (incoming, response) => {
    let body = '';
    incoming.on('data', (part) => {
      body += part;
    });
    incoming.on('end', () => response.end(`${incoming.method} ${incoming.url} ${body}`));
  };
  server = createServer((incoming, response) => {
    served.push(`${incoming.method} ${incoming.url}`);
    answer(incoming, response);
  });
  server.listen(0, '127.0.0.1');
  [links] = await Promise.all([startTestLinks(), once(server, 'listening')]);
  port = await links.openLane('edge', 0);
  await links.setUpstream('edge', 0, { host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
});

afterEach(async () => {
  agent.destroy();
  await links.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const defaults = { method: 'any', path: '', header: '', first: 0, everyNth: 1, probability: 1, hop: 'edge' };
const on = (fault: string, parameters: Record<string, unknown>, id = fault) =>
  links.setFault('edge', {
    ...{ id, fault, seed: 1, expiresAtMs: Date.now() + 60_000 },
    parameters: { ...defaults, ...parameters },
  });
const errorOn = (parameters: Record<string, unknown> = {}, id?: string) =>
  on('http-error', { status: 503, body: 'broken', asksFirst: false, ...parameters }, id);
const bodyOn = (parameters: Record<string, unknown>) =>
  on('http-body', {
    change: 'replace',
    body: 'new',
    keepBytes: 0,
    corruptEveryBytes: 2,
    addBytes: 100_000,
    ...parameters,
  });
const measured = async (id: string) => (await links.measureFault('edge', id)).measured;

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
  /** It ended before its body was whole. */
  isCut: boolean;
  socket: Socket;
}

function ask(
  path = '/',
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent }, (response) => {
      const { socket } = response;
      let text = '';
      response.setEncoding('latin1').on('data', (part) => {
        text += part;
      });
      response.on('error', () => {});
      response.on('close', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text,
          isCut: !response.complete,
          socket,
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends bytes over a connection of its own and resolves with all that comes back until it ends. */
async function sendRaw(bytes: string, { ends = true } = {}): Promise<string> {
  const socket = await dial(port);
  let received = '';
  socket.on('data', (part) => {
    received += part.toString('latin1');
  });
  if (ends) socket.end(bytes, 'latin1');
  else socket.write(bytes, 'latin1');
  socket.on('end', () => socket.end());
  await once(socket, 'close');
  return received;
}

test('http-error answers in the place of the target, names the edge as the hop, and keeps the connection', async () => {
  const first = await ask('/before');
  await errorOn();
  const failed = await ask('/during', { method: 'POST', body: 'x'.repeat(100_000) });
  expect(failed).toMatchObject({
    status: 503,
    body: 'broken',
    headers: { 'x-archipel-failure-reason': 'handler-error', 'x-archipel-failure-hop': 'edge' },
  });
  // The connection was open before the fault: it began with the next request on it.
  expect(failed.socket).toBe(first.socket);
  expect((await ask('/head', { method: 'HEAD' })).status).toBe(503);
  await links.clearFault('edge', 'http-error');
  const after = await ask('/after');
  expect([after.status, after.body, after.socket]).toEqual([200, 'GET /after ', first.socket]);
  expect(served).toEqual(['GET /before', 'GET /after']);
  expect(await links.measureFault('edge', 'http-error')).toEqual({
    on: false,
    measured: { requests: 2, matched: 2, chosen: 2, acted: 2, actedNow: 2 },
  });
});

test('http-error that asks first lets the target work, and throws its answer away', async () => {
  await errorOn({ asksFirst: true, status: 429 });
  const { status, body, headers } = await ask('/paid', { method: 'POST', body: 'order' });
  expect([status, body, headers['x-archipel-failure-reason']]).toEqual([429, 'broken', 'throttled']);
  expect(served).toEqual(['POST /paid']);
});

test('acts on the method, path and header that it is told, on the first of them and on each nth', async () => {
  await errorOn({ method: 'POST', path: '/orders/*/pay?', header: 'x-user: 7*' });
  const fitting = { method: 'POST', headers: { 'x-user': '7b' } };
  const statuses = [
    await ask('/orders/1/pay1?now=1', fitting),
    await ask('/orders/1/pay', fitting),
    await ask('/orders/1/pay1', { ...fitting, method: 'PUT' }),
    await ask('/orders/1/pay1', { method: 'POST', headers: { 'x-user': '8' } }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([503, 200, 200, 200]);
  await errorOn({ first: 2 }, 'first');
  expect(await many(4)).toEqual([503, 503, 200, 200]);
  await errorOn({ everyNth: 3 }, 'nth');
  expect(await many(6)).toEqual([200, 200, 503, 200, 200, 503]);
});

const many = async (count: number, path = '/'): Promise<number[]> => {
  const statuses: number[] = [];
  for (let i = 0; i < count; i += 1) statuses.push((await ask(path)).status);
  return statuses;
};

test('draws its probability for each request from the seed, whichever connection it comes on', async () => {
  await errorOn({ probability: 0.3 }, 'a');
  const drawn = await many(200);
  const failed = drawn.filter((status) => status === 503).length;
  // Five standard deviations around 60.
  expect(failed).toBeGreaterThan(27);
  expect(failed).toBeLessThan(93);
  await links.clearFault('edge', 'a');
  await errorOn({ probability: 0.3 }, 'b');
  agent.destroy();
  agent = new Agent({ keepAlive: false });
  expect(await many(200)).toEqual(drawn);
});

test('leaves health checks alone unless its path names them', async () => {
  await errorOn({});
  expect(await many(1, '/-/health')).toEqual([200]);
  await errorOn({ path: '/-/*' });
  expect(await many(1, '/-/health')).toEqual([503]);
});

test('passes the bytes of what it does not act on exactly as they are, pipelined and odd as they may be', async () => {
  const sent: string[] = [];
  const upstream = await startTcpServer((socket) => {
    let received = '';
    socket.on('data', (part) => {
      received += part.toString('latin1');
    });
    socket.on('end', () => {
      sent.push(received);
      socket.end(
        'HTTP/1.1 200 OK\r\nX-Odd :  1\r\n\tfolded\r\ncontent-length: 3\r\n\r\nabcHTTP/1.1 204 No\r\n\r\nrest',
      );
    });
  });
  await links.setUpstream('edge', 0, upstream);
  await errorOn({ path: '/never' });
  await bodyOn({ path: '/never' });
  await on('http-delay', { delayMs: 1000, jitterMs: 0, path: '/never' });
  const bytes =
    '\r\nPOST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nX: "\xe9"\r\n\r\n3;e=1\r\nabc\r\n0\r\nt: 1\r\n\r\nGET /b HTTP/1.0\nOdd\n';
  const received = await sendRaw(bytes);
  expect(sent).toEqual([bytes]);
  expect(received).toBe(
    'HTTP/1.1 200 OK\r\nX-Odd :  1\r\n\tfolded\r\ncontent-length: 3\r\n\r\nabcHTTP/1.1 204 No\r\n\r\nrest',
  );
  await upstream.stop();
});

test('answers pipelined requests in their order, though some of the answers come from the edge', async () => {
  answer = (incoming, response) => void setTimeout(() => response.end(incoming.url), 20);
  await errorOn({ path: '/bad*', body: 'bad' });
  const sent = ['/1', '/bad1', '/2', '/bad2', '/bad3', '/3']
    .map((path) => `GET ${path} HTTP/1.1\r\nhost: test\r\n${path === '/3' ? 'connection: close\r\n' : ''}\r\n`)
    .join('');
  const received = await sendRaw(sent, { ends: false });
  expect(received.match(/(\/\d|bad)(?=HTTP|$)/g)).toEqual(['/1', 'bad', '/2', 'bad', 'bad', '/3']);
  expect(served).toEqual(['GET /1', 'GET /2', 'GET /3']);
});

test('a caller that waits for "100 Continue" gets the error at once, and the connection ends', async () => {
  await errorOn();
  const head = 'POST / HTTP/1.1\r\nhost: test\r\nexpect: 100-continue\r\ncontent-length: 1000\r\n\r\n';
  const received = await sendRaw(head, { ends: false });
  expect(received).toMatch(/^HTTP\/1\.1 503 [\s\S]*connection: close\r\n\r\nbroken$/);
  await links.clearFault('edge', 'http-error');
  await bodyOn({});
  const continued = await ask('/', { method: 'POST', body: 'later', headers: { expect: '100-continue' } });
  expect([continued.status, continued.body]).toEqual([200, 'new']);
});

test('what comes after an upgrade passes unread', async () => {
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  await errorOn({ path: '/bad' });
  const socket = await dial(port);
  let received = '';
  socket.on('data', (part) => {
    received += part.toString('latin1');
  });
  socket.write('GET /up HTTP/1.1\r\nhost: test\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
  await waitFor('the upgrade', () => received.includes('101'));
  const later = 'GET /bad HTTP/1.1\r\nhost: test\r\n\r\n';
  socket.write(later);
  await waitFor('the echo', () => received.endsWith(later));
  socket.destroy();
  await waitFor('nothing is open', () => links.stats().edge?.connections === 0);
});

test('on a connection in mid-answer it begins with the next request', async () => {
  let finish: () => void = () => {};
  answer = (incoming, response) => {
    if (incoming.url !== '/long') return response.end('short') && undefined;
    response.write('HTTP/1.1 500 looks like an answer\r\n\r\n');
    finish = () => response.end(' end');
  };
  const long = ask('/long');
  await waitFor('the first part', () => served.length === 1);
  await errorOn();
  finish();
  expect((await long).body).toBe('HTTP/1.1 500 looks like an answer\r\n\r\n end');
  expect((await ask('/next')).status).toBe(503);
  expect(await measured('http-error')).toMatchObject({ requests: 1, acted: 1 });
});

test('a body that it has begun to keep from the target is finished when the fault goes, and the next request passes', async () => {
  await errorOn();
  const socket = await dial(port);
  let received = '';
  socket.on('data', (part) => {
    received += part.toString('latin1');
  });
  socket.write('POST / HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\n12345');
  await waitFor('the request is seen', async () => (await measured('http-error'))?.chosen === 1);
  await links.clearFault('edge', 'http-error');
  expect(await links.measureFault('edge', 'http-error')).toMatchObject({ on: false });
  socket.write('67890');
  await waitFor('the answer of the edge', () => received.endsWith('broken'));
  received = '';
  socket.write('POST /x HTTP/1.1\r\nhost: test\r\ncontent-length: 2\r\n\r\nok');
  await waitFor('the answer of the target', () => received.endsWith('POST /x ok'));
  expect(served).toEqual(['POST /x']);
  socket.destroy();
});

test('http-delay holds only the requests that it is told, and lets go of them at once when it ends', async () => {
  await on('http-delay', { delayMs: 300, jitterMs: 0, path: '/slow' });
  const [fastMs, slowMs] = [await timed('/fast'), await timed('/slow')];
  expect(slowMs).toBeGreaterThanOrEqual(299);
  expect(fastMs).toBeLessThan(slowMs);
  const figures = await measured('http-delay');
  expect(figures).toMatchObject({ requests: 2, matched: 1, acted: 1 });
  expect(figures?.heldMs).toBeGreaterThanOrEqual(299);
  await on('http-delay', { delayMs: 600_000, jitterMs: 0, path: '/slow' });
  const held = ask('/slow');
  await waitFor('it is held', async () => (await measured('http-delay'))?.chosen === 2);
  await links.clearFault('edge', 'http-delay');
  expect((await held).status).toBe(200);
  expect(served).toEqual(['GET /fast', 'GET /slow', 'GET /slow']);
});

const timed = async (path: string): Promise<number> => {
  const startedMs = performance.now();
  await ask(path);
  return performance.now() - startedMs;
};

test.each([
  ['a length', false],
  ['chunks', true],
])('http-body changes bodies that come with %s', async (_, isChunked) => {
  const original = 'abcdefgh'.repeat(1000);
  answer = (_, response) => {
    if (!isChunked) return response.end(original) && undefined;
    response.write(original.slice(0, 100));
    response.end(original.slice(100));
  };
  await bodyOn({});
  expect(await ask()).toMatchObject({ status: 200, body: 'new', isCut: false });
  await bodyOn({ change: 'corrupt' });
  const corrupt = await ask();
  expect(corrupt.isCut).toBe(false);
  expect(corrupt.body.slice(0, 4)).toBe('`bbd');
  expect(corrupt.body).toBe('`bbddffh'.repeat(1000));
  await bodyOn({ change: 'oversize' });
  const oversize = await ask();
  expect([oversize.isCut, oversize.body]).toEqual([false, ' '.repeat(100_000) + original]);
  await bodyOn({ change: 'truncate', keepBytes: 500 });
  expect(await ask()).toMatchObject({ isCut: true, body: original.slice(0, 500) });
  await bodyOn({ change: 'truncate', keepBytes: 8000 });
  expect(await ask()).toMatchObject({ isCut: false, body: original });
  expect(await measured('http-body')).toMatchObject({ chosen: 5, acted: 4 });
  expect((await ask('/', { method: 'HEAD' })).status).toBe(200);
});

test('several of them nest: what a later one answers does not pass an earlier one that never saw the request', async () => {
  await bodyOn({ body: 'rewritten' });
  await errorOn({ path: '/bad', body: 'bad' });
  expect(await ask('/bad')).toMatchObject({ status: 503, body: 'rewritten' });
  await links.clearFault('edge', 'http-body');
  await on('http-delay', { delayMs: 50, jitterMs: 0 });
  await bodyOn({ body: 'rewritten', path: '/good' });
  expect(await ask('/bad')).toMatchObject({ status: 503, body: 'bad' });
  expect(await ask('/good')).toMatchObject({ status: 200, body: 'rewritten' });
  expect(await ask('/other')).toMatchObject({ status: 200, body: 'GET /other ' });
});
