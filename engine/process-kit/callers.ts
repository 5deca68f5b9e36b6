import type { Protocol } from '../model/edge.ts';
import { createBalancedCaller } from './balancing/balanced-caller.ts';
import { createBalancer } from './balancing/balancer.ts';
import { CallFailure } from './call-failure.ts';
import type { HttpCaller } from './http-caller.ts';
import { createQueryClient, type QueryClient } from './postgres.ts';
import type { WiredEdge } from './protocol.ts';
import { createRedisClient, type RedisClient } from './redis.ts';

/** The calling side of an edge, by what travels on it. */
interface CallerOf {
  http: HttpCaller;
  postgres: QueryClient;
  redis: RedisClient;
}

const open: { [P in Protocol]: (edge: WiredEdge) => CallerOf[P] } = {
  http: (edge) => createBalancedCaller(edge, createBalancer({ balancing: 'round-robin' })),
  postgres: createQueryClient,
  redis: createRedisClient,
};

/** The outgoing edges of a process, each with its caller. */
export interface Callers {
  /** Throws a `CallFailure` at `nodeId` when no such edge is wired. */
  get<P extends Protocol>(protocol: P, edgeId: string): { edge: WiredEdge; caller: CallerOf[P] };
  wire(edges: WiredEdge[]): void;
  /** By edge. */
  all(): Iterable<readonly [string, CallerOf[Protocol]]>;
  /** Resolves when what is under way has ended. */
  close(): Promise<void>;
}

export function createCallers(nodeId: string): Callers {
  const opened = new Map<string, { edge: WiredEdge; caller: CallerOf[Protocol] }>();
  return {
    get<P extends Protocol>(protocol: P, edgeId: string) {
      const found = opened.get(edgeId);
      if (found?.edge.protocol !== protocol)
        throw new CallFailure('handler-error', nodeId, `no edge "${edgeId}" that carries ${protocol}`);
      return found as { edge: WiredEdge; caller: CallerOf[P] };
    },
    wire(edges) {
      for (const [id, { edge: known, caller }] of opened)
        if (!edges.some((edge) => edge.id === id && edge.protocol === known.protocol)) {
          void caller.close();
          opened.delete(id);
        }
      for (const edge of edges) {
        const known = opened.get(edge.id);
        if (!known) opened.set(edge.id, { edge, caller: open[edge.protocol](edge) });
        else {
          known.edge = edge;
          known.caller.update(edge);
        }
      }
    },
    *all() {
      for (const [id, { caller }] of opened) yield [id, caller] as const;
    },
    async close() {
      await Promise.all([...opened.values()].map(({ caller }) => caller.close()));
    },
  };
}
