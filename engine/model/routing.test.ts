import { expect, test } from 'vitest';
import type { Binding, Destination, Routing } from './broker.ts';
import { keepersOf } from './routing.ts';

const binding = (to: string, more: Partial<Binding> = {}): Binding => ({
  to,
  key: '',
  headers: {},
  match: 'all',
  ...more,
});
const exchange = (name: string, type: Routing['type'], ...bindings: Binding[]): Destination => ({
  ...{ name, pattern: 'exchange', maxLength: null, acks: [], setsAside: false, takes: ['routing'] },
  routing: { type, bindings },
});
const queue = (name: string): Destination => ({
  ...{ name, pattern: 'queue', maxLength: null, acks: ['after'], setsAside: true, takes: [] },
});
const reached = (of: Destination[], routingKey = '', headers = {}): string[] =>
  keepersOf((of[0] as Destination).name, { routingKey, headers }, [...of, queue('a'), queue('b')]);

test('a queue keeps what is published to it', () => {
  expect(reached([queue('a')], 'b')).toEqual(['a']);
});

test('a direct exchange chooses by the routing key, a fanout takes all that are bound, each once', () => {
  const direct = exchange('direct', 'direct', binding('a', { key: 'x' }), binding('b', { key: 'y' }));
  expect(reached([direct], 'y')).toEqual(['b']);
  expect(reached([direct], 'z')).toEqual([]);
  expect(reached([exchange('all', 'fanout', binding('a'), binding('b'), binding('a', { key: 'x' }))])).toEqual([
    'a',
    'b',
  ]);
});

test.each([
  ['order.*', 'order.created', true],
  ['order.*', 'order.created.eu', false],
  ['order.*', 'order', false],
  ['order.#', 'order', true],
  ['order.#', 'order.created.eu', true],
  ['#.eu', 'order.created.eu', true],
  ['#', '', true],
  ['', '', true],
  ['*', '', false],
  ['*.created.#', 'order.created', true],
])('the topic "%s" fits "%s": %s', (key, routingKey, fits) => {
  expect(reached([exchange('topic', 'topic', binding('a', { key }))], routingKey)).toEqual(fits ? ['a'] : []);
});

test('a headers exchange wants all of them, or any', () => {
  const headers = { region: 'eu', kind: 'order' };
  const of = (match: Binding['match']) => exchange('headers', 'headers', binding('a', { headers, match }));
  expect(reached([of('all')], '', { region: 'eu' })).toEqual([]);
  expect(reached([of('any')], '', { region: 'eu' })).toEqual(['a']);
  expect(reached([of('all')], '', { ...headers, more: '1' })).toEqual(['a']);
});

test('exchanges that are bound to each other hand on, and a circle ends', () => {
  const first = exchange('first', 'fanout', binding('second'), binding('a'));
  const second = exchange('second', 'fanout', binding('first'), binding('a'), binding('b'));
  expect(reached([first, second])).toEqual(['a', 'b']);
});
