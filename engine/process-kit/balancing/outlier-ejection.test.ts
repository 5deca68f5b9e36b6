import { describe, expect, it } from 'vitest';
import type { OutlierEjection } from '../../model/balancing.ts';
import { createFakeClock } from '../clock.fixture.ts';
import { createOutlierEjections } from './outlier-ejection.ts';

const settings: OutlierEjection = {
  consecutiveFailures: 3,
  intervalMs: 10_000,
  baseEjectionMs: 1000,
  maxEjectionMs: 2500,
  maxEjectionPercent: 50,
};

function world(changed: Partial<OutlierEjection> = {}, members = ['a', 'b', 'c', 'd']) {
  const clock = createFakeClock();
  const outliers = createOutlierEjections<string>(
    { ...settings, ...changed },
    { now: clock.now, members: () => members },
  );
  const fail = (id: string, times = 3): void => {
    for (let i = 0; i < times; i += 1) outliers.record(id, 'failed');
  };
  const ejected = (): string[] => members.filter((id) => outliers.isEjected(id));
  return { clock, outliers, fail, ejected };
}

describe('consecutive failures', () => {
  it('eject a replica for the base time', async () => {
    const { clock, outliers, fail, ejected } = world();
    fail('a', 2);
    expect(ejected()).toEqual([]);
    outliers.record('a', 'unreachable');
    expect(ejected()).toEqual(['a']);
    await clock.advance(999);
    expect(ejected()).toEqual(['a']);
    await clock.advance(1);
    expect(ejected()).toEqual([]);
    expect(outliers.total()).toBe(1);
  });

  it('are only those in a row', () => {
    const { outliers, fail, ejected } = world();
    for (let round = 0; round < 10; round += 1) {
      fail('a', 2);
      outliers.record('a', 'ok');
    }
    expect(ejected()).toEqual([]);
  });

  it('of requests that were in flight when it was ejected do not count again', async () => {
    const { clock, outliers, fail, ejected } = world();
    fail('a', 9);
    expect(outliers.total()).toBe(1);
    await clock.advance(1000);
    expect(ejected()).toEqual([]);
  });
});

it('each further ejection lasts longer, up to the limit', async () => {
  const { clock, fail, ejected } = world();
  for (const lastsMs of [1000, 2000, 2500, 2500]) {
    fail('a');
    await clock.advance(lastsMs - 1);
    expect(ejected()).toEqual(['a']);
    await clock.advance(1);
    expect(ejected()).toEqual([]);
  }
});

it('a replica that stays in for an interval is forgiven one ejection', async () => {
  const { clock, fail, ejected } = world({ maxEjectionMs: 100_000 });
  for (const lastsMs of [1000, 2000, 3000]) {
    fail('a');
    await clock.advance(lastsMs);
  }
  await clock.advance(20_000);
  fail('a');
  await clock.advance(1999);
  expect(ejected()).toEqual(['a']);
  await clock.advance(1);
  expect(ejected()).toEqual([]);
});

describe('never more are out than the limit', () => {
  it('of half of four', () => {
    const { fail, ejected } = world();
    for (const id of ['a', 'b', 'c']) fail(id);
    expect(ejected()).toEqual(['a', 'b']);
  });

  it('but one always may be', () => {
    const { fail, ejected } = world({ maxEjectionPercent: 10 });
    for (const id of ['a', 'b']) fail(id);
    expect(ejected()).toEqual(['a']);
  });
});

describe('success rates', () => {
  const members = ['a', 'b', 'c', 'd', 'e', 'f'];
  const successRate = { minReplicas: 5, minRequests: 100, stdevFactor: 1.9 };

  /** Sends 100 requests to each, of which so many fail, never two in a row. */
  const load = (outliers: ReturnType<typeof world>['outliers'], failures: Record<string, number>): void => {
    for (const id of members)
      for (let i = 0; i < 100; i += 1)
        outliers.record(id, i % 2 === 1 && i < 2 * (failures[id] ?? 0) ? 'failed' : 'ok');
  };

  it('eject at the end of the interval the one that fails far more often than the others', async () => {
    const { clock, outliers, ejected } = world({ successRate }, members);
    load(outliers, { c: 30, d: 1 });
    expect(ejected()).toEqual([]);
    await clock.advance(10_000);
    outliers.record('a', 'ok');
    expect(ejected()).toEqual(['c']);
  });

  it('leave all in when all fail alike', async () => {
    const { clock, outliers, ejected } = world({ successRate }, members);
    load(outliers, Object.fromEntries(members.map((id) => [id, 30])));
    await clock.advance(10_000);
    outliers.record('a', 'ok');
    expect(ejected()).toEqual([]);
  });

  it('judge nobody by too few requests or among too few replicas', async () => {
    for (const changed of [
      { ...successRate, minRequests: 101 },
      { ...successRate, minReplicas: 7 },
    ]) {
      const { clock, outliers, ejected } = world({ successRate: changed }, members);
      load(outliers, { c: 50 });
      await clock.advance(10_000);
      outliers.record('a', 'ok');
      expect(ejected()).toEqual([]);
    }
  });

  it('can eject one of five but not one of four by a factor of 1.9, as the help says', async () => {
    for (const [count, expected] of [
      [4, []],
      [5, ['a']],
    ] as const) {
      const few = members.slice(0, count);
      const { clock, outliers, ejected } = world({ successRate: { ...successRate, minReplicas: 2 } }, few);
      for (const id of few)
        for (let i = 0; i < 100; i += 1) outliers.record(id, id === 'a' && i % 2 === 1 ? 'failed' : 'ok');
      await clock.advance(10_000);
      outliers.record('b', 'ok');
      expect(ejected()).toEqual(expected);
    }
  });
});
