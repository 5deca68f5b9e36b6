import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { HttpAgent, type HttpCall } from './agent.ts';
import type { AnswerStream } from './answer.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function serve(answer: (incoming: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer({ keepAliveTimeout: 60_000 }, answer);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

async function serveTcp(use: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    use(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

function agentFor(port: number, options: { keepAlive?: boolean; maxConnections?: number } = {}): HttpAgent {
  const agent = new HttpAgent({ host: '127.0.0.1', port, keepAlive: true, maxConnections: 8, ...options });
  ends.push(async () => agent.destroy());
  return agent;
}

/** The head of the answer, or the error; and what the call told besides. */
function send(agent: HttpAgent, call: Partial<HttpCall> = {}) {
  const told: string[] = [];
  let breakOff: (error: Error) => void = () => {};
  let onClosed = (): void => {};
  const closed = new Promise<void>((resolve) => {
    onClosed = resolve;
  });
  const answer = new Promise<AnswerStream>((resolve, reject) => {
    breakOff = agent.send({
      method: 'GET',
      path: '/',
      ...call,
      onAnswer(stream) {
        told.push('answer');
        resolve(stream);
      },
      onError(error) {
        told.push(`error ${error.code ?? error.message}`);
        reject(error);
      },
      onClose() {
        told.push('close');
        onClosed();
      },
    });
  });
  answer.catch(() => {});
  return { answer, told, closed, breakOff: (error: Error) => breakOff(error) };
}

test('a call gets its answer, and the next goes along the same connection', async () => {
  const web = await serve((incoming, response) => {
    response.setHeader('x-path', incoming.url as string);
    response.end(`hello ${incoming.headers.host}`);
  });
  const agent = agentFor(web.port);
  for (const path of ['/a', '/b', '/c']) {
    const { answer, told, closed } = send(agent, { path });
    const stream = await answer;
    expect([stream.statusCode, stream.headers['x-path']]).toEqual([200, path]);
    expect(await text(stream)).toBe(`hello 127.0.0.1:${web.port}`);
    await closed;
    expect(told).toEqual(['answer', 'close']);
    expect(stream.complete).toBe(true);
  }
  expect(web.connections()).toBe(1);
});

test('bodies go both ways unchanged: of known length, as a stream, and larger than any buffer', async () => {
  const web = await serve((incoming, response) => {
    response.setHeader('x-framing', incoming.headers['transfer-encoding'] ?? incoming.headers['content-length'] ?? '');
    incoming.pipe(response);
  });
  const agent = agentFor(web.port);
  const large = randomBytes(9_000_000);
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const known = await send(agent, { method: 'PUT', body: large }).answer;
  expect(known.headers['x-framing']).toBe(String(large.length));
  expect(hash(await buffer(known))).toBe(hash(large));
  const streamed = await send(agent, {
    method: 'POST',
    write(outgoing) {
      for (let at = 0; at < large.length; at += 100_000) outgoing.write(large.subarray(at, at + 100_000));
      outgoing.end();
    },
  }).answer;
  expect(streamed.headers['x-framing']).toBe('chunked');
  expect(hash(await buffer(streamed))).toBe(hash(large));
  expect(await text(await send(agent, { method: 'POST', body: 'grüße' }).answer)).toBe('grüße');
  const empty = await send(agent, { method: 'POST' }).answer;
  expect([empty.headers['x-framing'], await text(empty)]).toEqual(['0', '']);
  expect(web.connections()).toBe(1);
});

test('a reader that stops reading stops the sender', async () => {
  let written = 0;
  const web = await serve((_, response) => {
    const more = (): void => {
      while (written < 200_000_000) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  });
  const stream = await send(agentFor(web.port)).answer;
  let before = -1;
  while (before !== written) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  expect(written).toBeLessThan(40_000_000);
  stream.destroy();
});

test('no more connections than allowed: calls wait for their turn, in order', async () => {
  let open = 0;
  let most = 0;
  const web = await serve((incoming, response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.end(incoming.url);
    }, 10);
  });
  const agent = agentFor(web.port, { maxConnections: 3 });
  const order: string[] = [];
  await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      order.push(await text(await send(agent, { path: `/${index}` }).answer));
    }),
  );
  expect(most).toBe(3);
  expect(order.slice(0, 3).sort()).toEqual(['/0', '/1', '/2']);
  expect(web.connections()).toBe(3);
});

test('what breaks is told once: refused, reset before and within the answer, no HTTP', async () => {
  const none = await serveTcp(() => {});
  const closedPort = await (async () => {
    const port = await serveTcp(() => {});
    await ends.pop()?.();
    return port;
  })();
  expect(none).toBeGreaterThan(0);
  const refused = send(agentFor(closedPort));
  await expect(refused.answer).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await refused.closed;
  expect(refused.told).toEqual(['error ECONNREFUSED', 'close']);

  const hangUp = send(agentFor(await serveTcp((socket) => socket.once('data', () => socket.end()))));
  await expect(hangUp.answer).rejects.toMatchObject({ code: 'ECONNRESET' });

  const rubbish = send(agentFor(await serveTcp((socket) => socket.once('data', () => socket.write('what?\r\n\r\n')))));
  await expect(rubbish.answer).rejects.toMatchObject({ code: 'EBADANSWER' });

  const half = send(
    agentFor(
      await serveTcp((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')),
      ),
    ),
  );
  const stream = await half.answer;
  await expect(text(stream)).rejects.toMatchObject({ code: 'ECONNRESET' });
  await half.closed;
  expect(stream.complete).toBe(false);
  expect(half.told).toEqual(['answer', 'error ECONNRESET', 'close']);
});

test('a call that is broken off frees its place, while it waits, before the answer and within it', async () => {
  const web = await serve((incoming, response) => {
    if (incoming.url === '/half') response.write('half');
    else if (incoming.url !== '/hang') response.end('ok');
  });
  const agent = agentFor(web.port, { maxConnections: 1 });
  const hanging = send(agent, { path: '/hang' });
  const waiting = send(agent, { path: '/waits' });
  waiting.breakOff(new Error('enough'));
  await waiting.closed;
  expect(waiting.told).toEqual(['error enough', 'close']);
  hanging.breakOff(new Error('enough'));
  expect(hanging.told).toEqual(['error enough', 'close']);
  const half = send(agent, { path: '/half' });
  (await half.answer).once('data', () => half.breakOff(new Error('enough')));
  await half.closed;
  expect(half.told).toEqual(['answer', 'error enough', 'close']);
  expect(await text(await send(agent).answer)).toBe('ok');
});

test('a connection that the server closed while it was idle is not used again', async () => {
  const sockets: Socket[] = [];
  const port = await serveTcp((socket) => {
    sockets.push(socket);
    socket.on('data', () => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
  });
  const agent = agentFor(port);
  (await send(agent).answer).resume();
  await expect.poll(() => sockets.length).toBe(1);
  sockets[0]?.end();
  await once(sockets[0] as Socket, 'close');
  await expect.poll(async () => (await send(agent).answer).resume().statusCode).toBe(204);
  expect(sockets.length).toBe(2);
});

test('an answer that comes before the request was sent takes the connection with it', async () => {
  const web = await serve((_, response) => response.writeHead(413).end('too long'));
  const agent = agentFor(web.port);
  const early = await send(agent, { method: 'POST', write: (outgoing) => void outgoing.write('begins and never ends') })
    .answer;
  expect([early.statusCode, await text(early)]).toEqual([413, 'too long']);
  expect((await send(agent).answer).resume().statusCode).toBe(413);
  expect(web.connections()).toBe(2);
});

test('what would end a line early is refused, and nothing is sent', async () => {
  const web = await serve((_, response) => response.end());
  const agent = agentFor(web.port);
  const refused = (call: Partial<HttpCall>): unknown => {
    try {
      agent.send({ method: 'GET', path: '/', ...call, onAnswer() {}, onError() {}, onClose() {} });
      return null;
    } catch (error) {
      return error;
    }
  };
  expect(refused({ path: '/a b' })).toBeInstanceOf(TypeError);
  expect(refused({ path: '/a\r\nX: y' })).toBeInstanceOf(TypeError);
  expect(refused({ method: 'GET /' })).toBeInstanceOf(TypeError);
  expect(refused({ headers: { 'x y': '1' } })).toBeInstanceOf(TypeError);
  expect(refused({ headers: { x: 'a\r\nb: c' } })).toBeInstanceOf(TypeError);
  expect(web.connections()).toBe(0);
});

test('without keep-alive each call has a connection of its own', async () => {
  const web = await serve((incoming, response) => response.end(incoming.headers.connection));
  const agent = agentFor(web.port, { keepAlive: false });
  for (let i = 0; i < 3; i += 1) expect(await text(await send(agent).answer)).toBe('close');
  expect(web.connections()).toBe(3);
});
