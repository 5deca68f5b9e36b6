import { expect, it } from 'vitest';
import type { DeployStatus, EngineFrame, FaultStatus, NodeStatus, TrafficStatus } from '../../engine/api/types.ts';
import { figuresOf } from './frame-figures.ts';
import { createMarkers } from './markers.ts';

const latency = { p50: 1, p95: 2, p99: 3, p999: null, max: 5 };
const node = {
  id: 'orders',
  measures: {},
  cpuUse: 0.4,
  limit: null,
  replicas: [
    { replica: 0, pid: 11, cpu: 0.4, rssBytes: 5e7, state: 'ready' },
    { replica: 1, pid: null, cpu: 0, rssBytes: 0, state: 'dead' },
  ],
} as unknown as NodeStatus;

const frame = (atMs: number, timeouts: number, part: Partial<EngineFrame> = {}): EngineFrame => ({
  atMs,
  topology: 'running',
  problem: null,
  nodes: { orders: node },
  idleProcesses: 0,
  edges: {},
  faults: [],
  experiment: null,
  traffic: {
    id: 'one',
    state: 'running',
    counts: { dropped: timeouts * 2, reasons: { timeout: timeouts } },
    window: { ratePerSec: 10, okPerSec: 8, failedPerSec: 2, latencyMs: { ...latency, uncorrected: latency } },
  } as unknown as TrafficStatus,
  ...part,
});

it('tells traffic, and CPU and memory of each process that is there', () => {
  expect(figuresOf(frame(0, 0), null)).toEqual({
    'saturation:orders': 0.4,
    'cpu:orders#0': 0.4,
    'rss:orders#0': 5e7,
    rate: 10,
    ok: 8,
    failed: 2,
    p50: 1,
    p95: 2,
    p99: 3,
    p999: null,
  });
});

it('tells failures by reason, and what was dropped, per second', () => {
  expect(figuresOf(frame(500, 12), frame(0, 10))).toMatchObject({ 'reason:timeout': 4, dropped: 8 });
});

it('keeps faults and deploys after frames have ceased to tell of them', () => {
  const markers = createMarkers();
  const fault = { id: 'f1', fault: 'latency', state: 'on', startedAtMs: 100, endedAtMs: null } as FaultStatus;
  const deploy = { id: 'd1', version: 'v2', startedAtMs: 300, endedAtMs: 400 } as DeployStatus;
  markers.record(frame(0, 0, { faults: [fault] }));
  markers.record(frame(0, 0, { faults: [{ ...fault, endedAtMs: 250 }], nodes: { orders: { ...node, deploy } } }));
  markers.record(frame(0, 0));
  expect(markers.list()).toEqual([
    { id: 'f1', type: 'fault', label: 'latency', fromMs: 100, toMs: 250 },
    { id: 'd1', type: 'deploy', label: 'orders v2', fromMs: 300, toMs: 400 },
  ]);
});
