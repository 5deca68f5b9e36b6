import { describe, expect, it } from 'vitest';
import { createSeries } from './series.ts';

describe('a series', () => {
  it('keeps the newest points in order when it is full', () => {
    const series = createSeries(2, 3);
    for (let time = 1; time <= 5; time++) series.push([time, time * 10]);
    expect(series.columns()).toEqual([
      [3, 4, 5],
      [30, 40, 50],
    ]);
    expect(series.length).toBe(3);
    expect(series.newest(1)).toBe(50);
  });

  it('keeps gaps as null', () => {
    const series = createSeries(2, 4);
    series.push([1, null]);
    series.push([2]);
    expect(series.columns()).toEqual([
      [1, 2],
      [null, null],
    ]);
  });

  it('starts again after clear', () => {
    const series = createSeries(1, 2);
    for (const time of [1, 2, 3]) series.push([time]);
    series.clear();
    expect(series.newest(0)).toBeNull();
    series.push([9]);
    expect(series.columns()).toEqual([[9]]);
  });
});
