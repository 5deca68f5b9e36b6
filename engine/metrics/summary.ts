import type { HostInfo, RunOverhead, RunResult, TrafficCounts } from '../api/types.ts';
import type { BalanceDefinition, BilledCounter, MeasureDefinition } from '../model/definition.ts';
import type { Prices } from '../model/price-sheet.ts';
import { checkConservation } from './conservation.ts';
import { costsOf } from './costs.ts';
import { type EdgeTotals, edgeFigures } from './edge-window.ts';
import { grownSince, type SparseHistogram } from './histogram.ts';
import { summarizeLatency } from './latency-summary.ts';
import { limitsOf } from './limits.ts';
import { addCounters, measuresOf } from './measures.ts';
import { messageResults } from './messages/balance.ts';
import { type BrokerTotals, brokerResults } from './messages/broker-results.ts';
import type { Balance } from './messages/ledger.ts';
import { balanceOf, type NodeBalance } from './node-balance.ts';
import type { Recording } from './recording.ts';
import { sharesOf } from './shares.ts';
import { countsOf, failuresIn } from './tally.ts';

/** What a node has used and done so far, all its replicas together, those that are gone included. */
export interface NodeTotals {
  /** Replicas and memory now; the other figures are cumulative. */
  replicas: number;
  rssBytes: number;
  /** Cores that its processes can use; where it does not say, one for each. */
  cores?: number;
  cpuUs: number;
  requests: number;
  errors: number;
  /** Of the kind's own, by name: cumulative counters, and the newest gauges of each process. */
  counters: Record<string, number>;
  gauges: Record<string, number[]>;
  /** Of the kind's own, by name: all that was recorded so far. */
  histograms?: Record<string, SparseHistogram>;
  /** Time that its replicas ran, all together, those that are gone included. */
  replicaMs?: number;
  /** Processes that have ended, whyever. */
  endedProcesses?: number;
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
  /** By edge id, likewise. */
  edgesBefore?: Record<string, EdgeTotals>;
  edgesNow?: Record<string, EdgeTotals>;
  /** Balances of all subscriptions, likewise. */
  messagesBefore?: readonly Balance[];
  messagesNow?: readonly Balance[];
  /** What brokers and their edges have done, by node id, likewise. */
  brokersBefore?: Record<string, BrokerTotals>;
  brokersNow?: Record<string, BrokerTotals>;
  /** Figures of the node's kind, by node id. */
  measures: Record<string, readonly MeasureDefinition[]>;
  /** What is billed of each node, by id, and the document's prices. */
  kinds?: Record<string, { kind: string; billed: readonly BilledCounter[] }>;
  prices?: Prices | undefined;
  /** What must add up, by node id. */
  balances?: Record<string, readonly BalanceDefinition[]>;
  /** Without them no callee is found to be a limit. */
  edges?: readonly { id: string; source: string; target: string }[];
  host: HostInfo;
  /** Id of the record that is kept of the run. */
  record?: string | null;
  overhead?: RunOverhead;
  /** What was scaled and deployed meanwhile. */
  scaling?: RunResult['scaling'];
  deploys?: RunResult['deploys'];
}

/** All requests of the run so far; what is in flight is as the clients count it. */
export const trafficCounts = (recording: Recording): TrafficCounts => ({
  ...countsOf(recording.tally()),
  inFlight: recording.inFlight(),
});

export function summarizeRun(recording: Recording, facts: RunFacts): RunResult {
  const durationMs = facts.endedAtMs - facts.startedAtMs;
  const routes = recording.routes();
  const nodes = Object.entries(facts.nodesNow).map(([id, now]) => {
    const before = facts.nodesBefore[id];
    return {
      id,
      now,
      figures: nodeFigures(before, now, durationMs, facts.measures[id] ?? []),
      grown: grownIn(before, now),
    };
  });
  const limits = limitsOf(
    Object.fromEntries(
      nodes.map(({ id, now, figures, grown }) => [
        id,
        { cpu: figures.cpu / Math.max(1, now.cores ?? now.replicas), grown },
      ]),
    ),
    facts.edges ?? [],
  );
  return {
    document: facts.document,
    scenario: facts.scenario,
    seed: facts.seed,
    startedAtMs: facts.startedAtMs,
    durationMs,
    traffic: trafficCounts(recording),
    latencyMs: {
      ...recording.latencySummary(),
      routes: Object.fromEntries(routes.map((route) => [route, summarizeLatency(recording.latency({ route }))])),
    },
    routes: Object.fromEntries(routes.map((route) => [route, countsOf(recording.tally({ route }))])),
    failures: failuresIn(recording.tally()),
    iterations: recording.iterations(),
    generator: recording.generator(),
    nodes: Object.fromEntries(nodes.map(({ id, figures }) => [id, { ...figures, limit: limits[id] ?? null }])),
    edges: Object.fromEntries(
      Object.entries(facts.edgesNow ?? {}).map(([id, now]) => [
        id,
        edgeSummary(facts.edgesBefore?.[id], now, durationMs),
      ]),
    ),
    ...conservationOf(
      recording,
      messageResults(facts.messagesBefore ?? [], facts.messagesNow ?? []),
      Object.entries(facts.nodesNow).flatMap(([id, now]) =>
        (facts.balances?.[id] ?? [])
          .filter(({ begun }) => now.counters[begun])
          .map((each) => balanceOf(id, each, facts.nodesBefore[id], now)),
      ),
    ),
    brokers: brokerResults(
      messageResults(facts.messagesBefore ?? [], facts.messagesNow ?? []),
      facts.brokersBefore ?? {},
      facts.brokersNow ?? {},
    ),
    scaling: facts.scaling ?? {},
    deploys: facts.deploys ?? [],
    overhead: facts.overhead ?? null,
    costs: costsOf(
      nodes.flatMap(({ id, now, grown }) => {
        const kind = facts.kinds?.[id];
        return kind
          ? [{ id, ...kind, grown, replicaMs: (now.replicaMs ?? 0) - (facts.nodesBefore[id]?.replicaMs ?? 0) }]
          : [];
      }),
      durationMs,
      facts.prices,
    ),
    host: facts.host,
    warnings: [],
    record: facts.record ?? null,
  };
}

/** How much the counters of a node grew in the run. */
function grownIn(before: NodeTotals | undefined, now: NodeTotals): Record<string, number> {
  const grown = { ...now.counters };
  addCounters(grown, before?.counters, -1);
  return grown;
}

/** `cpu` is the mean share of a core over the run. */
function nodeFigures(
  before: NodeTotals | undefined,
  now: NodeTotals,
  durationMs: number,
  measures: readonly MeasureDefinition[],
): Omit<RunResult['nodes'][string], 'limit'> {
  const grown = grownIn(before, now);
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

function edgeSummary(before: EdgeTotals | undefined, now: EdgeTotals, elapsedMs: number): RunResult['edges'][string] {
  const grown = { ...now.counters };
  addCounters(grown, before?.counters, -1);
  return {
    requests: now.requests - (before?.requests ?? 0),
    errors: now.errors - (before?.errors ?? 0),
    shares: sharesOf(now.sent, before?.sent),
    measures: edgeFigures({ grown, total: grown, elapsedMs, gauges: now.gauges }),
  };
}

/** Requests, messages, and what nodes count of themselves, alike. */
function conservationOf(
  recording: Recording,
  messages: RunResult['messages'],
  balances: readonly NodeBalance[],
): Pick<RunResult, 'conservation' | 'messages'> {
  const { holds, equation } = checkConservation(recording);
  return {
    conservation: {
      holds: holds && [...messages, ...balances].every((each) => each.holds),
      equation: [
        equation,
        // Where there was nothing there is nothing to say.
        ...messages.filter(({ counts, openBefore }) => counts.published + openBefore > 0).map((each) => each.equation),
        ...balances.map((each) => each.equation),
      ].join('; '),
    },
    messages,
  };
}
