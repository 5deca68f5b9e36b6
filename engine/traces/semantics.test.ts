import { expect, test } from 'vitest';
import type { SpanRecord } from '../process-kit/tracing-record.ts';
import { saySpan, summaryOf } from './semantics.ts';

const record = (changes: Partial<SpanRecord>): SpanRecord => ({
  traceId: '1'.repeat(32),
  spanId: '2'.repeat(16),
  parentId: null,
  type: 'server',
  startMs: 0,
  durationMs: 1,
  flags: 0,
  ...changes,
});

test('a request that came in is a server span, named by its route and not by its path', () => {
  expect(saySpan(record({ method: 'GET', target: '/orders/7?full=1', route: '/orders/:id', status: 200 }))).toEqual({
    name: 'GET /orders/:id',
    kind: 'server',
    error: null,
    attributes: {
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'url.path': '/orders/7',
      'url.query': 'full=1',
      'http.route': '/orders/:id',
      'http.response.status_code': 200,
      'network.protocol.version': '1.1',
    },
  });
  expect(saySpan(record({ method: 'GET', target: '/orders/7' })).name).toBe('GET');
  expect(saySpan(record({ method: 'BREW', target: '/' }))).toMatchObject({
    name: 'HTTP',
    attributes: { 'http.request.method': '_OTHER' },
  });
});

test('an attempt of a call is a client span that names the link it used and the node behind it', () => {
  const attempt = { type: 'call' as const, method: 'POST', target: '/pay', edge: 'a-b', peer: 'b', port: 4711 };
  expect(saySpan(record({ ...attempt, status: 200, resend: 1 }))).toMatchObject({
    name: 'POST',
    kind: 'client',
    error: null,
    attributes: {
      'server.address': '127.0.0.1',
      'server.port': 4711,
      'service.peer.name': 'b',
      'url.full': 'http://127.0.0.1:4711/pay',
      'http.request.resend_count': 1,
      'archipel.edge': 'a-b',
    },
  });
});

test('a query is a client span of PostgreSQL, named by a summary of its text', () => {
  const query = { type: 'query' as const, target: 'SELECT * FROM orders WHERE id = $1', peer: 'db', port: 5, rows: 3 };
  expect(saySpan(record(query))).toMatchObject({
    name: 'SELECT orders',
    kind: 'client',
    attributes: {
      'db.system.name': 'postgresql',
      'db.query.text': query.target,
      'db.query.summary': 'SELECT orders',
      'db.response.returned_rows': 3,
      'service.peer.name': 'db',
    },
  });
});

test('a command of a cache is a client span of Redis, named by the command', () => {
  expect(saySpan(record({ type: 'cache', method: 'GET', target: 'user:7', peer: 'cache', port: 5 }))).toMatchObject({
    name: 'GET',
    kind: 'client',
    attributes: { 'db.system.name': 'redis', 'db.operation.name': 'GET', 'db.query.text': 'GET user:7' },
  });
});

test.each([
  ['insert into "Orders" (id) values ($1)', 'INSERT "Orders"'],
  ['update shop.stock set n = n - 1', 'UPDATE shop.stock'],
  ['  (select 1)', 'SELECT'],
  ['create table if not exists users (id int)', 'CREATE users'],
  ['-- nothing', ''],
])('sums up %s as %s', (sql, summary) => {
  expect(summaryOf(sql)).toBe(summary);
});

test('an attempt that its own caller gave up is no error, and says so', () => {
  const lost = { type: 'call' as const, failure: { reason: 'cancelled' as const, hop: 'a-b' } };
  expect(saySpan(record(lost))).toMatchObject({ error: null, attributes: { 'archipel.failure.reason': 'cancelled' } });
});

test('an error has one class: our reason where there is one, else the status; a 4xx is the error of the caller alone', () => {
  const failure = { reason: 'timeout' as const, hop: 'orders-db' };
  expect(saySpan(record({ status: 504, failure }))).toMatchObject({
    error: 'timeout',
    attributes: { 'error.type': 'timeout', 'archipel.failure.hop': 'orders-db' },
  });
  expect(saySpan(record({ status: 500 })).error).toBe('500');
  expect(saySpan(record({ status: 404 })).error).toBeNull();
  expect(saySpan(record({ type: 'call', status: 404 })).error).toBe('404');
});
