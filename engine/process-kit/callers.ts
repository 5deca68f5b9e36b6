import type { Protocol } from '../model/edge.ts';
import { carriesMessages } from '../model/message-protocols.ts';
import { createBalancedCaller } from './balancing/balanced-caller.ts';
import { createBalancer } from './balancing/balancer.ts';
import { CallFailure } from './call-failure.ts';
import type { HttpCaller } from './http-caller.ts';
import type { MessageCaller } from './messages/message-caller.ts';
import { createQueryClient, type QueryClient } from './postgres.ts';
import type { WiredEdge } from './protocol.ts';
import { createRedisClient, type RedisClient } from './redis.ts';

/** The calling side of an edge, by what travels on it. */
interface CallerOf {
  http: HttpCaller;
  postgres: QueryClient;
  redis: RedisClient;
  'redis-messages': MessageCaller;
  kafka: MessageCaller;
  'rabbitmq-messages': MessageCaller;
}

type Open = { [P in Protocol]: (edge: WiredEdge) => CallerOf[P] };

/** The outgoing edges of a process, each with its caller. */
export interface Callers {
  /** Of an edge to a broker or from it. Throws a `CallFailure` at `nodeId` when none such is wired. */
  broker(edgeId: string): { edge: WiredEdge; caller: MessageCaller };
  /** Throws a `CallFailure` at `nodeId` when no such edge is wired. */
  get<P extends Protocol>(protocol: P, edgeId: string): { edge: WiredEdge; caller: CallerOf[P] };
  wire(edges: WiredEdge[]): void;
  /** By edge. */
  all(): Iterable<readonly [string, CallerOf[Protocol]]>;
  /** Resolves when what is under way has ended. */
  close(): Promise<void>;
}

const noBroker = (edge: WiredEdge): never => {
  throw new Error(`this program uses no broker, and so not ${edge.id}`);
};

/** `openBroker` opens the side of this process on an edge to a broker or from it. */
export function createCallers(nodeId: string, openBroker: (edge: WiredEdge) => MessageCaller = noBroker): Callers {
  const open: Open = {
    http: (edge) => createBalancedCaller(edge, createBalancer({ balancing: 'round-robin' })),
    postgres: createQueryClient,
    redis: createRedisClient,
    'redis-messages': openBroker,
    kafka: openBroker,
    'rabbitmq-messages': openBroker,
  };
  const opened = new Map<string, { edge: WiredEdge; caller: CallerOf[Protocol] }>();
  return {
    broker(edgeId) {
      const found = opened.get(edgeId);
      if (!found || !carriesMessages(found.edge.protocol))
        throw new CallFailure('handler-error', nodeId, `no edge "${edgeId}" that carries messages`);
      return found as { edge: WiredEdge; caller: MessageCaller };
    },
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
