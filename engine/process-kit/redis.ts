import { RespError } from '../wire/resp/errors.ts';
import type { Reply } from '../wire/resp/reply.ts';
import { createBalancer } from './balancing/balancer.ts';
import { CallFailure } from './call-failure.ts';
import { failedLookup } from './lookup.ts';
import { createPolicies } from './policies/policies.ts';
import type { EdgeCalls, WiredEdge } from './protocol.ts';
import { failureOfReply } from './redis-failure.ts';
import { createRedisPool, type RedisPool } from './redis-pool.ts';
import { createSingleFlight, type SingleFlight } from './single-flight.ts';
import { tracer } from './tracing.ts';
import type { Span } from './tracing-span.ts';

/** What steps that use a cache count on its edge. */
export interface CacheCounters {
  cacheHits: number;
  cacheMisses: number;
  /** Misses that waited for the load of another request. */
  cacheCoalesced: number;
  /** Hits whose value was older than its time to live. */
  cacheStale: number;
  /** How often what is behind the cache was asked. */
  cacheLoads: number;
  /** Requests that went on without the cache because it failed. */
  cacheBypassed: number;
}

/** The calling side of an edge to a cache: connections to each of its replicas, each of which holds a share of the keys. */
export interface RedisClient {
  /**
   * Sends a request, in one-byte (latin1) strings, to the replica that holds the key, and resolves with its reply.
   * Rejects with a `CallFailure`, also where the reply is an error. Each attempt becomes a child of the span. The edge's policies take
   * the request as one that may be repeated; their fallback answers null, as if the key were not there.
   */
  call(key: string, request: readonly string[], caller?: { span?: Span; deadlineMs: number }): Promise<Reply>;
  readonly counters: CacheCounters;
  /** Loads under way in this process, by key. */
  readonly flights: SingleFlight<void>;
  measure(): Required<Pick<EdgeCalls, 'counters' | 'gauges'>>;
  update(edge: WiredEdge): void;
  /** Resolves when what is under way has ended. */
  close(): Promise<void>;
}

export function createRedisClient(initial: WiredEdge): RedisClient {
  let edge = initial;
  let closed = false;
  const pools = new Map<number, RedisPool>();
  const retiring = new Set<Promise<void>>();
  // All callers agree without talking where a key is; a replica that comes or goes moves only its own share of them.
  const balancer = createBalancer({ balancing: 'consistent-hash' });
  balancer.update(edge);
  const policies = createPolicies(edge);
  const waits = { poolWaits: 0, poolWaitMs: 0 };
  const counters: CacheCounters = {
    cacheHits: 0,
    cacheMisses: 0,
    cacheCoalesced: 0,
    cacheStale: 0,
    cacheLoads: 0,
    cacheBypassed: 0,
  };

  const retire = (port: number, pool: RedisPool): void => {
    pools.delete(port);
    const ended = pool.close();
    retiring.add(ended);
    void ended.then(() => retiring.delete(ended));
  };

  const poolFor = (port: number): RedisPool => {
    const known = pools.get(port);
    if (known) return known;
    const pool = createRedisPool(edge, port, (waitedMs) => {
      waits.poolWaits += 1;
      waits.poolWaitMs += waitedMs;
    });
    pools.set(port, pool);
    return pool;
  };

  const attempt = async (
    key: string,
    request: readonly string[],
    { span: parent, resend, signal }: { span: Span | undefined; resend: number; signal?: AbortSignal },
  ): Promise<Reply> => {
    const { id, targetId } = edge;
    if (closed) throw new CallFailure('cancelled', id, `the edge "${id}" is closed`);
    const lost = failedLookup(edge);
    if (lost) throw lost;
    const replica = balancer.choose(key);
    if (!replica) throw new CallFailure('refused', id, `${targetId} has no replica`);
    const { port } = replica;
    const span = tracer.child(parent, 'cache', edge, request[0] as string, key);
    if (span) Object.assign(span, { port, resend });
    let outcome: 'ok' | 'unreachable' = 'unreachable';
    try {
      const reply = await tracer.during(span, () => poolFor(port).send(request, signal));
      outcome = 'ok';
      if (reply instanceof RespError) throw failureOfReply(reply, edge);
      return reply;
    } finally {
      balancer.ended(port, outcome);
    }
  };

  return {
    counters,
    flights: createSingleFlight<void>(),
    call(key, request, { span, deadlineMs } = { deadlineMs: Number.POSITIVE_INFINITY }) {
      if (!policies.concern(deadlineMs)) return attempt(key, request, { span, resend: 0 });
      return policies.execute({
        idempotent: true,
        deadlineMs,
        attempt: ({ number, signal }) => attempt(key, request, { span, resend: number - 1, signal }),
        fallback: () => null,
      });
    },
    measure() {
      const gauges = { poolSize: 0, poolOpen: 0, poolBusy: 0, poolWaiting: 0 };
      for (const pool of pools.values()) {
        const { open, busy, waiting } = pool.figures();
        gauges.poolSize += edge.config.maxConnections;
        gauges.poolOpen += open;
        gauges.poolBusy += busy;
        gauges.poolWaiting += waiting;
      }
      const policed = policies.measure();
      return { counters: { ...waits, ...counters, ...policed.counters }, gauges: { ...gauges, ...policed.gauges } };
    },
    update(changed) {
      const before = edge;
      edge = changed;
      balancer.update(edge);
      policies.update(edge);
      const isSame = JSON.stringify([before.config, before.login]) === JSON.stringify([edge.config, edge.login]);
      for (const [port, pool] of pools) if (!isSame || !edge.ports.includes(port)) retire(port, pool);
    },
    async close() {
      closed = true;
      balancer.close();
      for (const [port, pool] of pools) retire(port, pool);
      await Promise.all(retiring);
    },
  };
}
