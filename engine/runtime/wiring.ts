import type { ArchipelDocument } from '../model/document.ts';
import type { Protocol } from '../model/edge.ts';
import type { WiredEdge } from '../process-kit/protocol.ts';
import type { Links } from './links/links.ts';

export interface Wiring {
  /** Opens a lane for each edge and replica of the document that has none yet. */
  openLanes(document: ArchipelDocument): Promise<void>;
  /** Closes the lanes that the document has no use for any more. */
  closeLanes(document: ArchipelDocument): Promise<void>;
  /** The outgoing edges of a node, as its processes see them. */
  edgesOf(nodeId: string, document: ArchipelDocument): WiredEdge[];
  /** Tells every lane to this replica where it is now. */
  setAddress(nodeId: string, replica: number, address: { host: string; port: number } | null): Promise<void>;
}

/** The lanes of a running topology: one link port for each edge and each replica of its target. */
export function createWiring(options: {
  links: Links;
  replicasOf(nodeId: string, document: ArchipelDocument): number;
  protocolOf(nodeId: string, document: ArchipelDocument): Protocol | null;
  loginOf(nodeId: string): WiredEdge['login'];
}): Wiring {
  const { links } = options;
  const lanes = new Map<string, { target: string; ports: Map<number, number> }>();
  const addresses = new Map<string, { host: string; port: number }>();
  const addressKey = (nodeId: string, replica: number): string => `${nodeId}/${replica}`;

  return {
    async openLanes(document) {
      await Promise.all(
        document.edges.map(async ({ id, target }) => {
          const lane = lanes.get(id) ?? { target, ports: new Map<number, number>() };
          lanes.set(id, lane);
          const replicas = options.replicasOf(target, document);
          if (lane.target !== target) {
            // The same edge leads elsewhere now: callers keep their ports, new connections reach the new target.
            lane.target = target;
            for (const replica of lane.ports.keys())
              await links.setUpstream(id, replica, addresses.get(addressKey(target, replica)) ?? null);
          }
          for (let replica = 0; replica < replicas; replica += 1) {
            if (lane.ports.has(replica)) continue;
            lane.ports.set(replica, await links.openLane(id, replica));
            const address = addresses.get(addressKey(target, replica));
            if (address) await links.setUpstream(id, replica, address);
          }
        }),
      );
    },
    async closeLanes(document) {
      for (const [id, lane] of lanes) {
        const edge = document.edges.find((candidate) => candidate.id === id && candidate.target === lane.target);
        const keep = edge ? options.replicasOf(edge.target, document) : 0;
        for (const replica of [...lane.ports.keys()])
          if (replica >= keep) {
            await links.closeLane(id, replica);
            lane.ports.delete(replica);
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
          const replicas = options.replicasOf(target, document);
          const ports = [...(lanes.get(id)?.ports ?? [])]
            .filter(([replica]) => replica < replicas)
            .map(([, port]) => port);
          return [{ id, targetId: target, protocol, config, ports, login: options.loginOf(target) }];
        });
    },
    async setAddress(nodeId, replica, address) {
      if (address) addresses.set(addressKey(nodeId, replica), address);
      else addresses.delete(addressKey(nodeId, replica));
      await Promise.all(
        [...lanes]
          .filter(([, lane]) => lane.target === nodeId && lane.ports.has(replica))
          .map(([id]) => links.setUpstream(id, replica, address)),
      );
    },
  };
}
