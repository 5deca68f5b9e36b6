import { createEdge, type Edge } from './edge.ts';
import { createLane, type Lane } from './lane.ts';
import type { LinkMessage, LinkRequest, LinkStats } from './protocol.ts';

// The owner is gone: nothing may outlive it.
process.on('disconnect', () => process.exit(0));
// An interrupt at the terminal reaches the whole group; the host then stops its processes in order.
process.on('SIGINT', () => {});

const STATS_INTERVAL_MS = 250;

const edges = new Map<string, { edge: Edge; lanes: Map<number, Lane>; reported: LinkStats }>();

const send = (message: LinkMessage): void => {
  if (process.connected) process.send?.(message);
};

const nothingYet: LinkStats = { connections: 0, upstreamBytes: 0, downstreamBytes: 0 };

function edgeOf(edgeId: string): { edge: Edge; lanes: Map<number, Lane>; reported: LinkStats } {
  let entry = edges.get(edgeId);
  if (!entry) {
    const edge = createEdge({ onLeaseEnd: (faultId) => send({ type: 'lease-ended', edgeId, faultId }) });
    entry = { edge, lanes: new Map(), reported: nothingYet };
    edges.set(edgeId, entry);
  }
  return entry;
}

async function carryOut(request: LinkRequest): Promise<unknown> {
  switch (request.type) {
    case 'open-lane': {
      const { edge, lanes } = edgeOf(request.edgeId);
      const { edgeId } = request;
      lanes.set(
        request.replica,
        createLane(request.port, edge, () => send({ type: 'wanted', edgeId })),
      );
      return;
    }
    case 'set-upstream': {
      const lane = edges.get(request.edgeId)?.lanes.get(request.replica);
      if (!lane) throw new Error(`edge "${request.edgeId}" has no lane to replica ${request.replica}`);
      return lane.setUpstream(request.upstream);
    }
    case 'await-unused':
      return edges.get(request.edgeId)?.lanes.get(request.replica)?.untilUnused(request.withinMs);
    case 'hold-lane':
      return edges.get(request.edgeId)?.lanes.get(request.replica)?.hold(request.limits);
    case 'close-lane': {
      const entry = edges.get(request.edgeId);
      entry?.lanes.get(request.replica)?.close();
      entry?.lanes.delete(request.replica);
      if (entry?.lanes.size !== 0) return;
      entry.edge.close();
      edges.delete(request.edgeId);
      return;
    }
    case 'set-fault': {
      const entry = edges.get(request.edgeId);
      if (!entry) throw new Error(`edge "${request.edgeId}" has no lane`);
      return entry.edge.setFault(request.fault);
    }
    case 'clear-fault':
      return edges.get(request.edgeId)?.edge.clearFault(request.faultId);
    case 'measure-fault':
      return edges.get(request.edgeId)?.edge.measureFault(request.faultId);
  }
}

process.on('message', (request: LinkRequest) => {
  carryOut(request).then(
    (value) => send({ type: 'done', id: request.id, value }),
    (error: unknown) =>
      send({ type: 'failed', id: request.id, message: error instanceof Error ? error.message : String(error) }),
  );
});

setInterval(() => {
  const changed: Record<string, LinkStats> = {};
  for (const [edgeId, entry] of edges) {
    const { connections, upstreamBytes, downstreamBytes } = entry.edge.counters;
    const { reported } = entry;
    if (
      connections === reported.connections &&
      upstreamBytes === reported.upstreamBytes &&
      downstreamBytes === reported.downstreamBytes
    )
      continue;
    entry.reported = { connections, upstreamBytes, downstreamBytes };
    changed[edgeId] = entry.reported;
  }
  if (Object.keys(changed).length === 0) return;
  const { user, system } = process.cpuUsage();
  send({ type: 'stats', edges: changed, cpuUs: user + system });
}, STATS_INTERVAL_MS);
