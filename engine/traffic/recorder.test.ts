import { expect, test } from 'vitest';
import { createHistogram, mergeSparse, percentileMs } from '../metrics/histogram.ts';
import { createRecorder } from './recorder.ts';

test('a request counts in the slice of its intended start, however late it ends', () => {
  const recorder = createRecorder({ routes: 2 });
  const early = recorder.cellOf(99.9, 0);
  const late = recorder.cellOf(100, 1);
  for (const cell of [early, late]) recorder.issued(cell);
  recorder.cellOf(950, 0);
  recorder.ok(early, 700);
  recorder.failed(late, 'timeout', 'front-shop');
  const [first, second] = recorder.takeChanged();
  expect(first).toMatchObject({ slice: 0, route: 0, issued: 1, ok: 1, dropped: 0, failed: {} });
  expect(second).toMatchObject({
    slice: 1,
    route: 1,
    issued: 1,
    ok: 0,
    failed: { 'timeout@front-shop': 1 },
    latency: [],
  });
  const histogram = createHistogram();
  mergeSparse(histogram, first?.latency ?? []);
  expect(percentileMs(histogram, 100)).toBe(700);
});

test('only slices that changed are sent, with all that they hold', () => {
  const recorder = createRecorder({ routes: 1 });
  const cells = [1, 2, 3].map(() => recorder.cellOf(10, 0));
  for (const cell of cells) recorder.issued(cell);
  expect(recorder.takeChanged()).toMatchObject([{ issued: 3, ok: 0 }]);
  expect(recorder.takeChanged()).toEqual([]);
  for (const cell of cells) recorder.ok(cell, 5);
  const [slice] = recorder.takeChanged();
  expect(slice).toMatchObject({ issued: 3, ok: 3 });
  expect(recorder.takeChanged()).toEqual([]);
});

test('a slice that is over gives its histogram to a later one, empty', () => {
  const recorder = createRecorder({ routes: 1 });
  const sent = [0, 100, 200, 300].map((sinceStartMs) => {
    const cell = recorder.cellOf(sinceStartMs, 0);
    recorder.issued(cell);
    recorder.ok(cell, sinceStartMs + 1);
    return recorder.takeChanged();
  });
  expect(sent.map((slices) => slices.map(({ slice, latency }) => [slice, latency.at(-1)]))).toEqual([
    [[0, 1000]],
    [[1, 101_000]],
    [[2, 201_000]],
    [[3, 301_000]],
  ]);
});
