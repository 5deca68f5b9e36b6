import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { edgeConfigSchema } from '../model/edge.ts';
import { createAddressBook } from './address-book.ts';
import type { WiredEdge } from './protocol.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const edge = (id: string, ports: number[], timeoutMs = 1000): WiredEdge => ({
  ...{ id, targetId: `${id}-target`, protocol: 'http', ports },
  config: edgeConfigSchema.parse({ timeoutMs }),
});

function world(...first: WiredEdge[]) {
  let used = first;
  const book = createAddressBook(first, (edges) => {
    used = edges;
  });
  return { book, ports: () => Object.fromEntries(used.map(({ id, ports }) => [id, ports])), used: () => used };
}

it('tells each change at once while nobody holds any back', () => {
  const { book, ports } = world(edge('a', [1]));
  book.publish([edge('a', [1, 2]), edge('b', [3])]);
  expect(ports()).toEqual({ a: [1, 2], b: [3] });
  expect(book.heldBack()).toBe(0);
});

it('holds back addresses and nothing else, of edges that it is told to', () => {
  const { book, ports, used } = world(edge('a', [1]), edge('b', [5]));
  book.holdBack(({ id }) => (id === 'a' ? 1000 : 0));
  book.publish([edge('a', [1, 2], 77), edge('b', [6]), edge('new', [9])]);
  expect(ports()).toEqual({ a: [1], b: [6], new: [9] });
  expect(used()[0]?.config.timeoutMs).toBe(77);
  expect([book.isOutOfDate('a'), book.isOutOfDate('b'), book.heldBack()]).toEqual([true, false, 1]);
});

it('lets each change arrive so long after it was made, in order', async () => {
  const { book, ports } = world(edge('a', [1]));
  book.holdBack(() => 1000);
  book.publish([edge('a', [2])]);
  await vi.advanceTimersByTimeAsync(600);
  book.publish([edge('a', [3])]);
  // The same list again is no change.
  book.publish([edge('a', [3])]);
  await vi.advanceTimersByTimeAsync(399);
  expect(ports()).toEqual({ a: [1] });
  await vi.advanceTimersByTimeAsync(1);
  expect(ports()).toEqual({ a: [2] });
  await vi.advanceTimersByTimeAsync(600);
  expect(ports()).toEqual({ a: [3] });
  expect([book.outOfDate(), book.heldBack()]).toEqual([0, 2]);
});

it('tells the newest when the last one lets go, and nothing later', async () => {
  const { book, ports } = world(edge('a', [1]));
  const [one, other] = [book.holdBack(() => 1000), book.holdBack(() => 2000)];
  book.publish([edge('a', [2])]);
  book.publish([edge('a', [3])]);
  one();
  expect(ports()).toEqual({ a: [1] });
  other();
  expect(ports()).toEqual({ a: [3] });
  book.publish([edge('a', [4])]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(ports()).toEqual({ a: [4] });
});

it('forgets an edge that is removed', async () => {
  const { book, ports } = world(edge('a', [1]));
  book.holdBack(() => 1000);
  book.publish([edge('a', [2])]);
  book.publish([]);
  expect(ports()).toEqual({});
  await vi.advanceTimersByTimeAsync(2000);
  expect([ports(), book.outOfDate()]).toEqual([{}, 0]);
});
