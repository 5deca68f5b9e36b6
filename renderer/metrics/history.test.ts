import { describe, expect, it } from 'vitest';
import { createHistory } from './history.ts';

const always = { fromSec: Number.NEGATIVE_INFINITY, toSec: Number.POSITIVE_INFINITY };

describe('a history', () => {
  it('keeps the newest points in order when it is full', () => {
    const history = createHistory(3);
    for (let sec = 1; sec <= 5; sec += 1) history.push(sec, { ok: sec * 10 });
    expect(history.columns(['ok'], always)).toEqual([
      [3, 4, 5],
      [30, 40, 50],
    ]);
    expect(history.newest('ok')).toBe(50);
    expect(history.newestAtSec()).toBe(5);
  });

  it('has gaps where nothing was told, also for names that came late', () => {
    const history = createHistory(4);
    history.push(1, { p99: null });
    history.push(2, { p99: 7, late: 1 });
    history.push(3, {});
    expect(history.columns(['p99', 'late', 'never'], always)).toEqual([
      [1, 2, 3],
      [null, 7, null],
      [null, 1, null],
      [null, null, null],
    ]);
    expect(history.newest('p99')).toBeNull();
    expect(history.newest('p99', 2)).toBe(7);
  });

  it('gives a range with one point beyond each end', () => {
    const history = createHistory(100);
    for (let sec = 0; sec < 50; sec += 1) history.push(sec, { ok: sec });
    expect(history.columns(['ok'], { fromSec: 10, toSec: 12 })[0]).toEqual([9, 10, 11, 12]);
    expect(history.columns(['ok'], { fromSec: 60, toSec: 70 })[0]).toEqual([49]);
    expect(history.columns(['ok'], { fromSec: 47, toSec: 70 })[0]).toEqual([46, 47, 48, 49]);
  });

  it('reads the same points once for all who ask, and anew when there is another', () => {
    const history = createHistory(3);
    history.push(1, { ok: 10 });
    const [times, ok] = history.columns(['ok'], always);
    expect(history.columns(['failed', 'ok'], always)[0]).toBe(times);
    expect(history.columns(['failed', 'ok'], always)[2]).toBe(ok);
    history.push(2, { ok: 20 });
    expect(history.columns(['ok'], always)[1]).toEqual([10, 20]);
    history.clear();
    history.push(5, { ok: 50 });
    expect(history.columns(['ok'], always)).toEqual([[5], [50]]);
  });

  it('forgets names that are in no kept point: nodes that are gone hold no memory', () => {
    const history = createHistory(3);
    history.push(1, { 'cpu:gone#0': 1, 'cpu:here#0': 1 });
    for (let sec = 2; sec <= 6; sec += 1) history.push(sec, { 'cpu:here#0': 1 });
    expect(history.names('cpu:')).toEqual(['cpu:here#0']);
    history.clear();
    expect(history.names('')).toEqual([]);
    expect(history.newest('cpu:here#0')).toBeNull();
  });
});
