import { z } from 'zod';

/*
 * What the calling side of an edge does about a callee that is slow, fails or is overrun. The names are the same for
 * every protocol; a policy that is absent or null is off. docs/policies.md tells in which order they act.
 */

const millisecondsSchema = z.number().int().min(1).max(600_000);

/** Failures that another attempt may cure. */
const retryReasonSchema = z.enum([
  'refused',
  'reset',
  'timeout',
  'dns',
  'crash',
  'queue-full',
  'shed',
  'breaker-open',
  'throttled',
  'handler-error',
]);

export const backoffSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('exponential'),
    baseDelayMs: millisecondsSchema.default(50).meta({
      title: 'Base delay',
      description: 'The pause before retry n is drawn evenly from 0 to base × 2^(n−1): full jitter.',
    }),
    maxDelayMs: millisecondsSchema.default(2000).meta({
      title: 'Max delay',
      description: 'The upper end of the draw never exceeds this.',
    }),
  }),
  z.strictObject({
    type: z.literal('fixed'),
    delayMs: z.number().int().min(0).max(600_000).default(50).meta({
      title: 'Delay',
      description: 'The same pause before each retry. Callers that failed together come back together.',
    }),
  }),
]);

const retryBudgetSchema = z.strictObject({
  ratio: z.number().min(0).max(1).default(0.1).meta({
    title: 'Ratio',
    description: 'Retries for each request: 0.1 lets retries add at most a tenth to the load.',
  }),
  minPerSec: z.number().min(0).max(10_000).default(1).meta({
    title: 'Minimum',
    description: 'Retries each second that are allowed however few requests there are.',
  }),
  burst: z.number().int().min(1).max(10_000).default(10).meta({
    title: 'Burst',
    description: 'Retries that may be saved up and then come at once.',
  }),
});

export const retriesSchema = z.strictObject({
  maxAttempts: z.number().int().min(2).max(20).default(3).meta({
    title: 'Max attempts',
    description: 'Attempts in all, the first one included.',
  }),
  backoff: backoffSchema.default({ type: 'exponential', baseDelayMs: 50, maxDelayMs: 2000 }).meta({
    title: 'Backoff',
    description: 'The pause before the next attempt.',
  }),
  on: z.array(retryReasonSchema).min(1).default(['refused', 'reset', 'timeout']).meta({
    title: 'On',
    description: 'Reasons of a failure after which another attempt is made.',
  }),
  idempotentOnly: z.boolean().default(true).meta({
    title: 'Only idempotent requests',
    description:
      'A repeated POST or PATCH, or a repeated write, may happen twice. Off: they are repeated all the same.',
  }),
  budget: retryBudgetSchema.nullish().meta({
    title: 'Budget',
    description: 'Holds retries back when too many requests fail: a callee in trouble is not buried under them.',
  }),
});

export const hedgingSchema = z.strictObject({
  delayMs: millisecondsSchema.default(100).meta({
    title: 'Delay',
    description: 'After so long without an answer a further attempt is sent beside the first; the first success wins.',
  }),
  maxHedges: z.number().int().min(1).max(5).default(1).meta({
    title: 'Max hedges',
    description:
      'Further attempts beside the first, one after each delay. Only requests that are idempotent are hedged.',
  }),
});

const breakerTripSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('failure-ratio'),
    ratio: z.number().gt(0).max(1).default(0.5).meta({
      title: 'Failure ratio',
      description: 'Opens when this share of the calls in the window failed.',
    }),
    windowMs: z.number().int().min(100).max(600_000).default(10_000).meta({
      title: 'Window',
      description: 'Calls that ended in so long count.',
    }),
    minSamples: z.number().int().min(1).max(100_000).default(10).meta({
      title: 'Min samples',
      description: 'With fewer calls in the window it stays closed.',
    }),
  }),
  z.strictObject({
    type: z.literal('consecutive'),
    failures: z.number().int().min(1).max(10_000).default(5).meta({
      title: 'Failures in a row',
      description: 'Opens after so many calls in a row have failed.',
    }),
  }),
]);

export const circuitBreakerSchema = z.strictObject({
  trip: breakerTripSchema
    .default({ type: 'failure-ratio', ratio: 0.5, windowMs: 10_000, minSamples: 10 })
    .meta({ title: 'Opens', description: 'When it stops calling.' }),
  openMs: millisecondsSchema.default(5000).meta({
    title: 'Open time',
    description: 'So long calls fail at once with reason "breaker-open". Then it is half-open.',
  }),
  halfOpenProbes: z.number().int().min(1).max(100).default(1).meta({
    title: 'Half-open probes',
    description:
      'Half-open, so many calls are let through: it closes when all of them succeed, and opens when one fails.',
  }),
});

export const bulkheadSchema = z.strictObject({
  maxConcurrent: z.number().int().min(1).max(10_000).default(10).meta({
    title: 'Max concurrent',
    description: 'Calls that one process has under way along this edge at the same time.',
  }),
  maxQueued: z.number().int().min(0).max(100_000).default(0).meta({
    title: 'Max queued',
    description: 'Further calls that wait for a place. Beyond that a call fails at once with reason "queue-full".',
  }),
});

export const rateLimiterSchema = z.strictObject({
  ratePerSec: z.number().gt(0).max(1_000_000).default(100).meta({
    title: 'Rate',
    description: 'Calls of one process along this edge. A call beyond it fails at once with reason "throttled".',
  }),
  burst: z.number().int().min(1).max(1_000_000).default(10).meta({
    title: 'Burst',
    description: 'Calls that may come at once after a quiet time.',
  }),
});

export const fallbackSchema = z.strictObject({
  status: z.number().int().min(200).max(399).default(200).meta({
    title: 'Status',
    description: 'Status of the answer that takes the place of a failure. The request then counts as a success.',
  }),
  body: z.string().max(100_000).default('').meta({ title: 'Body', description: 'Its body.' }),
});

export type Backoff = z.infer<typeof backoffSchema>;
export type Retries = z.infer<typeof retriesSchema>;
export type CircuitBreaker = z.infer<typeof circuitBreakerSchema>;
export type Bulkhead = z.infer<typeof bulkheadSchema>;
export type Fallback = z.infer<typeof fallbackSchema>;
