import { describe, expect, it } from 'vitest';
import { createHistogram, record } from '../metrics/histogram.ts';
import { judge } from './judge.ts';
import { measuredAt } from './measured.fixture.ts';

const rule = { goodputShare: 0.95, slo: null };
const slots = { shop: { limit: 'slots' as const, edge: null, detail: 'busy' } };

const latencies = (values: readonly number[]) => {
  const histogram = createHistogram();
  for (const value of values) record(histogram, value);
  return histogram;
};

describe('a rate', () => {
  it('is within when all is answered and nothing is at a limit', () => {
    expect(judge(measuredAt(50), null, rule)).toEqual({ side: 'within', sure: true, reasons: [] });
  });

  it('is just within when its slots are busy: the backlog may grow by less than chance', () => {
    expect(judge(measuredAt(50, { limits: slots }), null, rule)).toMatchObject({ side: 'within', sure: false });
  });

  it('is surely beyond when a tenth of many fails, and just beyond when it is a tenth of few', () => {
    expect(judge(measuredAt(200, { ok: 900 }), null, rule)).toMatchObject({
      side: 'beyond',
      sure: true,
      reasons: ['90.0 % of 1000 arrivals were answered well'],
    });
    expect(judge(measuredAt(4, { ok: 18 }), null, rule)).toMatchObject({ side: 'beyond', sure: false });
  });

  it('is beyond when all is answered in the end, but slower than it comes', () => {
    const judged = judge(measuredAt(200, { backlogGrowth: 250, limits: slots }), null, rule);
    expect(judged).toMatchObject({
      side: 'beyond',
      sure: true,
      reasons: ['of 1000 arrivals 250 were added to the backlog'],
    });
  });

  it('is beyond when it misses its objective, surely so only with enough values beyond the percentile', () => {
    const slo = { percentile: 99, latencyMs: 100 };
    const of = (values: readonly number[]) => judge(measuredAt(200), latencies(values), { goodputShare: 0.95, slo });
    const fast = Array.from({ length: 2000 }, () => 20);
    expect(of(fast)).toMatchObject({ side: 'within', sure: true });
    expect(of([...fast, ...Array.from({ length: 100 }, () => 300)])).toMatchObject({ side: 'beyond', sure: true });
    expect(of([...fast.slice(0, 200), 300, 300, 300])).toMatchObject({ side: 'beyond', sure: false });
    expect(of(fast.slice(0, 50))).toMatchObject({ side: 'within', sure: false });
  });

  it('says nothing when the client or the machine did not keep up', () => {
    const problems = ['The client did not keep up.'];
    expect(judge(measuredAt(50, { problems, ok: 0 }), null, rule)).toEqual({
      side: 'inconclusive',
      sure: false,
      reasons: problems,
    });
  });
});
