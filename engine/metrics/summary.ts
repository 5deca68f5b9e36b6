import type { HostInfo, RunResult, TrafficCounts } from '../api/types.ts';
import type { MeasureDefinition } from '../model/definition.ts';
import { checkConservation } from './conservation.ts';
import { grownSince, type SparseHistogram } from './histogram.ts';
import { summarizeLatency } from './latency-summary.ts';
import { addCounters, measuresOf } from './measures.ts';
import type { Recording } from './recording.ts';
import { countsOf, failuresIn } from './tally.ts';

/** What a node has used and done so far, all its replicas together, those that are gone included. */
export interface NodeTotals {
  /** Replicas and memory now; the other figures are cumulative. */
  replicas: number;
  rssBytes: number;
  cpuUs: number;
  requests: number;
  errors: number;
  /** Of the kind's own, by name: cumulative counters, and the newest gauges of each process. */
  counters: Record<string, number>;
  gauges: Record<string, number[]>;
  /** Of the kind's own, by name: all that was recorded so far. */
  histograms?: Record<string, SparseHistogram>;
}

export interface RunFacts {
  document: string;
  scenario: string;
  seed: number;
  startedAtMs: number;
  endedAtMs: number;
  /** By node id, when the traffic started and now. A node that was added in between starts from nothing. */
  nodesBefore: Record<string, NodeTotals>;
  nodesNow: Record<string, NodeTotals>;
  /** Figures of the node's kind, by node id. */
  measures: Record<string, readonly MeasureDefinition[]>;
  host: HostInfo;
}

/** All requests of the run so far; what is in flight is as the clients count it. */
export const trafficCounts = (recording: Recording): TrafficCounts => ({
  ...countsOf(recording.tally()),
  inFlight: recording.inFlight(),
});

export function summarizeRun(recording: Recording, facts: RunFacts): RunResult {
  const durationMs = facts.endedAtMs - facts.startedAtMs;
  const routes = recording.routes();
  return {
    document: facts.document,
    scenario: facts.scenario,
    seed: facts.seed,
    startedAtMs: facts.startedAtMs,
    durationMs,
    traffic: trafficCounts(recording),
    latencyMs: {
      ...summarizeLatency(recording.latency()),
      routes: Object.fromEntries(routes.map((route) => [route, summarizeLatency(recording.latency({ route }))])),
    },
    routes: Object.fromEntries(routes.map((route) => [route, countsOf(recording.tally({ route }))])),
    failures: failuresIn(recording.tally()),
    nodes: Object.fromEntries(
      Object.entries(facts.nodesNow).map(([id, now]) => [
        id,
        nodeFigures(facts.nodesBefore[id], now, durationMs, facts.measures[id] ?? []),
      ]),
    ),
    conservation: conservationOf(recording),
    host: facts.host,
  };
}

/** `cpu` is the mean share of a core over the run. */
function nodeFigures(
  before: NodeTotals | undefined,
  now: NodeTotals,
  durationMs: number,
  measures: readonly MeasureDefinition[],
): RunResult['nodes'][string] {
  const grown = { ...now.counters };
  addCounters(grown, before?.counters, -1);
  return {
    replicas: now.replicas,
    cpu: durationMs > 0 ? (now.cpuUs - (before?.cpuUs ?? 0)) / 1000 / durationMs : 0,
    rssBytes: now.rssBytes,
    requests: now.requests - (before?.requests ?? 0),
    errors: now.errors - (before?.errors ?? 0),
    measures: measuresOf(measures, {
      grown,
      total: grown,
      elapsedMs: durationMs,
      gauges: now.gauges,
      histograms: Object.fromEntries(
        Object.entries(now.histograms ?? {}).map(([name, all]) => [
          name,
          [grownSince(before?.histograms?.[name], all)],
        ]),
      ),
    }),
  };
}

function conservationOf(recording: Recording): RunResult['conservation'] {
  const { holds, equation } = checkConservation(recording);
  return { holds, equation };
}
