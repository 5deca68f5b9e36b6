import { cpus } from 'node:os';
import { catalogue } from '../catalogue.ts';
import { wilsonInterval } from '../experiments/statistics.ts';
import { createFaultController, type FaultController } from '../faults/controller.ts';
import { costPerHourOf } from '../metrics/costs.ts';
import { type CounterWindow, createCounterWindow } from '../metrics/counter-window.ts';
import { createEdgeWindow, type EdgeTotals, type EdgeWindow } from '../metrics/edge-window.ts';
import { createHistogram, percentileMs } from '../metrics/histogram.ts';
import { limitsOf, type NodeLoad } from '../metrics/limits.ts';
import { addCounters, type Counted, measuresOf } from '../metrics/measures.ts';
import { type BrokerCounts, brokerCounts, queueStatuses } from '../metrics/messages/broker-figures.ts';
import { createBrokerPeaks } from '../metrics/messages/broker-peaks.ts';
import type { BrokerTotals } from '../metrics/messages/broker-results.ts';
import { createNodeWindow, type NodeWindow } from '../metrics/node-window.ts';
import { createReplicaTime } from '../metrics/replica-time.ts';
import type { NodeTotals } from '../metrics/summary.ts';
import type { BalanceDefinition, BilledCounter, MeasureDefinition } from '../model/definition.ts';
import { delivers } from '../model/dialling.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { edgesAcross, nodesWithin } from '../model/groups.ts';
import { effectivePrices } from '../model/price-sheet.ts';
import type { ProcessFrame } from '../process-kit/protocol.ts';
import type { Exposure } from '../runtime/deploys/deploy.ts';
import { createDeploys, type Deploys } from '../runtime/deploys/deploys.ts';
import { createLiveVersions } from '../runtime/deploys/live-versions.ts';
import { removeDirectory } from '../runtime/directory.ts';
import type { Environment } from '../runtime/environment.ts';
import { edgeTarget, nodeTarget, processTarget } from '../runtime/fault-targets.ts';
import type { BrokerSight } from '../runtime/launch.ts';
import { createMessageWatch, type MessageWatch } from '../runtime/messages/watch.ts';
import { allocatePort, freePort } from '../runtime/ports.ts';
import type { Replica } from '../runtime/replica.ts';
import { journalDirectory } from '../runtime/running-replica.ts';
import { createScaling, type Scaling } from '../runtime/scaling.ts';
import { slotsLeft } from '../runtime/slots-left.ts';
import { type NodePicture, Topology } from '../runtime/topology.ts';
import { warmProcesses } from '../runtime/warm-pool.ts';
import type { Ground } from './ground.ts';
import type {
  DeployImpact,
  DeployStatus,
  EdgeStatus,
  FaultStatus,
  LogLine,
  NodeStatus,
  QueueStatus,
  ReplicaStatus,
} from './types.ts';

/** No process has this pid. */
const LEDGER = 0;

/** What programs that are not ours can use: they run in any number of threads. */
const CORES = cpus().length;

/** A topology with all that watches it: links, metrics of its nodes and edges, faults. */
export interface LiveTopology {
  topology: Topology;
  faults: FaultController;
  scaling: Scaling;
  deploys: Deploys;
  /** Oldest first, with what users noticed of each. */
  deployStatuses(): DeployStatus[];
  nodes(): Record<string, NodeStatus>;
  edges(): Record<string, EdgeStatus>;
  totals(): Record<string, NodeTotals>;
  edgeTotals(): Record<string, EdgeTotals>;
  /** What became of the messages. */
  messages: MessageWatch;
  /** What brokers and their edges have done so far, by node id. */
  brokers(): Record<string, BrokerTotals>;
  /** From now on the worst is looked for anew. */
  forgetPeaks(): void;
  /** The measures of each node's kind. */
  measures(): Record<string, readonly MeasureDefinition[]>;
  /** What costs money, by node id. */
  billed(): Record<string, { kind: string; billed: readonly BilledCounter[] }>;
  /** What must add up, by node id. */
  balances(): Record<string, readonly BalanceDefinition[]>;
  /** Takes faults off and stops all processes. */
  stop(): Promise<void>;
}

export function createLiveTopology(
  document: ArchipelDocument,
  options: Ground & {
    /** Private to this topology; removed when it stops. */
    directory: string;
    documentDirectory?: string | null;
    environment: Environment;
    onChange(): void;
    /** A fault has changed; this is how it is now. */
    onFault?(status: FaultStatus): void;
    onLines(lines: LogLine[]): void;
    onFrame(nodeId: string, frame: ProcessFrame, source: { nodeId: string; replica: number; pid: number }): void;
    /** Share of the requests that new processes sample. */
    traceRatio(): number | null;
    /** What users noticed of a deploy; null without traffic. */
    impactOf?(deployId: string, exposure: Exposure | null): DeployImpact | null;
    onProcessGone(nodeId: string): void;
  },
): LiveTopology {
  const { environment, guardian, directory, links, warmPool, onChange } = options;
  const windows = new Map<string, NodeWindow>();
  const edgeWindows = new Map<string, EdgeWindow>();

  /** Rates of nodes that do not count themselves. */
  const rates = new Map<string, { requests: CounterWindow; errors: CounterWindow }>();

  const foreign = new Map<string, CounterWindow>();

  const sightsOf = new WeakMap<Replica, Map<number, BrokerSight>>();

  const windowOf = (nodeId: string): NodeWindow => {
    const window = windows.get(nodeId) ?? createNodeWindow();
    windows.set(nodeId, window);
    return window;
  };

  const edgeWindowOf = (edgeId: string): EdgeWindow => {
    const window = edgeWindows.get(edgeId) ?? createEdgeWindow();
    edgeWindows.set(edgeId, window);
    return window;
  };

  const replicaTime = createReplicaTime();
  const countReplicas = (): void =>
    replicaTime.count(
      Object.fromEntries(
        topology.nodes().map(({ node, replicas }) => [node.id, replicas.filter(({ pid }) => pid !== null).length]),
      ),
    );

  const topology: Topology = new Topology(document, {
    environment,
    guardian,
    links,
    directory,
    documentDirectory: options.documentDirectory,
    kinds: catalogue.kinds,
    ports: { allocate: allocatePort, free: freePort },
    warmPool,
    warmProcesses: warmProcesses(),
    onChange() {
      countReplicas();
      onChange();
    },
    onLines: options.onLines,
    traceRatio: options.traceRatio,
    onFrame(nodeId, replica, pid, frame) {
      windowOf(nodeId).add({ replica, pid }, frame);
      for (const [edgeId, calls] of Object.entries(frame.calls ?? {})) edgeWindowOf(edgeId).add(pid, calls, frame.atMs);
      deploys.addFrame(nodeId, replica, pid, frame);
      options.onFrame(nodeId, frame, { nodeId, replica, pid });
      onChange();
    },
    onGone(nodeId, replica, pid) {
      windowOf(nodeId).ended({ replica, pid });
      for (const window of edgeWindows.values()) window.ended(pid);
      options.onProcessGone(nodeId);
    },
  });

  const peaks = createBrokerPeaks();
  const brokers = () => topology.document.nodes.filter(({ kind }) => delivers(definitionOf(kind)));
  const openIn = (broker: string): number =>
    messages
      .balances()
      .filter((balance) => balance.broker === broker)
      .reduce((sum, { inBroker, inFlight }) => sum + inBroker + inFlight, 0);

  /** CPU time so far and memory now, of all processes of a node. */
  const usage = (nodeId: string): Pick<NodeTotals, 'cpuUs' | 'rssBytes'> => {
    const replicas = topology.nodes().find(({ node }) => node.id === nodeId)?.replicas ?? [];
    if (speaksForItself(replicas)) return windowOf(nodeId).totals();
    const used = replicas.map((replica) => replica.sampledUsage() ?? { cpuUs: 0, rssBytes: 0 });
    return {
      cpuUs: used.reduce((sum, { cpuUs }) => sum + cpuUs, 0),
      rssBytes: used.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    };
  };

  const messages = createMessageWatch({
    directory: journalDirectory(directory),
    document: () => topology.document,
    sightOf(broker) {
      const picture = topology.nodes().find(({ node }) => node.id === broker);
      const member = picture?.members.find(
        ({ running }) => running?.process.state === 'ready' || running?.process.state === 'degraded',
      );
      const { process, launch } = member?.running ?? {};
      if (!process || !launch) return null;
      const sights = sightsOf.get(process) ?? new Map<number, BrokerSight>();
      sightsOf.set(process, sights);
      const { port } = process.status();
      if (port === null) return null;
      const sight = sights.get(port) ?? launch.broker?.(port, (name, payload) => process.call(name, payload));
      if (sight) sights.set(port, sight);
      return sight ?? null;
    },
    lives: (pid) => topology.nodes().some(({ replicas }) => replicas.some((replica) => replica.pid === pid)),
    onPass() {
      // As if one more process had counted: what is written down of an edge's messages.
      for (const [edgeId, { flow, lost }] of messages.edges())
        edgeWindowOf(edgeId).add(LEDGER, {
          ...{ requests: 0, errors: 0, counters: { ...flow } },
          ...('messagesSent' in flow && { gauges: { messagesLost: lost } }),
        });
      for (const { id } of brokers()) peaks.take(id, openIn(id), usage(id).rssBytes);
      onChange();
    },
  });

  const definitionOf = (kind: string) => catalogue.kinds.find((definition) => definition.kind === kind);
  const faults = createFaultController({
    resolveProcess(nodeId, replica) {
      const found = topology.nodes().find(({ node }) => node.id === nodeId);
      if (!found?.replicas.some(({ options: { replica: index } }) => index === replica)) return null;
      return processTarget(topology, nodeId, replica, definitionOf(found.node.kind)?.faults ?? [], {
        ...(isVersioned(found.node.config) && { goLive: (version) => goLive(nodeId, version) }),
      });
    },
    resolveNode(nodeId) {
      const found = topology.nodes().find(({ node }) => node.id === nodeId);
      return found
        ? nodeTarget({ scaling, topology, links }, nodeId, definitionOf(found.node.kind)?.faults ?? [])
        : null;
    },
    resolveGroup: (groupId) => {
      const { document } = topology;
      const group = document.groups.find(({ id }) => id === groupId);
      if (!group) return null;
      const nodes = nodesWithin(document, groupId);
      return {
        kind: group.kind,
        nodes,
        processes: topology
          .nodes()
          .filter(({ node }) => nodes.includes(node.id))
          .flatMap(({ node, replicas }) => replicas.map(({ options: { replica } }) => ({ node: node.id, replica }))),
        edges: edgesAcross(document, groupId),
        incomingEdges: edgesAcross(document, groupId).filter((id) =>
          topology.dialled().edges.some((edge) => edge.id === id && nodes.includes(edge.target)),
        ),
      };
    },
    replicasOf: (nodeId) =>
      topology
        .nodes()
        .find(({ node }) => node.id === nodeId)
        ?.replicas.map(({ options: { replica } }) => replica) ?? null,
    everything: () => ({
      nodes: topology.document.nodes.map(({ id }) => id),
      processes: topology
        .nodes()
        .flatMap(({ node, replicas }) => replicas.map(({ options: { replica } }) => ({ node: node.id, replica }))),
      edges: topology.document.edges.map(({ id }) => id),
    }),
    resolveEdge: (edgeId) =>
      topology.document.edges.some(({ id }) => id === edgeId) ? edgeTarget(topology, links, edgeId) : null,
    onChange(status) {
      options.onFault?.(status);
      onChange();
    },
  });

  /** What its callers counted, for nodes that do not count themselves. */
  const callsTo = (nodeId: string): { requests: number; errors: number } =>
    topology
      .dialled()
      .edges.filter(({ target }) => target === nodeId)
      .map(({ id }) => edgeWindowOf(id).totals())
      .reduce((sum, { requests, errors }) => ({ requests: sum.requests + requests, errors: sum.errors + errors }), {
        requests: 0,
        errors: 0,
      });

  const replicaStatus = ({ node, members }: NodePicture, replica: Replica): ReplicaStatus => {
    const member = members.find(({ running }) => running?.process === replica);
    const status = {
      ...replica.status(),
      version: isVersioned(node.config) ? (member?.version.name ?? null) : null,
      role: member?.role ?? ('none' as const),
    };
    return speaksForItself([replica])
      ? { ...status, ...windowOf(node.id).replica(status.replica, Date.now()) }
      : status;
  };

  const scaling = createScaling({
    topology,
    links,
    sight(nodeId) {
      const replicas = topology.nodes().find(({ node }) => node.id === nodeId)?.replicas ?? [];
      const isOurs = speaksForItself(replicas);
      const { requests, inFlight } = windowOf(nodeId).figures(Date.now());
      return {
        requests: isOurs ? requests : callsTo(nodeId).requests,
        inFlight,
        load(replica) {
          if (isOurs) return windowOf(nodeId).load(replica, Date.now());
          const found = replicas.find((candidate) => candidate.options.replica === replica);
          return found ? { cpu: found.status().cpu, inFlight: null, waiting: null } : null;
        },
      };
    },
    failedCallsTo: (nodeId) => callsTo(nodeId).errors,
    ceilingOf: (nodeId) =>
      slotsLeft(
        topology.document,
        nodeId,
        (other) => topology.nodes().find(({ node }) => node.id === other)?.desired ?? 0,
      ),
    onChange,
  });

  const countedByCallers = (nodeId: string) => {
    const counted = callsTo(nodeId);
    const rate = rates.get(nodeId) ?? { requests: createCounterWindow(), errors: createCounterWindow() };
    rates.set(nodeId, rate);
    rate.requests.add(Date.now(), counted.requests);
    rate.errors.add(Date.now(), counted.errors);
    const latency = createHistogram();
    for (const { id, target } of topology.dialled().edges)
      if (target === nodeId) edgeWindowOf(id).addLatency(latency, Date.now());
    return {
      ...counted,
      requestsPerSec: rate.requests.perSec(),
      errorsPerSec: rate.errors.perSec(),
      p50Ms: percentileMs(latency, 50),
      p99Ms: percentileMs(latency, 99),
    };
  };

  /** How much a counter grew in the last second. */
  const grownBy = (key: string, total: number): number => {
    const window = foreign.get(key) ?? createCounterWindow();
    foreign.set(key, window);
    window.add(Date.now(), total);
    return window.perSec();
  };

  /** Counters and gauges of a program that is not ours, as it was last asked. */
  const foreignCounted = (nodeId: string, replicas: readonly Replica[]): Counted => {
    const total: Record<string, number> = {};
    const gauges: Record<string, number[]> = {};
    for (const replica of replicas) {
      const measured = replica.measured();
      addCounters(total, measured.counters);
      for (const [name, value] of Object.entries(measured.gauges ?? {}))
        gauges[name] = [...(gauges[name] ?? []), value];
    }
    const grown: Record<string, number> = {};
    for (const [name, value] of Object.entries(total)) grown[name] = grownBy(`${nodeId} ${name}`, value);
    return { grown, total, elapsedMs: 1000, gauges };
  };

  /** What a broker holds, and what became of its messages; null of any other node. */
  const messageCounts = (nodeId: string): BrokerCounts | null =>
    brokerCounts(
      messages.balances().filter(({ broker }) => broker === nodeId),
      messages.seen(nodeId),
      Date.now(),
    );

  const withMessages = (nodeId: string, counted: Counted): Counted => {
    const ofMessages = messageCounts(nodeId);
    if (!ofMessages) return counted;
    const grown: Record<string, number> = {};
    for (const [name, total] of Object.entries(ofMessages.counters)) grown[name] = grownBy(`${nodeId} ${name}`, total);
    return {
      ...counted,
      grown: { ...counted.grown, ...grown },
      total: { ...counted.total, ...ofMessages.counters },
      gauges: { ...counted.gauges, ...ofMessages.gauges },
    };
  };

  const queuesOf = (nodeId: string): QueueStatus[] | null => {
    const ofNode = messages.balances().filter(({ broker }) => broker === nodeId);
    if (ofNode.length === 0 && messages.seen(nodeId) === null) return null;
    return queueStatuses(ofNode, messages.seen(nodeId), Date.now(), (name, total) =>
      grownBy(`${nodeId} ${name}`, total),
    );
  };

  const deploys = createDeploys({
    topology,
    kinds: catalogue.kinds,
    leastShare: (failures, samples) => wilsonInterval(failures, samples).low,
    onChange,
  });
  const goLive = createLiveVersions({ topology, deploys });
  const deployStatuses = (): DeployStatus[] =>
    deploys
      .list()
      .map(({ status, exposure }) => ({ ...status, impact: options.impactOf?.(status.id, exposure) ?? null }));

  return {
    topology,
    faults,
    scaling,
    deploys,
    deployStatuses,
    nodes() {
      const loads: Record<string, NodeLoad> = {};
      const deployed = deployStatuses();
      const prices = effectivePrices(topology.document.prices);
      const statuses = topology.nodes().map((picture) => {
        const { node, state, reason, replicas, desired, version } = picture;
        const isOurs = speaksForItself(replicas);
        const figures = windowOf(node.id).figures(Date.now());
        const counted = withMessages(
          node.id,
          isOurs ? windowOf(node.id).counted(Date.now()) : foreignCounted(node.id, replicas),
        );
        const queues = queuesOf(node.id);
        const environments = windowOf(node.id).environments();
        const costPerHour = costPerHourOf(
          {
            ...{ id: node.id, kind: node.kind, billed: definitionOf(node.kind)?.billed ?? [] },
            ...{ grown: counted.grown, elapsedMs: counted.elapsedMs },
            replicas: replicas.filter(({ pid }) => pid !== null).length,
          },
          prices,
        );
        const replicaStatuses = replicas.map((replica) => replicaStatus(picture, replica));
        const used = replicaStatuses.map(({ cpu }) => cpu);
        loads[node.id] = {
          cpu:
            isOurs && definitionOf(node.kind)?.cores !== 'all'
              ? Math.max(0, ...used)
              : used.reduce((sum, cpu) => sum + cpu, 0) / CORES,
          grown: counted.grown,
        };
        return {
          id: node.id,
          kind: node.kind,
          state,
          reason,
          replicas: replicaStatuses,
          ...(isOurs ? figures : { ...figures, ...countedByCallers(node.id) }),
          measures: measuresOf(definitionOf(node.kind)?.measures ?? [], counted),
          ...(queues && { queues }),
          ...(environments && { environments }),
          cpuUse: loads[node.id]?.cpu ?? 0,
          ...(costPerHour !== null && { costPerHour }),
          desiredReplicas: desired,
          version: isVersioned(node.config) ? version : null,
          autoscaler: scaling.status(node.id),
          deploy: deployed.findLast((deploy) => deploy.node === node.id) ?? null,
        };
      });
      const limits = limitsOf(loads, topology.dialled().edges);
      return Object.fromEntries(statuses.map((status) => [status.id, { ...status, limit: limits[status.id] ?? null }]));
    },
    edges() {
      const stats = links.stats();
      return Object.fromEntries(
        topology.document.edges.map(({ id }) => {
          const { requests, errors } = edgeWindowOf(id).totals();
          const traffic = stats[id] ?? { connections: 0, upstreamBytes: 0, downstreamBytes: 0 };
          const window = edgeWindowOf(id);
          const [shares, measures] = [window.shares(Date.now()), window.measures(Date.now())];
          return [id, { id, ...traffic, requests, errors, p99Ms: window.p99Ms(Date.now()), shares, measures }];
        }),
      );
    },
    totals() {
      countReplicas();
      return Object.fromEntries(
        topology.nodes().map(({ node, replicas }): [string, NodeTotals] => {
          const ofMessages = messageCounts(node.id);
          if (speaksForItself(replicas)) {
            const totals = windowOf(node.id).totals();
            return [
              node.id,
              {
                ...totals,
                replicaMs: replicaTime.ofNode(node.id),
                ...(definitionOf(node.kind)?.cores === 'all' && { cores: CORES }),
                counters: { ...totals.counters, ...ofMessages?.counters },
                gauges: { ...totals.gauges, ...ofMessages?.gauges },
              },
            ];
          }
          return [
            node.id,
            {
              replicas: replicas.length,
              replicaMs: replicaTime.ofNode(node.id),
              cores: CORES,
              ...usage(node.id),
              ...callsTo(node.id),
              counters: { ...foreignCounted(node.id, replicas).total, ...ofMessages?.counters },
              gauges: { ...foreignCounted(node.id, replicas).gauges, ...ofMessages?.gauges },
            },
          ];
        }),
      );
    },
    edgeTotals: () => Object.fromEntries(topology.document.edges.map(({ id }) => [id, edgeWindowOf(id).totals()])),
    billed: () =>
      Object.fromEntries(
        topology.nodes().map(({ node: { id, kind } }) => [id, { kind, billed: definitionOf(kind)?.billed ?? [] }]),
      ),
    balances: () =>
      Object.fromEntries(topology.nodes().map(({ node }) => [node.id, definitionOf(node.kind)?.balances ?? []])),
    measures: () =>
      Object.fromEntries(topology.nodes().map(({ node }) => [node.id, definitionOf(node.kind)?.measures ?? []])),
    messages,
    brokers: () =>
      Object.fromEntries(
        brokers().map(({ id, kind }) => {
          const latencies = (end: 'source' | 'target') =>
            Object.fromEntries(
              topology.document.edges
                .filter((edge) => edge[end] === id)
                .map((edge) => [edge.id, edgeWindowOf(edge.id).latency()]),
            );
          return [
            id,
            {
              ...{ kind, cpuUs: usage(id).cpuUs, publish: latencies('target'), through: latencies('source') },
              ...peaks.of(id),
            },
          ];
        }),
      ),
    forgetPeaks: peaks.restart,
    async stop() {
      scaling.stop();
      messages.stop();
      await faults.clearAll('stop');
      await topology.stop();
      await removeDirectory(directory);
    },
  };
}

const isVersioned = (config: Record<string, unknown>): boolean => 'versions' in config;

const speaksForItself = (replicas: { options: { launch: { type: string } } }[]): boolean =>
  replicas.every(({ options: { launch } }) => launch.type === 'node');
