import type { EngineFrame, NodeState, NodeStatus, ReplicaStatus, TrafficStatus } from '../../engine/api/types.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import type { Sample } from '../../engine/records/record.ts';

/** The picture that the window showed at a sample. Records of older versions tell less; what they lack stays empty. */
export function frameOf(sample: Sample, document: ArchipelDocument): EngineFrame {
  const kinds = new Map(document.nodes.map(({ id, kind }) => [id, kind]));
  const { experiment } = sample;
  return {
    atMs: sample.atMs,
    topology: sample.topology ?? 'running',
    problem: null,
    idleProcesses: 0,
    nodes: Object.fromEntries(
      Object.entries(sample.nodes).map(([id, node]) => [id, nodeOf(id, kinds.get(id) ?? '', node)]),
    ),
    edges: Object.fromEntries(
      Object.entries(sample.edges).map(([id, edge]) => [
        id,
        { connections: 0, upstreamBytes: 0, downstreamBytes: 0, p99Ms: null, measures: {}, ...edge, id },
      ]),
    ),
    faults: sample.faults ?? [],
    traffic: sample.traffic && trafficOf(sample.traffic, sample.atMs),
    experiment: experiment ? { ...experiment, probes: [], lastProbe: null } : null,
  };
}

function nodeOf(id: string, kind: string, node: Sample['nodes'][string]): NodeStatus {
  const { replicas, members, cpu, rssBytes, state, ...figures } = node;
  const unknown: ReplicaStatus[] = Array.from({ length: replicas }, (_, replica) => ({
    ...{ replica, pid: null, port: null, state: 'ready' as const, reason: null, start: null, version: null },
    ...{ cpu: cpu / replicas, rssBytes: rssBytes / replicas, role: 'none' as const },
  }));
  return {
    ...{ reason: null, requests: 0, errors: 0, limit: null, version: null, autoscaler: null, deploy: null },
    cpuUse: replicas > 0 ? cpu / replicas : 0,
    desiredReplicas: replicas,
    ...figures,
    ...{ id, kind, state: state as NodeState, replicas: members ?? unknown },
  };
}

function trafficOf(traffic: NonNullable<Sample['traffic']>, atMs: number): TrafficStatus {
  const { ratePerSec, okPerSec, failedPerSec, latencyMs, ...status } = traffic;
  const nothing = { p50: null, p95: null, p99: null, p999: null, max: null };
  return {
    ...{ id: 'replay', scenario: '', seed: 0, startedAtMs: atMs, durationMs: null, state: 'running', vus: null },
    failures: [],
    iterations: { started: 0, completed: 0, interrupted: 0, dropped: 0 },
    ...status,
    window: { ratePerSec, okPerSec, failedPerSec, latencyMs: { uncorrected: nothing, ...latencyMs } },
  };
}
