import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAnswerReader } from './answer-reader.ts';

/** Reads the bytes in these pieces, all through one buffer that is used again, and tells what it made of them. */
function read(text: string, cuts: readonly number[] = [], method = 'GET') {
  const bytes = Buffer.from(text, 'latin1');
  const heads: { status: number; headers: object }[] = [];
  let body = '';
  const ends: boolean[] = [];
  const reader = createAnswerReader({
    head: (status, headers) => heads.push({ status, headers }),
    body: (piece) => {
      body += piece.toString('latin1');
    },
    end: (closes) => ends.push(closes),
  });
  reader.expect(method);
  const buffer = Buffer.alloc(bytes.length + 1);
  const places = [0, ...[...new Set(cuts)].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  let sound = true;
  for (let i = 1; i < places.length && sound; i += 1) {
    const piece = bytes.subarray(places[i - 1], places[i]);
    piece.copy(buffer);
    sound = reader.feed(buffer, piece.length);
    buffer.fill('?');
  }
  return { sound, heads, body, ends, ended: () => reader.endOfStream() };
}

const answers: [string, string, { body: string; closes: boolean; status?: number }][] = [
  ['of known length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', { body: 'hello', closes: false }],
  [
    'in chunks, with extensions and a trailer',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n, it is me\r\n0\r\nX: y\r\n\r\n',
    { body: 'hello, it is me', closes: false },
  ],
  ['without a body', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', { body: '', closes: false, status: 204 }],
  [
    'after interim ones',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n',
    { body: '', closes: false, status: 201 },
  ],
  ['with bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', { body: 'ok', closes: false }],
  ['that closes', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok', { body: 'ok', closes: true }],
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', { body: 'ok', closes: true }],
];

test.each(answers)('reads an answer %s, however it is cut', (_, text, { body, closes, status = 200 }) => {
  fc.assert(
    fc.property(fc.array(fc.nat(200), { maxLength: 12 }), (cuts) => {
      const found = read(text, cuts);
      expect(found).toMatchObject({ sound: true, body, ends: [closes] });
      expect(found.heads.map((head) => head.status)).toEqual([status]);
    }),
    { numRuns: 60 },
  );
});

test('an answer to HEAD has no body, whatever length it tells', () => {
  expect(read('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', [], 'HEAD')).toMatchObject({ body: '', ends: [false] });
});

test('an answer without a length ends with its connection', () => {
  const found = read('HTTP/1.1 200 OK\r\n\r\nall that comes');
  expect(found).toMatchObject({ sound: true, body: 'all that comes', ends: [] });
  expect(found.ended()).toBe(true);
  expect(found.ends).toEqual([true]);
});

test('repeated headers are joined, kept apart or left out, as node:http does it', () => {
  const head =
    'HTTP/1.1 200 OK\r\nVary: a\r\nVARY: b\r\nSet-Cookie: x=1\r\nSet-Cookie: y=2\r\nServer: one\r\nServer: two\r\nContent-Length: 0\r\n\r\n';
  expect(read(head).heads[0]?.headers).toEqual({
    vary: 'a, b',
    'set-cookie': ['x=1', 'y=2'],
    server: 'one',
    'content-length': '0',
  });
});

test.each([
  ['no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
  ['a status that is none', 'HTTP/1.1 2x0 OK\r\n\r\n'],
  ['other protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ['a line that is no header', 'HTTP/1.1 200 OK\r\nhello\r\n\r\n'],
  ['a folded line', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n'],
  ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n'],
  ['two lengths in one', 'HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n'],
  ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n'],
  ['a chunk that does not end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n'],
  ['more than was asked for', 'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
  ['a head without end', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(12_000)}`],
])('refuses %s', (_, text) => {
  expect(read(text).sound).toBe(false);
});

test('whatever comes, it is read or refused, and never more than once ended', () => {
  const nearly = fc
    .tuple(fc.constantFrom(...answers.map(([, text]) => text)), fc.nat(300), fc.string({ maxLength: 3 }))
    .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + put.length));
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), nearly),
      fc.array(fc.nat(300), { maxLength: 5 }),
      (text, cuts) => {
        expect(read(text, cuts).ends.length).toBeLessThanOrEqual(1);
      },
    ),
  );
});
