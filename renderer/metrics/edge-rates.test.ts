import { describe, expect, it } from 'vitest';
import type { EngineFrame } from '../../engine/api/types.ts';
import { edgeRates, recordEdges } from './edge-rates.ts';

const frame = (atMs: number, requests: number, bytes: number): EngineFrame => ({
  atMs,
  topology: 'running',
  problem: null,
  nodes: {},
  idleProcesses: 0,
  edges: {
    link: {
      id: 'link',
      connections: 1,
      upstreamBytes: bytes,
      downstreamBytes: bytes,
      requests,
      errors: 0,
      p99Ms: null,
      measures: {},
    },
  },
  faults: [],
  traffic: null,
  experiment: null,
});

describe('rates on edges', () => {
  it('come from the growth of the counters over about a second', () => {
    recordEdges(frame(0, 0, 0));
    for (let tick = 1; tick <= 9; tick++) recordEdges(frame(tick * 100, tick * 10, tick * 500));
    expect(edgeRates('link').requestsPerSec).toBeCloseTo(100);
    expect(edgeRates('link').bytesPerSec).toBeCloseTo(10_000);
  });

  it('are never negative when a new process counts from zero', () => {
    recordEdges(frame(2000, 5, 100));
    expect(edgeRates('link')).toEqual({ requestsPerSec: 0, errorsPerSec: 0, bytesPerSec: 0 });
  });

  it('are gone with the topology', () => {
    recordEdges(frame(4000, 50, 100));
    recordEdges({ ...frame(4100, 50, 100), topology: 'stopped' });
    expect(edgeRates('link').requestsPerSec).toBe(0);
  });

  it('are zero for an edge that is not known', () => {
    expect(edgeRates('ghost').requestsPerSec).toBe(0);
  });
});
