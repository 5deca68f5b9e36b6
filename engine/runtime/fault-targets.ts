import type { EdgeProbe } from '../faults/edge-probe.ts';
import type { EdgeTarget, NodeTarget, ProcessTarget } from '../faults/inject.ts';
import { ArchipelError } from '../model/error.ts';
import type { Links } from './links/links.ts';
import { dialProbe } from './links/probe.ts';
import { measureRoundTrip } from './links/round-trip.ts';
import type { Scaling } from './scaling.ts';
import type { Topology } from './topology.ts';

const GRACEFUL_MS = 5_000;

/** A process of the running topology, as faults act on it. */
export function processTarget(
  topology: Topology,
  nodeId: string,
  index: number,
  faults: readonly string[],
  { isHidden = false, goLive }: { isHidden?: boolean; goLive?: ProcessTarget['goLive'] } = {},
): ProcessTarget {
  const replica = topology.replica(nodeId, index);
  if (replica.options.launch.type === 'remote')
    throw new ArchipelError(
      'fault-impossible',
      `"${nodeId}" is your own server, which Archipel did not start and will not harm`,
      'Remove its URL to use one that Archipel starts.',
    );
  const isThere = (): boolean =>
    topology.nodes().some(({ node, replicas }) => node.id === nodeId && replicas.includes(replica));
  return {
    nodeId,
    replica: index,
    faults,
    pid: () => replica.pid,
    healthy: (timeoutMs) => replica.healthy(timeoutMs),
    end: (how) =>
      how === 'graceful'
        ? replica.stop(GRACEFUL_MS, isHidden ? 'ended' : 'killed gracefully by a fault')
        : replica.kill(isHidden ? 'ended' : 'killed by a fault'),
    hidden: () => processTarget(topology, nodeId, index, faults, { isHidden: true, goLive }),
    start: async () => {
      // One that was taken away meanwhile has nobody who would end its process.
      if (isThere()) await replica.start();
    },
    port: () => replica.status().port,
    requests: () => replica.answered?.requests ?? null,
    impose: (condition, forWhom) =>
      topology.startConditions.impose({ nodeId, ...(forWhom === 'this' && { replica: index }) }, condition),
    siblings: () =>
      (topology.nodes().find(({ node }) => node.id === nodeId)?.replicas ?? [])
        .filter((other) => other !== replica)
        .map((other) => processTarget(topology, nodeId, other.options.replica, faults, { isHidden, goLive })),
    leadTo: (other) => topology.lead(nodeId, index, other),
    goLive,
    call: (name, payload) => replica.call(name, payload),
  };
}

/** An edge of the running topology, as faults act on it. */
export function edgeTarget(topology: Topology, links: Links, edgeId: string): EdgeTarget {
  return {
    edgeId,
    protocol: topology.edge(edgeId).protocol,
    setLinkFault: (fault) => links.setFault(edgeId, fault),
    clearLinkFault: (id) => links.clearFault(edgeId, id),
    linkFaultState: (id) => links.measureFault(edgeId, id),
    async dial(options) {
      const { ports, protocol } = topology.edge(edgeId);
      let probe: EdgeProbe | undefined;
      // A lane whose replica is down refuses, whatever a fault does.
      for (const port of ports) {
        probe = await dialProbe({ port, protocol, ...options });
        if (probe.fate() !== 'refused') break;
      }
      return probe ?? dialProbe({ port: 0, protocol });
    },
    async roundTripMs(options) {
      const { ports, protocol } = topology.edge(edgeId);
      for (const port of ports) {
        const measured = await measureRoundTrip({ port, protocol, ...options });
        if (measured !== null) return measured;
      }
      return null;
    },
  };
}

/** A node of the running topology as a whole. */
export const nodeTarget = (
  { scaling, topology, links }: { scaling: Scaling; topology: Topology; links: Links },
  nodeId: string,
  faults: readonly string[],
): NodeTarget => ({
  nodeId,
  replica: null,
  faults,
  autoscaler: () => scaling.view(nodeId),
  holdAutoscaler: (reason) => scaling.hold(nodeId, reason),
  edges: () =>
    topology
      .dialled()
      .edges.filter(({ target }) => target === nodeId)
      .map(({ id }) => edgeTarget(topology, links, id)),
});
