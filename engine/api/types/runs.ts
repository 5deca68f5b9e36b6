import type { FailureReason } from '../../metrics/failure-reason.ts';
import type { RunCosts } from './costs.ts';
import type { BrokerResult, MessageResult } from './messages.ts';
import type { DeployStatus, ScalingFigures } from './scaling.ts';
import type { NodeLimit } from './topology.ts';
import type { CorrectedLatency, GeneratorFigures, IterationCounts, LatencySummary, TrafficCounts } from './traffic.ts';

export interface HostInfo {
  cores: number;
  memoryBytes: number;
  platform: string;
  cpuModel: string;
  versions: { archipel: string; node: string; postgres: string | null };
}

/** The result of a run, as `--json` writes it. */
export interface RunResult {
  document: string;
  scenario: string;
  seed: number;
  startedAtMs: number;
  durationMs: number;
  traffic: TrafficCounts;
  latencyMs: CorrectedLatency & { routes: Record<string, LatencySummary> };
  routes: Record<string, TrafficCounts>;
  /** Failed requests by reason and hop. */
  failures: { reason: FailureReason; hop: string; count: number }[];
  iterations: IterationCounts;
  generator: GeneratorFigures;
  nodes: Record<
    string,
    {
      replicas: number;
      cpu: number;
      rssBytes: number;
      requests: number;
      errors: number;
      /** Figures of its kind over the run; gauges as they were at its end. */
      measures: Record<string, number | null>;
      /** Which limit bound, judged by the whole run; null when none did. */
      limit: NodeLimit | null;
    }
  >;
  /** Calls along each edge during the run, as the calling processes counted them; figures by id of the `edgeMeasures`. */
  edges: Record<
    string,
    { requests: number; errors: number; shares?: Record<string, number>; measures: Record<string, number | null> }
  >;
  conservation: { holds: boolean; equation: string };
  /** What became of the messages of each queue, group and subscriber; empty where there is no broker. */
  messages: MessageResult[];
  /** Brokers that messages went to, in the order of the document. */
  brokers: BrokerResult[];
  /** By node: how its number of replicas changed during the run, and what an autoscaler made of the load. */
  scaling: Record<string, ScalingFigures>;
  /** Deploys that were under way during the run. */
  deploys: DeployStatus[];
  /** What measuring cost; null where nothing ran. */
  overhead: RunOverhead | null;
  /** What it cost at the document's prices; null where nothing has a price. */
  costs: RunCosts | null;
  host: HostInfo;
  /** What to know before the figures are believed; an experiment says it among its reasons. */
  warnings: string[];
  /** Id of the record that was kept of it, or null. */
  record: string | null;
}

/** What the means of this run cost in it. All of it is measured in the run itself. */
export interface RunOverhead {
  links: {
    /** Median of (health check through a link − health check beside it), each pair one after the other; null with fewer than 5. */
    addedP50Ms: number | null;
    pairs: number;
    /** Mean share of a core of the process that carries all edges. */
    cpu: number;
  };
  tracing: {
    ratio: number | null;
    /** Spans that ended in all processes, and those that should have been told and were too many. */
    spans: number;
    dropped: number;
    /** Mean share of a core, all processes together, as they estimate it from every 64th step. */
    cpu: number;
  };
  /** Mean share of a core of the engine, which collects what all processes tell. */
  engine: { cpu: number };
}
