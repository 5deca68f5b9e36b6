import { expect, test } from 'vitest';
import { createResponseParser } from './response-parser.ts';

/** Feeds an answer in pieces of a size, through one reused buffer as a socket does. */
function parse(text: string, pieceSize: number) {
  const parser = createResponseParser();
  const buffer = Buffer.alloc(pieceSize);
  const results: string[] = [];
  for (let at = 0; at < text.length; at += pieceSize) {
    const length = buffer.write(text.slice(at, at + pieceSize), 'latin1');
    const result = parser.feed(buffer, length);
    if (result !== 'more') results.push(result);
  }
  return {
    results,
    status: parser.status,
    closes: parser.closes,
    reason: parser.failureReason,
    hop: parser.failureHop,
    ended: parser.endOfStream(),
  };
}

const answers: [name: string, text: string, expected: Partial<ReturnType<typeof parse>>][] = [
  [
    'a length',
    'HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello',
    { results: ['done'], status: 200, closes: false },
  ],
  ['an empty body', 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n', { results: ['done'], status: 404 }],
  ['no body by status', 'HTTP/1.1 204 No Content\r\n\r\n', { results: ['done'], status: 204, closes: false }],
  [
    'chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhel\n\r\r\nB\r\n\r\n012345678\r\n0\r\n\r\n',
    { results: ['done'] },
  ],
  [
    'chunks and trailers',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\nEtag: 1\r\nX: 2\r\n\r\n',
    { results: ['done'] },
  ],
  [
    'an interim answer first',
    'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok',
    { results: ['done'], status: 201 },
  ],
  [
    'a close',
    'HTTP/1.1 500 Oops\r\nConnection: Close\r\nContent-Length: 1\r\n\r\nx',
    { results: ['done'], status: 500, closes: true },
  ],
  ['an old version', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', { results: ['done'], closes: true }],
  [
    'a failure handed on',
    'HTTP/1.1 502 Bad\r\nX-Archipel-Failure-Reason: timeout\r\nx-archipel-failure-hop: orders-db\r\ncontent-length: 0\r\n\r\n',
    { results: ['done'], status: 502, reason: 'timeout', hop: 'orders-db' },
  ],
  [
    'a body up to the end of the connection',
    'HTTP/1.1 200 OK\r\n\r\nas long as it takes',
    { results: [], status: 200, closes: true, ended: true },
  ],
  ['a body that is short', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour', { results: [], ended: false }],
];

test.each(answers)('reads an answer with %s, whatever the pieces it comes in', (_, text, expected) => {
  for (let pieceSize = 1; pieceSize <= text.length; pieceSize += 1)
    expect(parse(text, pieceSize), `pieces of ${pieceSize}`).toMatchObject(expected);
});

test.each([
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['a status that is no number', 'HTTP/1.1 abc\r\n\r\n'],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n'],
  ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ['more than was asked for', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n\r\n'],
  ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`],
])('says that %s is bad', (_, text) => {
  expect(parse(text, text.length).results).toEqual(['bad']);
});

test('reads an answer again whose head is the one before', () => {
  const parser = createResponseParser();
  const [failed, empty] = [
    'HTTP/1.1 502 Bad\r\nx-archipel-failure-reason: reset\r\nx-archipel-failure-hop: orders\r\ncontent-length: 2\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
  ] as const;
  for (const [head, body] of [
    [failed, 'ok'],
    [empty, ''],
  ] as const)
    for (let again = 0; again < 3; again += 1) {
      const bytes = Buffer.from(head + body);
      expect(parser.feed(bytes, bytes.length)).toBe('done');
      expect(parser).toMatchObject(
        body ? { status: 502, failureReason: 'reset', failureHop: 'orders' } : { status: 204, failureReason: null },
      );
      const short = Buffer.from(head.slice(0, -1));
      expect(parser.feed(short, short.length)).toBe('more');
      const rest = Buffer.from(`\n${body}`);
      expect(parser.feed(rest, rest.length)).toBe('done');
    }
});

test('keeps nothing of one answer for the next', () => {
  const parser = createResponseParser();
  const first = Buffer.from(
    'HTTP/1.1 502 Bad\r\nx-archipel-failure-reason: reset\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
  );
  const second = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  expect(parser.feed(first, first.length)).toBe('done');
  expect(parser.feed(second, second.length)).toBe('done');
  expect(parser).toMatchObject({ status: 200, closes: false, failureReason: null, failureHop: null });
});
