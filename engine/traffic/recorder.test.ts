import { expect, test } from 'vitest';
import { createHistogram, mergeSparse, percentileMs, type SparseHistogram } from '../metrics/histogram.ts';
import { createRecorder } from './recorder.ts';

const maxOf = (sparse: SparseHistogram): number | null => {
  const histogram = createHistogram();
  mergeSparse(histogram, sparse);
  return percentileMs(histogram, 100);
};

test('a request counts in the slice of its intended start, however late it ends', () => {
  const recorder = createRecorder({ routes: 2 });
  const early = recorder.cellOf(99.9, 0, 0);
  const late = recorder.cellOf(100, 1, 0);
  for (const cell of [early, late]) recorder.issued(cell);
  recorder.cellOf(950, 0, 0);
  recorder.ok(early, 700, 200);
  recorder.failed(late, 'timeout', 'front-shop');
  const [first, second] = recorder.takeChanged(900).slices;
  expect(first).toMatchObject({ slice: 0, route: 0, issued: 1, ok: 1, dropped: 0, failed: {} });
  expect(second).toMatchObject({
    slice: 1,
    route: 1,
    issued: 1,
    ok: 0,
    failed: { 'timeout@front-shop': 1 },
    latency: [],
    uncorrected: [],
  });
  expect(maxOf(first?.latency ?? [])).toBe(700);
  expect(maxOf(first?.uncorrected ?? [])).toBe(200);
});

test('only slices that changed are sent, with all that they hold', () => {
  const recorder = createRecorder({ routes: 1 });
  const cells = [1, 2, 3].map(() => recorder.cellOf(10, 0, 0.5));
  for (const cell of cells) recorder.issued(cell);
  expect(recorder.takeChanged(20)).toMatchObject({
    slices: [{ issued: 3, ok: 0 }],
    lateness: [{ slice: 0, histogram: [expect.any(Number), 3, -1, 500] }],
  });
  expect(recorder.takeChanged(30)).toEqual({ slices: [], lateness: [] });
  for (const cell of cells) recorder.ok(cell, 5, 5);
  const { slices, lateness } = recorder.takeChanged(40);
  expect(slices).toMatchObject([{ issued: 3, ok: 3 }]);
  expect(lateness).toEqual([]);
});

test('a slice that is over gives its histograms to a later one, empty', () => {
  const recorder = createRecorder({ routes: 1 });
  const sent = [0, 100, 200, 300].map((sinceStartMs) => {
    const cell = recorder.cellOf(sinceStartMs, 0, sinceStartMs / 100);
    recorder.issued(cell);
    recorder.ok(cell, sinceStartMs + 1, sinceStartMs + 1);
    return recorder.takeChanged(sinceStartMs);
  });
  expect(sent.map(({ slices }) => slices.map(({ slice, latency }) => [slice, latency.at(-1)]))).toEqual([
    [[0, 1000]],
    [[1, 101_000]],
    [[2, 201_000]],
    [[3, 301_000]],
  ]);
  const lateness = recorder.lateness();
  expect([lateness.total, percentileMs(lateness, 100)]).toEqual([4, 3]);
});

test('a slice in which a request may still begin is kept, and told as a whole', () => {
  const recorder = createRecorder({ routes: 1 });
  recorder.dropped(recorder.cellOf(50, 0, 0));
  recorder.dropped(recorder.cellOf(250, 0, 0));
  expect(recorder.takeChanged(80).slices).toHaveLength(2);
  // A user who thought for long, behind arrivals that came on time.
  recorder.dropped(recorder.cellOf(90, 0, 0));
  expect(recorder.takeChanged(300).slices).toMatchObject([{ slice: 0, dropped: 2 }]);
});
