import { expect, it } from 'vitest';
import { createEdgeWindow } from './edge-window.ts';
import { createHistogram, record, toSparse } from './histogram.ts';

const calls = (attempts: number, gauges: Record<string, number> = {}) => ({
  requests: attempts,
  errors: 1,
  counters: { attempts, policedRequests: attempts / 2, retries: attempts / 2 },
  gauges,
});

it('adds up what all callers did, those that are gone included', () => {
  const edge = createEdgeWindow();
  edge.add(1, calls(10, { breakerState: 2 }));
  edge.add(2, calls(4, { breakerState: 0 }));
  expect(edge.totals()).toEqual({
    requests: 14,
    errors: 2,
    counters: { attempts: 14, policedRequests: 7, retries: 7 },
    sent: {},
    gauges: { breakerState: [2, 0] },
  });
  edge.ended(1);
  expect(edge.totals()).toMatchObject({ requests: 14, gauges: { breakerState: [0] } });
});

it('tells ratios of the last second, totals since the start, and the worst breaker', () => {
  const edge = createEdgeWindow();
  edge.add(1, calls(10, { breakerState: 0 }));
  edge.add(2, calls(10, { breakerState: 1 }));
  expect(edge.measures(0)).toMatchObject({ amplification: null, breaker: 1, retries: 10 });
  edge.add(1, { requests: 0, errors: 0, counters: { attempts: 16, policedRequests: 9, retries: 5 } });
  expect(edge.measures(500)).toMatchObject({ amplification: 1.5, retries: 10 });
  expect(edge.measures(900)).toMatchObject({ amplification: 1.5 });
  expect(edge.measures(1600)).toMatchObject({ amplification: null, attempts: 26 });
});

it('keeps the times of the calls of the last second', () => {
  const edge = createEdgeWindow();
  const timesOf = (nowMs: number): number => {
    const histogram = createHistogram();
    edge.addLatency(histogram, nowMs);
    return histogram.total;
  };
  const latency = createHistogram();
  record(latency, 5);
  record(latency, 7);
  edge.add(1, { requests: 2, errors: 0, latency: toSparse(latency) }, 1000);
  edge.add(2, { requests: 2, errors: 0, latency: toSparse(latency) }, 1500);
  edge.add(1, { requests: 2, errors: 0 }, 1600);
  expect([1600, 1999, 2000, 2500].map(timesOf)).toEqual([4, 4, 2, 0]);
  expect(edge.p99Ms(1600)).toBeCloseTo(7, 0);
  expect(edge.p99Ms(2500)).toBeNull();
});

it('tells what part of the requests of the last second each replica got', () => {
  const edge = createEdgeWindow();
  expect(edge.shares(0)).toBeUndefined();
  edge.add(1, { requests: 4, errors: 0, sent: { 0: 3, 1: 1 } });
  edge.add(2, { requests: 4, errors: 0, sent: { 0: 2, 2: 2 } });
  expect(edge.shares(500)).toEqual({ 0: 5 / 8, 1: 1 / 8, 2: 2 / 8 });
  edge.add(1, { requests: 8, errors: 0, sent: { 0: 3, 1: 5 } });
  expect(edge.shares(1500)).toEqual({ 1: 1 });
  expect(edge.shares(2600)).toBeUndefined();
});

it('leaves out what no caller counts', () => {
  const edge = createEdgeWindow();
  edge.add(1, { requests: 5, errors: 0 });
  expect(edge.measures(0)).toEqual({});
});
