import type { ProcessFrame } from '../process-kit/protocol.ts';
import { createLatencyBuckets, type LatencyBuckets } from '../traces/latency-buckets.ts';
import { prometheusText } from '../traces/prometheus.ts';
import type { SpanSource } from '../traces/store.ts';
import { createTraces, type Traces } from '../traces/traces.ts';
import type { Engine } from './engine.ts';
import type { LiveTopology } from './live-topology.ts';
import type { EngineFrame, HostInfo } from './types.ts';

/** What others may see of an engine beside its frames: traces, and metrics for Prometheus. */
export interface Observation {
  traces: Traces;
  /** Takes each frame of each process. */
  takeFrame(source: SpanSource, frame: ProcessFrame): void;
  /** Another topology starts: its counters begin at 0. */
  restart(): void;
  calls: Pick<Engine, 'traces' | 'trace' | 'tracing' | 'configureTracing' | 'flushTraces' | 'metrics'>;
}

export function createObservation(options: {
  host: HostInfo;
  live(): LiveTopology | null;
  frame(): EngineFrame;
  onProblem(message: string): void;
}): Observation {
  const latency = new Map<string, LatencyBuckets>();
  const traces = createTraces({
    archipelVersion: options.host.versions.archipel,
    onProblem: options.onProblem,
    tellProcesses(message) {
      for (const { replicas } of options.live()?.topology.nodes() ?? [])
        for (const replica of replicas) replica.send(message);
    },
  });

  return {
    traces,
    takeFrame(source, frame) {
      if (frame.tracing) traces.take(source, frame.tracing);
      if (frame.latency.length === 0) return;
      const ofNode = latency.get(source.nodeId) ?? createLatencyBuckets();
      latency.set(source.nodeId, ofNode);
      ofNode.add(frame.latency);
    },
    restart: () => latency.clear(),
    calls: {
      traces: traces.list,
      trace: traces.get,
      tracing: traces.status,
      configureTracing: traces.configure,
      flushTraces: traces.flush,
      metrics() {
        const live = options.live();
        const { user, system } = process.cpuUsage();
        return prometheusText({
          frame: options.frame(),
          host: options.host,
          totals: live?.totals() ?? {},
          measures: live?.measures() ?? {},
          edges: live?.topology.document.edges ?? [],
          latency,
          tracing: traces.status(),
          engine: { cpuSec: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() },
        });
      },
    },
  };
}
