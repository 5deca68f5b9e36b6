import { describe, expect, it } from 'vitest';
import { frameOf } from '../../renderer/replay/frames.ts';
import { marksOf } from '../../renderer/replay/marks.ts';
import { documentOf, edge, node } from '../api/fixtures.ts';
import type { EngineFrame } from '../api/types.ts';
import { sampleOf } from './observe.ts';

const document = documentOf({
  nodes: [node('users', 'client'), node('shop', 'service', { routes: [{ path: '/buy' }] })],
  edges: [edge('users', 'shop')],
});

const proof = { holds: true, evidence: 'process 7 is gone', atMs: 10_200 };

const frame = (atMs: number, endedAtMs: number | null): EngineFrame => ({
  atMs,
  topology: 'running',
  problem: null,
  idleProcesses: 0,
  nodes: {
    shop: {
      ...{ id: 'shop', kind: 'service', state: 'degraded', reason: '1 of 2 is dead', desiredReplicas: 2 },
      ...{ requestsPerSec: 40, errorsPerSec: 2, p50Ms: 3, p99Ms: 9, inFlight: 4, requests: 400, errors: 20 },
      ...{ measures: { waiting: 3 }, cpuUse: 0.25, version: 'v2', autoscaler: null, deploy: null },
      limit: { limit: 'slots', edge: null, detail: '8 of 8 slots are busy' },
      replicas: [0, 1].map((replica) => ({
        ...{ replica, pid: replica === 0 ? null : 8, port: 4000 + replica, state: replica === 0 ? 'dead' : 'ready' },
        ...{ reason: replica === 0 ? 'killed' : null, cpu: 0.25, rssBytes: 1000, start: null, version: 'v2' },
        role: 'live',
      })) as EngineFrame['nodes'][string]['replicas'],
    },
  },
  edges: {
    'users-shop': {
      ...{
        id: 'users-shop',
        connections: 3,
        upstreamBytes: 10,
        downstreamBytes: 20,
        requests: 400,
        errors: 20,
        p99Ms: 9,
      },
      ...{ shares: { 1: 1 }, measures: { amplification: 1.5 } },
    },
  },
  faults: [
    {
      ...{ id: 'kill-1', fault: 'kill', target: { node: 'shop', replica: 0 }, parameters: {}, seed: 1, active: true },
      ...{ course: { probability: 1 }, state: endedAtMs === null ? 'on' : 'off', activations: 1, nextAtMs: null },
      ...{ startedAtMs: 10_000, expiresAtMs: 20_000, endedAtMs, endedBy: endedAtMs === null ? null : 'cleared' },
      ...{ proofOfEffect: proof, proofOfRemoval: null, error: null },
    },
  ],
  traffic: {
    ...{ id: 'traffic-1', scenario: 'steady', seed: 1, startedAtMs: 9000, durationMs: null, state: 'running', vus: 5 },
    counts: { issued: 400, ok: 380, failed: 20, dropped: 0, inFlight: 0, reasons: { refused: 20 } },
    failures: [{ reason: 'refused', hop: 'users-shop', count: 20 }],
    iterations: { started: 400, completed: 400, interrupted: 0, dropped: 0 },
    window: {
      ...{ ratePerSec: 40, okPerSec: 38, failedPerSec: 2 },
      latencyMs: {
        ...{ p50: 3, p95: 7, p99: 9, p999: 9, max: 9 },
        uncorrected: { p50: 2, p95: 6, p99: 8, p999: 8, max: 8 },
      },
    },
  },
  experiment: null,
});

const recorded = (live: EngineFrame) => JSON.parse(JSON.stringify(sampleOf(live)));

describe('a recorded sample', () => {
  it('shows again what the window showed', () => {
    const live = frame(11_000, null);
    expect(frameOf(recorded(live), document)).toEqual(live);
  });

  it('of an older record shows what it holds and leaves out the rest', () => {
    const figures = { requestsPerSec: 5, errorsPerSec: 0, p50Ms: 1, p99Ms: 2, inFlight: 1, measures: {} };
    const shown = frameOf(
      {
        ...{ atMs: 1000, traffic: null, edges: { 'users-shop': { requests: 9, errors: 1 } } },
        nodes: { shop: { state: 'ready', replicas: 2, cpu: 0.4, rssBytes: 200, ...figures } },
      },
      document,
    );
    expect(shown.nodes.shop).toMatchObject({ kind: 'service', state: 'ready', desiredReplicas: 2, limit: null });
    expect(shown.nodes.shop?.replicas.map(({ cpu, pid }) => [cpu, pid])).toEqual([
      [0.2, null],
      [0.2, null],
    ]);
    expect(shown.edges['users-shop']).toMatchObject({ id: 'users-shop', requests: 9, measures: {} });
    expect(shown.faults).toEqual([]);
  });
});

describe('marks of a replay', () => {
  it('are faults from their beginning to their end, and what changed', () => {
    const frames = [frame(11_000, null), frame(13_000, 12_500)];
    expect(
      marksOf(frames, [
        { atMs: 9000, type: 'state', subject: 'shop#0', text: 'ready, process 7' },
        { atMs: 10_050, type: 'state', subject: 'shop#0', text: 'dead: killed' },
        { atMs: 12_800, type: 'scale', subject: 'shop', text: '2 → 3 replicas' },
      ]),
    ).toEqual([
      { type: 'fault', label: 'kill on shop#0', fromMs: 10_000, toMs: 12_500 },
      { type: 'death', label: 'shop#0 dead: killed', fromMs: 10_050, toMs: 10_050 },
      { type: 'scale', label: 'shop 2 → 3 replicas', fromMs: 12_800, toMs: 12_800 },
    ]);
  });

  it('of a fault that never came off last until the end', () => {
    expect(marksOf([frame(11_000, null), frame(15_000, null)], [])[0]?.toMs).toBe(15_000);
  });
});
