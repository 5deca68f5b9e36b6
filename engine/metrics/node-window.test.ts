import { describe, expect, it } from 'vitest';
import type { ProcessFrame } from '../process-kit/protocol.ts';
import { createHistogram, record, toSparse } from './histogram.ts';
import { createNodeWindow, type NodeWindow } from './node-window.ts';

const START_MS = 1_700_000_000_000;

const frameOf = (atMs: number, figures: Partial<ProcessFrame>, latenciesMs: number[] = []): ProcessFrame => {
  const histogram = createHistogram();
  for (const latencyMs of latenciesMs) record(histogram, latencyMs);
  return {
    atMs: START_MS + atMs,
    cpuUs: 0,
    rssBytes: 0,
    requests: 0,
    errors: 0,
    inFlight: 0,
    latency: toSparse(histogram),
    ...figures,
  };
};

/** A process with 10 requests, one of them an error, and 20 ms of CPU time in each 100 ms. */
function play(
  window: NodeWindow,
  process: { replica: number; pid: number },
  fromMs: number,
  toMs: number,
  latencyMs = 5,
): void {
  for (let atMs = fromMs; atMs <= toMs; atMs += 100) {
    const frames = (atMs - fromMs) / 100 + 1;
    const figures = {
      requests: frames * 10,
      errors: frames,
      cpuUs: 40_000 + frames * 20_000,
      rssBytes: 1000,
      inFlight: 2,
    };
    window.add(process, frameOf(atMs, figures, Array(10).fill(latencyMs)));
  }
}

describe('figures of a node', () => {
  it('are of the last second, summed over its replicas, percentiles from merged histograms', () => {
    const window = createNodeWindow();
    play(window, { replica: 0, pid: 10 }, 0, 3000, 5);
    play(window, { replica: 1, pid: 11 }, 0, 3000, 80);
    const figures = window.figures(START_MS + 3000);
    expect(figures).toMatchObject({ requestsPerSec: 200, errorsPerSec: 20, inFlight: 4, requests: 620, errors: 62 });
    expect(figures.p50Ms).toBeCloseTo(5, 1);
    expect(figures.p99Ms).toBeCloseTo(80, 0);
    expect(window.replica(0, START_MS + 3000).cpu).toBeCloseTo(0.2, 6);
  });

  it('fade over a second when a process falls silent', () => {
    const window = createNodeWindow();
    play(window, { replica: 0, pid: 10 }, 0, 2000);
    expect(window.figures(START_MS + 2500).requestsPerSec).toBe(50);
    expect(window.figures(START_MS + 3000)).toMatchObject({
      requestsPerSec: 0,
      p50Ms: null,
      requests: 210,
      inFlight: 2,
    });
    expect(window.replica(0, START_MS + 3000)).toEqual({ cpu: 0, rssBytes: 1000 });
  });

  it('go on where a new process takes the place of one that died, though its counters start at 0', () => {
    const window = createNodeWindow();
    play(window, { replica: 0, pid: 10 }, 0, 1900);
    window.ended({ replica: 0, pid: 10 });
    expect(window.figures(START_MS + 1900)).toMatchObject({ inFlight: 0, requests: 200 });
    expect(window.totals()).toMatchObject({ replicas: 0, rssBytes: 0, requests: 200 });
    play(window, { replica: 0, pid: 20 }, 2000, 2900);
    expect(window.figures(START_MS + 2900)).toMatchObject({
      requestsPerSec: 100,
      requests: 300,
      errors: 30,
      inFlight: 2,
    });
    expect(window.totals()).toEqual({
      counters: {},
      gauges: {},
      endedProcesses: 1,
      histograms: {},
      replicas: 1,
      rssBytes: 1000,
      requests: 300,
      errors: 30,
      cpuUs: 440_000 + 240_000,
    });
  });

  it('notice a new process by its pid alone, and by fallen counters when the pid is used again', () => {
    const window = createNodeWindow();
    play(window, { replica: 0, pid: 10 }, 0, 900);
    play(window, { replica: 0, pid: 11 }, 1000, 1900);
    play(window, { replica: 0, pid: 11 }, 2000, 2900);
    expect(window.totals()).toMatchObject({ replicas: 1, requests: 300 });
  });

  it('count a last frame that comes after the end, once', () => {
    const window = createNodeWindow();
    play(window, { replica: 0, pid: 10 }, 0, 900);
    window.ended({ replica: 0, pid: 10 });
    window.add({ replica: 0, pid: 10 }, frameOf(950, { requests: 103, errors: 10, cpuUs: 250_000, rssBytes: 1000 }));
    expect(window.totals()).toMatchObject({ replicas: 0, requests: 103, errors: 10 });
    expect(window.figures(START_MS + 5000).requests).toBe(103);
  });
});
