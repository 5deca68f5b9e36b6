import { expect, it } from 'vitest';
import type { LogLine } from '../../engine/api/types.ts';
import { filterLines, markedParts, soughtAmong } from './log-filter.ts';

const line = (nodeId: string, text: string, stream: LogLine['stream'] = 'stdout'): LogLine => ({
  atMs: 0,
  nodeId,
  replica: 0,
  stream,
  text,
});

const lines = [
  line('orders', 'Listening on 127.0.0.1:4000'),
  line('orders', 'query failed: timeout', 'stderr'),
  line('users', 'GET /users timeout', 'stdout'),
  line('users', 'started', 'engine'),
];

const found = (text: string, stream: LogLine['stream'] | null = null) =>
  filterLines(lines, { text, stream }).map((one) => one.text);

it('every word must occur, in the text or as the node, in any case', () => {
  expect(found('TIMEOUT')).toHaveLength(2);
  expect(found('timeout orders')).toEqual(['query failed: timeout']);
  expect(found('"failed: timeout"')).toEqual(['query failed: timeout']);
  expect(found('timeout -users')).toEqual(['query failed: timeout']);
  expect(found('.')).toEqual(['Listening on 127.0.0.1:4000']);
});

it('one stream can be chosen, and an empty search finds all', () => {
  expect(found('', 'engine')).toEqual(['started']);
  expect(found('   ')).toHaveLength(4);
});

it('marks what was found, as it was written', () => {
  expect(markedParts('Query (failed): Failed', 'failed')).toEqual(['Query (', 'failed', '): ', 'Failed', '']);
  expect(markedParts('a (b', '(b -a')).toEqual(['a ', '(b', '']);
  expect(markedParts('plain', '')).toEqual(['plain']);
});

it('what a probe found is marked, and of lines that are alike no more than it found', () => {
  const at = (atMs: number, text: string, replica = 0): LogLine => ({ ...line('shop', text), atMs, replica });
  const all = [at(1, 'sold one'), at(2, 'sold one'), at(2, 'sold one'), at(2, 'sold one', 1), at(3, 'lost')];
  expect([...soughtAmong(all, [at(2, 'sold'), at(3, 'lost'), at(4, 'gone')])]).toEqual([all[1], all[4]]);
  expect(soughtAmong(all, [at(2, 'sold'), at(2, 'sold'), at(2, 'sold')])).toEqual(new Set(all.slice(1, 3)));
});
