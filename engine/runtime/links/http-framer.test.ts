import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createHttpFramer } from './http-framer.ts';
import type { HttpHead } from './http-head.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

interface Message {
  head: HttpHead;
  body: string;
}

/** Reads the bytes in such pieces. `methods`: those of the requests that the responses answer. */
function read(side: 'request' | 'response', bytes: Buffer, cuts: readonly number[], methods: readonly string[] = []) {
  const messages: Message[] = [];
  const all: Buffer[] = [];
  let opaque = '';
  let open: Message | null = null;
  const framer = createHttpFramer(side, {
    head(head, raw) {
      all.push(raw);
      open = { head, body: '' };
      const isBodyless =
        side === 'response' && (methods[messages.length] === 'HEAD' || [204, 304].includes(head.status));
      return isBodyless ? 'no-body' : 'body';
    },
    data(part) {
      all.push(part);
      if (open) open.body += part.toString('latin1');
    },
    framing: (part) => all.push(part),
    end() {
      messages.push(open as Message);
      open = null;
    },
    opaque(part) {
      all.push(part);
      opaque += part.toString('latin1');
    },
  });
  let at = 0;
  for (const cut of [...new Set(cuts.map((share) => Math.floor(share * bytes.length))), bytes.length].sort(
    (a, b) => a - b,
  )) {
    framer.push(bytes.subarray(at, cut));
    at = cut;
  }
  framer.end();
  return { messages, opaque, all: Buffer.concat(all) };
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });
const text = fc.string({
  unit: fc.constantFrom('a', 'Z', '0', '\r', '\n', ' ', ':', 'GET / HTTP/1.1\r\n\r\n'),
  maxLength: 60,
});
const framed = fc.oneof(
  fc.record({ type: fc.constant('none' as const) }),
  fc.record({ type: fc.constant('length' as const), body: text }),
  fc.record({
    type: fc.constant('chunked' as const),
    chunks: fc.array(
      text.filter((chunk) => chunk !== ''),
      { maxLength: 4 },
    ),
  }),
);
const path = fc
  .string({ unit: fc.constantFrom('a', '/', '%20', '?', '=', '&', '-'), maxLength: 20 })
  .map((rest) => `/${rest}`);
const header = fc.tuple(
  fc.constantFrom('x-a', 'X-B', 'Accept'),
  fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', ';'), maxLength: 10 }),
);

const requests = fc.array(
  fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'DELETE'),
    path,
    header,
    framed,
    trailer: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

type Sent = typeof requests extends fc.Arbitrary<(infer Value)[]> ? Value : never;

const written = ({ method, path: target, header: [name, value], framed: body, trailer }: Sent): string => {
  const start = `${method} ${target} HTTP/1.1\r\nhost: test\r\n${name}: ${value}\r\n`;
  if (body.type === 'none') return `${start}\r\n`;
  if (body.type === 'length') return `${start}Content-Length: ${body.body.length}\r\n\r\n${body.body}`;
  const chunks = body.chunks.map((chunk) => `${chunk.length.toString(16)};ext=1\r\n${chunk}\r\n`).join('');
  return `${start}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n${trailer ? 'x-end: 1\r\n' : ''}\r\n`;
};

test('finds the same requests as node:http in pipelined bytes, however they are split, and loses no byte', async () => {
  let seen: { method: string | undefined; url: string | undefined; body: string }[] = [];
  const port = await listen(
    createServer((request, response) => {
      let body = '';
      request.setEncoding('latin1').on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, body });
        response.end();
      });
    }),
  );
  await fc.assert(
    fc.asyncProperty(requests, cuts, async (sent, splits) => {
      seen = [];
      const bytes = Buffer.from(sent.map(written).join(''), 'latin1');
      const socket = connect(port, '127.0.0.1');
      socket.end(bytes);
      socket.resume();
      await once(socket, 'close');
      const { messages, opaque, all } = read('request', bytes, splits);
      expect(all.equals(bytes)).toBe(true);
      expect(opaque).toBe('');
      expect(messages.map(({ head, body }) => ({ method: head.method, url: head.target, body }))).toEqual(seen);
      expect(seen).toHaveLength(sent.length);
    }),
    { numRuns: 150 },
  );
});

test('finds the answers that node:http wrote, with and without a body, however they are split', async () => {
  const answer = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'POST'),
    status: fc.constantFrom(200, 204, 304, 404, 500),
    framed,
  });
  type Answered = typeof answer extends fc.Arbitrary<infer Value> ? Value : never;
  let plan: Answered[] = [];
  const port = await listen(
    createServer((request, response) => {
      request.resume();
      const { status, framed: body } = plan[Number(request.url?.slice(1))] as (typeof plan)[number];
      response.statusCode = status;
      if (body.type === 'length') response.end(Buffer.from(body.body, 'latin1'));
      else {
        if (body.type === 'chunked') for (const chunk of body.chunks) response.write(Buffer.from(chunk, 'latin1'));
        response.end();
      }
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 5 }), cuts, async (wanted, splits) => {
      plan = wanted;
      const socket = connect(port, '127.0.0.1');
      const received: Buffer[] = [];
      socket.on('data', (part) => received.push(part));
      socket.end(wanted.map(({ method }, index) => `${method} /${index} HTTP/1.1\r\nhost: test\r\n\r\n`).join(''));
      await once(socket, 'close');
      const bytes = Buffer.concat(received);
      const { messages, all } = read(
        'response',
        bytes,
        splits,
        wanted.map(({ method }) => method),
      );
      expect(all.equals(bytes)).toBe(true);
      expect(messages.map(({ head, body }) => [head.status, body])).toEqual(
        wanted.map(({ method, status, framed: body }) => {
          const isBodyless = method === 'HEAD' || status === 204 || status === 304;
          const sent = body.type === 'length' ? body.body : body.type === 'chunked' ? body.chunks.join('') : '';
          return [status, isBodyless ? '' : sent];
        }),
      );
    }),
    { numRuns: 150 },
  );
});

test('whatever comes, every byte goes on in its order', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.array(text, { maxLength: 5 }).map((parts) => Buffer.from(parts.join(''), 'latin1')),
    fc.tuple(requests, text).map(([sent, rest]) => Buffer.from(sent.map(written).join('') + rest, 'latin1')),
  );
  fc.assert(
    fc.property(noise, cuts, fc.constantFrom('request' as const, 'response' as const), (bytes, splits, side) => {
      expect(read(side, bytes, splits).all.equals(bytes)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['lengths that differ', 'POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ['a coding that nobody knows', 'POST / HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\nab'],
  ['a size that is none', 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a head without an end', `GET / HTTP/1.1\r\nx: ${'a'.repeat(70_000)}`],
])('gives up on %s, and lets it pass', (_, sent) => {
  const bytes = Buffer.from(sent, 'latin1');
  const { messages, opaque, all } = read('request', bytes, [0.3, 0.6]);
  expect(messages).toEqual([]);
  expect(opaque).not.toBe('');
  expect(all.equals(bytes)).toBe(true);
});

test('a body without a length ends with the connection; one whose length is told twice alike is read', () => {
  const { messages } = read('response', Buffer.from('HTTP/1.1 200 OK\r\n\r\nall of it'), [0.5, 0.9]);
  expect(messages).toMatchObject([{ head: { status: 200 }, body: 'all of it' }]);
  const twice = 'POST / HTTP/1.1\r\ncontent-length: 2, 2\r\nContent-Length: 2\r\n\r\nab';
  expect(read('request', Buffer.from(twice), []).messages).toMatchObject([{ body: 'ab' }]);
});
