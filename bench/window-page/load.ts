import type { EdgeStatus, EngineFrame, NodeStatus, TrafficStatus } from '../../engine/api/types.ts';
import { type ArchipelDocument, FORMAT } from '../../engine/model/document.ts';
import { defaultEdgeConfig } from '../../engine/model/edge.ts';

/*
 * A load generator for drawing: documents of any size, and frames in the engine's format whose figures never rest. None
 * of these figures was measured; they only make the window draw what it would have to draw.
 */

const COLUMN = 300;
const ROW = 190;

/** A grid of services about as wide as a screen, each calling its right neighbours. */
export function gridDocument(nodes: number, edges: number): ArchipelDocument {
  const columns = Math.ceil(Math.sqrt(nodes) * 1.15);
  const id = (index: number): string => `n${index}`;
  const pairs: [number, number][] = [];
  for (let reach = 1; pairs.length < edges && reach < nodes; reach += reach === 1 ? columns - 1 : 1)
    for (let from = 0; from + reach < nodes && pairs.length < edges; from += 1)
      if (reach >= columns || (from % columns) + reach < columns) pairs.push([from, from + reach]);
  return {
    format: FORMAT,
    name: 'Load for drawing',
    description: '',
    nodes: Array.from({ length: nodes }, (_, index) => ({
      id: id(index),
      kind: 'service',
      name: `Service ${index}`,
      position: { x: (index % columns) * COLUMN, y: Math.floor(index / columns) * ROW },
      config: { replicas: 1 + (index % 3), concurrency: 8 },
    })),
    edges: pairs.map(([from, to]) => ({
      id: `${id(from)}-${id(to)}`,
      source: id(from),
      target: id(to),
      config: defaultEdgeConfig,
    })),
    groups: [],
    notes: [],
    scenarios: [],
    experiments: [],
    sweeps: [],
  };
}

/** A wave that differs from thing to thing, 0 to 1. */
const wave = (tick: number, index: number): number => 0.5 + 0.5 * Math.sin(tick / 9 + index * 1.7);

/** The frame of a moment; `tick` counts frames. */
export function frameOf(document: ArchipelDocument, tick: number, startedAtMs: number): EngineFrame {
  const atMs = startedAtMs + tick * 100;
  return {
    atMs,
    topology: 'running',
    problem: null,
    nodes: Object.fromEntries(document.nodes.map(({ id }, index) => [id, nodeOf(id, index, tick)])),
    idleProcesses: 0,
    edges: Object.fromEntries(document.edges.map(({ id }, index) => [id, edgeOf(id, index, tick)])),
    faults: [],
    traffic: trafficOf(tick, startedAtMs),
    experiment: null,
  };
}

function nodeOf(id: string, index: number, tick: number): NodeStatus {
  const load = wave(tick, index);
  const replicas = 1 + (index % 3);
  return {
    id,
    kind: 'service',
    state: 'ready',
    reason: null,
    replicas: Array.from({ length: replicas }, (_, replica) => ({
      replica,
      pid: 1000 + index * 3 + replica,
      port: 20_000 + index * 3 + replica,
      state: 'ready' as const,
      reason: null,
      cpu: load,
      rssBytes: 4e7 + load * 1e7,
      start: { durationMs: 80, warm: false },
      version: null,
      role: 'live' as const,
    })),
    requestsPerSec: 900 * load,
    errorsPerSec: index % 7 === 0 ? 5 * load : 0,
    p50Ms: 2 + 5 * load,
    p99Ms: 10 + 90 * load,
    inFlight: Math.round(8 * load),
    requests: tick * 90,
    errors: 0,
    measures: { slotUtilisation: load, busySlots: Math.round(8 * load), waiting: load > 0.9 ? 3 : 0 },
    cpuUse: load / 2,
    limit: null,
    desiredReplicas: replicas,
    version: null,
    autoscaler: null,
    deploy: null,
  };
}

const edgeOf = (id: string, index: number, tick: number): EdgeStatus => ({
  id,
  connections: 4,
  upstreamBytes: tick * 4000,
  downstreamBytes: tick * 9000,
  requests: tick * (3 + (index % 20)),
  errors: index % 7 === 0 ? tick : 0,
  p99Ms: 10 + 90 * wave(tick, index),
  measures: {},
});

function trafficOf(tick: number, startedAtMs: number): TrafficStatus {
  const p99 = 40 + 20 * wave(tick, 1);
  const latency = { p50: p99 / 5, p95: p99 / 2, p99, p999: p99 * 1.5, max: p99 * 2 };
  return {
    id: 'load',
    scenario: 'load',
    seed: 1,
    startedAtMs,
    durationMs: null,
    state: 'running',
    counts: {
      issued: tick * 100,
      ok: tick * 98,
      failed: tick * 2,
      dropped: 0,
      inFlight: 4,
      reasons: { timeout: tick * 2 },
    },
    failures: [{ reason: 'timeout', hop: 'n0', count: tick * 2 }],
    iterations: { started: tick * 100, completed: tick * 100, interrupted: 0, dropped: 0 },
    vus: null,
    window: {
      ratePerSec: 1000,
      okPerSec: 980 * wave(tick, 2),
      failedPerSec: 20 * wave(tick, 3),
      latencyMs: { ...latency, uncorrected: latency },
    },
  };
}
