import { expect, it } from 'vitest';
import { type Entry, entriesOf } from './stream-entries.ts';

const first: Entry[] = [
  ['1-0', ['message', 'a']],
  ['1-1', ['message', 'b']],
];
const second: Entry[] = [['2-0', null]];

it.each([
  [
    'pairs',
    [
      ['events', first],
      ['log', second],
    ],
  ],
  [
    'a map',
    new Map([
      ['events', first],
      ['log', second],
    ]),
  ],
  ['an object', { events: first, log: second }],
  ['names and entries in turns', ['events', first, 'log', second]],
])('entries are those of all streams, and nothing but entries, given as %s', (_, answer) => {
  expect(entriesOf(answer)).toEqual([...first, ...second]);
});

it('there are none where nothing came', () => {
  expect([entriesOf(null), entriesOf(undefined), entriesOf([]), entriesOf(['events', []])]).toEqual([[], [], [], []]);
});
