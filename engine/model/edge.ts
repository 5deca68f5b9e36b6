import { z } from 'zod';
import { messageProtocols } from './message-protocols.ts';
import {
  bulkheadSchema,
  circuitBreakerSchema,
  fallbackSchema,
  hedgingSchema,
  rateLimiterSchema,
  retriesSchema,
} from './policies.ts';

/** What travels on an edge. The target's kind decides it. */
export const protocolSchema = z.enum(['http', 'postgres', 'redis', ...messageProtocols]);
export type Protocol = z.infer<typeof protocolSchema>;

/** Policies of the calling side. */
export const edgeConfigSchema = z.strictObject({
  timeoutMs: z.number().int().min(1).max(600_000).default(2000).meta({
    title: 'Timeout',
    description: 'The caller gives an attempt up after this time and counts it as failed with reason "timeout".',
  }),
  maxConnections: z.number().int().min(1).max(1024).default(32).meta({
    title: 'Max connections',
    description:
      'Connections that one calling process keeps open to each replica of the target. Further requests wait.',
  }),
  keepAlive: z.boolean().default(true).meta({
    title: 'Keep connections alive',
    description: 'Off: each call opens a connection of its own and closes it after the answer.',
  }),
  deadlineMs: z.number().int().min(1).max(3_600_000).nullish().meta({
    title: 'Deadline',
    description:
      'A request ends after this time with reason "expired", whatever attempts it would still have. Empty: none.',
  }),
  propagateDeadline: z.boolean().default(false).meta({
    title: 'Propagate the deadline',
    description:
      'Tells the callee how much time is left (header x-archipel-timeout-ms), so that it drops work nobody waits for.',
  }),
  retries: retriesSchema.nullish().meta({
    title: 'Retries',
    description: 'A failed request is sent again.',
  }),
  hedging: hedgingSchema.nullish().meta({
    title: 'Hedging',
    description: 'A request that takes long is sent a second time beside the first.',
  }),
  circuitBreaker: circuitBreakerSchema.nullish().meta({
    title: 'Circuit breaker',
    description: 'Stops calling a target that keeps failing, and tries it again later.',
  }),
  bulkhead: bulkheadSchema.nullish().meta({
    title: 'Bulkhead',
    description:
      'Bounds how many calls along this edge are under way, so that a slow target cannot take up all of the caller.',
  }),
  rateLimiter: rateLimiterSchema.nullish().meta({
    title: 'Rate limiter',
    description: 'Bounds how often the target is called.',
  }),
  fallback: fallbackSchema.nullish().meta({
    title: 'Fallback',
    description: 'An answer for when all else has failed. Of a query: no rows; of a cache: nothing found.',
  }),
});

export type EdgeConfig = z.infer<typeof edgeConfigSchema>;

export const defaultEdgeConfig: EdgeConfig = edgeConfigSchema.parse({});
