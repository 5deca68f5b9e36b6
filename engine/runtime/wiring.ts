import type { Destination } from '../model/broker.ts';
import type { ArchipelDocument, ArchipelEdge } from '../model/document.ts';
import type { Protocol } from '../model/edge.ts';
import type { WiredEdge } from '../process-kit/protocol.ts';
import type { Links } from './links/links.ts';
import type { ReplicaAddress } from './replica.ts';

/** What a replica has to do with the requests of callers. */
export type TrafficRole =
  /** Not yet, or no more. */
  | 'none'
  | 'live'
  /** A share of the requests, while a new version is tried. */
  | 'canary'
  /** Copies of the requests; its answers go to nobody. */
  | 'shadow';

export interface WiredNode {
  /** Ports that each of its replicas has. */
  doors: number;
  replicas: readonly { replica: number; role: TrafficRole }[];
  /** Share of the requests that the canaries get, all together. */
  canaryShare: number;
  /** Connections wait in the link while it has no replica; null where they are refused. */
  wakeUp: { maxWaitMs: number; maxWaiting: number } | null;
}

export interface Wiring {
  /** Opens a lane for each of these edges and each replica of its target that has none yet. */
  openLanes(edges: readonly ArchipelEdge[]): Promise<void>;
  /** Closes the lanes that the document has no use for any more. */
  closeLanes(document: ArchipelDocument): Promise<void>;
  /** The outgoing edges of a node, as its processes see them. */
  edgesOf(nodeId: string, document: ArchipelDocument): WiredEdge[];
  /** Resolves when no connection leads to this replica any more, or when the time is over. */
  untilUnused(nodeId: string, replica: number, withinMs: number): Promise<void>;
  /** Leads the callers of a replica to another one of its node, or with null to itself again. */
  lead(nodeId: string, replica: number, to: number | null): Promise<void>;
  /** Tells every lane that leads to this replica where it is now. */
  setAddress(nodeId: string, replica: number, address: ReplicaAddress | null): Promise<void>;
  /** Leads the connections that wait for a node to a replica that is live now, or keeps them waiting for one. */
  leadWaiting(nodeId: string): Promise<void>;
}

/** The lane on which connections wait for a replica to wake up. Replicas count from 0. */
const WAITING_LANE = -1;

/** The lane to the first door of a replica has its number; those to the others lie so far above it each. */
const NEXT_DOOR = 1000;
const laneTo = (replica: number, door: number): number => replica + door * NEXT_DOOR;
const replicaOf = (lane: number): number => lane % NEXT_DOOR;
const doorOf = (lane: number): number => Math.floor(lane / NEXT_DOOR);

const lanesOf = (ports: ReadonlyMap<number, number>, replica: number): number[] =>
  [...ports.keys()].filter((lane) => lane !== WAITING_LANE && replicaOf(lane) === replica);

const upstreamAt = ({ host, ports }: ReplicaAddress, door: number): { host: string; port: number } | null => {
  const port = ports[door];
  return port === undefined ? null : { host, port };
};

interface Lanes {
  target: string;
  ports: Map<number, number>;
}

/**
 * The lanes of a running topology: one link port for each edge and each replica of its target. Documents and edges have their
 * sources where they are dialled from, as `dialled` gives them.
 */
export function createWiring(options: {
  links: Links;
  /** The node as it runs, or as it is about to. */
  nodeOf(nodeId: string): WiredNode;
  protocolOf(nodeId: string, document: ArchipelDocument): Protocol | null;
  loginOf(nodeId: string): WiredEdge['login'];
  healthPathOf(nodeId: string, document: ArchipelDocument): string | undefined;
  destinationsOf(nodeId: string, document: ArchipelDocument): readonly Destination[] | undefined;
}): Wiring {
  const { links } = options;
  const lanes = new Map<string, Lanes>();
  const addresses = new Map<string, ReplicaAddress>();
  const addressKey = (nodeId: string, replica: number): string => `${nodeId}/${replica}`;

  const lanesTo = (nodeId: string): [string, Lanes][] => [...lanes].filter(([, { target }]) => target === nodeId);

  /** By the replica that callers mean: the one that they are led to. */
  const leads = new Map<string, number>();
  const ledTo = (nodeId: string, replica: number): number => leads.get(addressKey(nodeId, replica)) ?? replica;

  /** Where the connections of a lane lead now. */
  const upstreamOf = (nodeId: string, lane: number) => {
    if (lane !== WAITING_LANE) {
      const address = addresses.get(addressKey(nodeId, ledTo(nodeId, replicaOf(lane))));
      return address ? upstreamAt(address, doorOf(lane)) : null;
    }
    for (const { replica, role } of options.nodeOf(nodeId).replicas) {
      const address = role === 'live' ? addresses.get(addressKey(nodeId, replica)) : undefined;
      if (address) return upstreamAt(address, 0);
    }
    return null;
  };

  const openLane = async (edgeId: string, opened: Lanes, lane: number): Promise<void> => {
    const { wakeUp } = options.nodeOf(opened.target);
    const waits = lane === WAITING_LANE;
    if (!opened.ports.has(lane)) {
      const port = await links.openLane(edgeId, lane);
      opened.ports.set(lane, port);
      const upstream = upstreamOf(opened.target, lane);
      if (upstream) await links.setUpstream(edgeId, lane, upstream);
    }
    if (waits) await links.holdLane(edgeId, lane, wakeUp);
  };

  const leadWaiting = async (nodeId: string): Promise<void> => {
    await Promise.all(
      lanesTo(nodeId)
        .filter(([, { ports }]) => ports.has(WAITING_LANE))
        .map(([id]) => links.setUpstream(id, WAITING_LANE, upstreamOf(nodeId, WAITING_LANE))),
    );
  };

  const lanesWanted = (nodeId: string): number[] => {
    const { replicas, doors, wakeUp } = options.nodeOf(nodeId);
    return [
      ...replicas.flatMap(({ replica }) => Array.from({ length: doors }, (_, door) => laneTo(replica, door))),
      ...(wakeUp ? [WAITING_LANE] : []),
    ];
  };

  return {
    async openLanes(edges) {
      await Promise.all(
        edges.map(async ({ id, target }) => {
          const opened = lanes.get(id) ?? { target, ports: new Map<number, number>() };
          lanes.set(id, opened);
          if (opened.target !== target) {
            // The same edge leads elsewhere now: callers keep their ports, new connections reach the new target.
            opened.target = target;
            for (const lane of opened.ports.keys()) await links.setUpstream(id, lane, upstreamOf(target, lane));
          }
          for (const lane of lanesWanted(target)) await openLane(id, opened, lane);
        }),
      );
    },
    async closeLanes(document) {
      for (const [id, opened] of lanes) {
        const edge = document.edges.find((candidate) => candidate.id === id && candidate.target === opened.target);
        const keep = edge ? lanesWanted(edge.target) : [];
        for (const lane of [...opened.ports.keys()])
          if (!keep.includes(lane)) {
            await links.closeLane(id, lane);
            opened.ports.delete(lane);
          }
        if (!edge) lanes.delete(id);
      }
    },
    edgesOf(nodeId, document) {
      return document.edges
        .filter((edge) => edge.source === nodeId)
        .flatMap(({ id, target, config }) => {
          const protocol = options.protocolOf(target, document);
          if (!protocol) return [];
          const { replicas, doors, canaryShare, wakeUp } = options.nodeOf(target);
          const opened = lanes.get(id)?.ports ?? new Map<number, number>();
          const reached = replicas.flatMap(({ replica, role }) =>
            Array.from({ length: doors }, (_, door) => opened.get(laneTo(replica, door))).flatMap((port) =>
              port === undefined ? [] : [{ replica, role, port }],
            ),
          );
          const [live, canaries, shadows] = (['live', 'canary', 'shadow'] as const).map((role) =>
            reached.filter((member) => member.role === role),
          ) as [typeof reached, typeof reached, typeof reached];
          const waiting = wakeUp && opened.get(WAITING_LANE);
          const served = [...live, ...canaries];
          return [
            {
              id,
              targetId: target,
              protocol,
              config,
              ...(served.length === 0 && waiting
                ? { ports: [waiting] }
                : { ports: served.map(({ port }) => port), replicas: served.map(({ replica }) => replica) }),
              ...(canaries.length > 0 && {
                weights: served.map(({ role }) =>
                  role === 'canary' ? canaryShare / canaries.length : (1 - canaryShare) / live.length,
                ),
              }),
              ...(shadows.length > 0 && { shadowPorts: shadows.map(({ port }) => port) }),
              healthPath: options.healthPathOf(target, document),
              login: options.loginOf(target),
              destinations: options.destinationsOf(target, document),
            },
          ];
        });
    },
    async untilUnused(nodeId, replica, withinMs) {
      await Promise.all(
        lanesTo(nodeId).flatMap(([id, { ports }]) =>
          lanesOf(ports, replica).map((lane) => links.untilUnused(id, lane, withinMs)),
        ),
      );
    },
    async setAddress(nodeId, replica, address) {
      if (address) addresses.set(addressKey(nodeId, replica), address);
      else addresses.delete(addressKey(nodeId, replica));
      await Promise.all(
        lanesTo(nodeId).flatMap(([id, { ports }]) =>
          [...ports.keys()]
            .filter((lane) => lane !== WAITING_LANE && ledTo(nodeId, replicaOf(lane)) === replica)
            .map((lane) => links.setUpstream(id, lane, address && upstreamAt(address, doorOf(lane)))),
        ),
      );
      await leadWaiting(nodeId);
    },
    async lead(nodeId, replica, to) {
      if (to === null) leads.delete(addressKey(nodeId, replica));
      else leads.set(addressKey(nodeId, replica), to);
      await Promise.all(
        lanesTo(nodeId).flatMap(([id, { ports }]) =>
          lanesOf(ports, replica).map((lane) => links.setUpstream(id, lane, upstreamOf(nodeId, lane))),
        ),
      );
    },
    leadWaiting,
  };
}
