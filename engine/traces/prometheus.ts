import type { EngineFrame, HostInfo, NodeStatus, TracingStatus } from '../api/types.ts';
import type { NodeTotals } from '../metrics/summary.ts';
import type { MeasureDefinition } from '../model/definition.ts';
import { expose, type Family, type Labels } from './exposition.ts';
import type { LatencyBuckets } from './latency-buckets.ts';

/** What is shown of a running engine. */
export interface Exposed {
  frame: EngineFrame;
  host: HostInfo;
  /** By node. */
  totals: Record<string, NodeTotals>;
  latency: ReadonlyMap<string, LatencyBuckets>;
  measures: Record<string, readonly MeasureDefinition[]>;
  /** Of the running document. */
  edges: readonly { id: string; source: string; target: string }[];
  tracing: TracingStatus;
  engine: { cpuSec: number; rssBytes: number };
}

/** Counters begin with the topology: one that is started again begins at 0, as the format allows. */
export const prometheusText = (exposed: Exposed): string =>
  expose([
    ...ofNodes(exposed),
    ...ofMeasures(exposed),
    ...ofEdges(exposed),
    ...ofFaultsAndTraffic(exposed.frame),
    ...ofEngine(exposed),
  ]);

const family = (name: string, type: Family['type'], help: string, samples: Family['samples']): Family => ({
  name,
  type,
  help,
  samples,
});

function ofNodes({ frame, totals, latency }: Exposed): Family[] {
  const nodes = Object.values(frame.nodes);
  const each = (value: (node: NodeStatus, total: NodeTotals | undefined) => number | undefined): Family['samples'] =>
    nodes.flatMap((node) => {
      const found = value(node, totals[node.id]);
      return found === undefined ? [] : [{ labels: labelsOf(node), value: found }];
    });
  const replicas = (value: (replica: NodeStatus['replicas'][number]) => number): Family['samples'] =>
    nodes.flatMap((node) =>
      node.replicas.map((replica) => ({
        labels: { ...labelsOf(node), replica: replica.replica },
        value: value(replica),
      })),
    );
  return [
    family(
      'archipel_requests_total',
      'counter',
      'Requests that the node answered, sent or forwarded, failed ones included.',
      each((node) => node.requests),
    ),
    family(
      'archipel_request_errors_total',
      'counter',
      'Requests of the node that failed.',
      each((node) => node.errors),
    ),
    family(
      'archipel_requests_in_flight',
      'gauge',
      'Requests that the node works on.',
      each((node) => node.inFlight),
    ),
    family(
      'archipel_request_duration_seconds',
      'histogram',
      'Time from a request to its answer, as the node measures it.',
      nodes.flatMap((node) => latency.get(node.id)?.samples(labelsOf(node)) ?? []),
    ),
    family(
      'archipel_node_cpu_seconds_total',
      'counter',
      'CPU time of all processes that the node has had.',
      each((_, total) => total && total.cpuUs / 1e6),
    ),
    family(
      'archipel_replica_resident_memory_bytes',
      'gauge',
      'Resident memory of the process.',
      replicas(({ rssBytes }) => rssBytes),
    ),
    family(
      'archipel_replica_up',
      'gauge',
      '1 if the process is ready for work, even if degraded, else 0.',
      replicas(({ state }) => (state === 'ready' || state === 'degraded' ? 1 : 0)),
    ),
  ];
}

/** Figures of the kinds' own. Where they derive from a counter, the counter itself is shown: rates are the reader's business. */
function ofMeasures({ frame, totals, measures }: Exposed): Family[] {
  const families = new Map<string, Family>();
  const add = (
    name: string,
    type: Family['type'],
    help: string,
    labels: Labels,
    value: number | null | undefined,
  ): void => {
    if (value === null || value === undefined) return;
    const found = families.get(name) ?? family(name, type, help, []);
    families.set(name, found);
    found.samples.push({ labels, value });
  };
  for (const node of Object.values(frame.nodes)) {
    const prefix = `archipel_${snake(node.kind)}_`;
    for (const { id, unit, help, source } of measures[node.id] ?? []) {
      if (source.type === 'rate' || source.type === 'total') {
        const counted = totals[node.id]?.counters[source.counter] ?? 0;
        add(`${prefix}${snake(source.counter)}_total`, 'counter', help, labelsOf(node), counted);
      } else {
        const { suffix, scale } = units[unit];
        const value = node.measures[id];
        add(
          `${prefix}${withSuffix(snake(id), suffix)}`,
          'gauge',
          help,
          labelsOf(node),
          value == null ? value : value * scale,
        );
      }
    }
  }
  return [...families.values()];
}

const withSuffix = (name: string, suffix: string): string => (name.endsWith(suffix) ? name : name + suffix);

const units: Record<MeasureDefinition['unit'], { suffix: string; scale: number }> = {
  count: { suffix: '', scale: 1 },
  ratio: { suffix: '_ratio', scale: 1 },
  times: { suffix: '_ratio', scale: 1 },
  ms: { suffix: '_seconds', scale: 0.001 },
  bytes: { suffix: '_bytes', scale: 1 },
  'per second': { suffix: '_per_second', scale: 1 },
};

function ofEdges({ frame, edges }: Exposed): Family[] {
  const running = edges.flatMap(({ id, source, target }) => {
    const status = frame.edges[id];
    return status ? [{ labels: { edge: id, source, target }, status }] : [];
  });
  const each = (value: (status: EngineFrame['edges'][string]) => number): Family['samples'] =>
    running.map(({ labels, status }) => ({ labels, value: value(status) }));
  return [
    family(
      'archipel_edge_requests_total',
      'counter',
      'Calls along the edge that ended, as the callers counted them.',
      each(({ requests }) => requests),
    ),
    family(
      'archipel_edge_errors_total',
      'counter',
      'Calls along the edge that failed.',
      each(({ errors }) => errors),
    ),
    family(
      'archipel_edge_connections',
      'gauge',
      'Open connections through the link.',
      each(({ connections }) => connections),
    ),
    family(
      'archipel_edge_upstream_bytes_total',
      'counter',
      'Bytes towards the callee.',
      each(({ upstreamBytes }) => upstreamBytes),
    ),
    family(
      'archipel_edge_downstream_bytes_total',
      'counter',
      'Bytes back to the caller.',
      each(({ downstreamBytes }) => downstreamBytes),
    ),
  ];
}

function ofFaultsAndTraffic({ faults, traffic }: EngineFrame): Family[] {
  const counts = traffic?.counts;
  const scenario = traffic?.scenario ?? '';
  return [
    family(
      'archipel_fault_on',
      'gauge',
      '1 while a fault is on.',
      faults
        .filter(({ state }) => state === 'on')
        .map(({ id, fault, target }) => ({
          labels: {
            id,
            fault,
            ...Object.fromEntries(Object.entries(target).map(([name, value]) => [name, String(value)])),
          },
          value: 1,
        })),
    ),
    family(
      'archipel_traffic_requests_total',
      'counter',
      'Requests of the newest traffic, by what became of them.',
      counts
        ? (['ok', 'failed', 'dropped'] as const).map((outcome) => ({
            labels: { scenario, outcome },
            value: counts[outcome],
          }))
        : [],
    ),
    family(
      'archipel_traffic_failures_total',
      'counter',
      'Failed requests of the newest traffic, by reason.',
      Object.entries(counts?.reasons ?? {}).map(([reason, value]) => ({ labels: { scenario, reason }, value })),
    ),
    family(
      'archipel_traffic_requests_in_flight',
      'gauge',
      'Requests of the newest traffic that have no answer yet.',
      counts ? [{ labels: { scenario }, value: counts.inFlight }] : [],
    ),
  ];
}

const ofEngine = ({ engine, host, tracing }: Exposed): Family[] => [
  family('archipel_traces_spans_total', 'counter', 'Spans that were kept.', [{ labels: {}, value: tracing.spans }]),
  family('archipel_traces_dropped_spans_total', 'counter', 'Spans that were too many.', [
    { labels: {}, value: tracing.droppedSpans },
  ]),
  family('archipel_build_info', 'gauge', 'Always 1.', [
    { labels: { version: host.versions.archipel, node: host.versions.node }, value: 1 },
  ]),
  family('process_cpu_seconds_total', 'counter', 'CPU time of the engine.', [{ labels: {}, value: engine.cpuSec }]),
  family('process_resident_memory_bytes', 'gauge', 'Resident memory of the engine.', [
    { labels: {}, value: engine.rssBytes },
  ]),
];

const labelsOf = ({ id, kind }: NodeStatus): Labels => ({ node: id, kind });

/** "queue-full" and "queueFull" become "queue_full". */
const snake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^a-zA-Z0-9]+/g, '_')
    .toLowerCase();
