import { z } from 'zod';

/* How a caller shares its requests between the replicas of a target, and which replicas it passes over. */

export const balancingSchema = z.enum([
  'round-robin',
  'random',
  'least-connections',
  'power-of-two-choices',
  'weighted',
  'consistent-hash',
  'sticky',
]);

/** A share of the requests along an edge for one replica, relative to those of the others. */
export const replicaWeightSchema = z.strictObject({
  edge: z.string().min(1).optional().meta({ title: 'Edge', description: 'Empty: every edge of this gateway.' }),
  replica: z.number().int().min(0).max(63).meta({ title: 'Replica', description: 'Its number, from 0.' }),
  weight: z.number().min(0).max(1000).meta({
    title: 'Weight',
    description: 'Replicas that are not in the list weigh 1. With 2 one gets twice as much, with 0 nothing.',
  }),
});

/** A header or cookie name: a token of RFC 9110, section 5.6.2. */
const tokenSchema = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be a token of letters, digits and -_.');

export const hashKeySchema = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('path') }),
  z.strictObject({ source: z.literal('header'), name: tokenSchema.max(80) }),
  z.strictObject({ source: z.literal('cookie'), name: tokenSchema.max(80) }),
]);

export const cookieNameSchema = tokenSchema.max(60);

export const healthCheckSchema = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/[^\s?#]*$/, 'must start with "/" and hold no space, "?" or "#"')
      .optional()
      .meta({
        title: 'Path',
        description:
          "Asked with GET. A status from 200 to 399 in time means healthy. Empty: the target's own health path.",
      }),
    intervalMs: z.number().int().min(50).max(600_000).default(1000).meta({
      title: 'Interval',
      description: 'Time between two checks of one replica.',
    }),
    timeoutMs: z.number().int().min(10).max(60_000).default(500).meta({
      title: 'Timeout',
      description: 'A check that takes longer has failed.',
    }),
    unhealthyThreshold: z.number().int().min(1).max(100).default(2).meta({
      title: 'Unhealthy threshold',
      description: 'So many failed checks in a row take a replica out.',
    }),
    healthyThreshold: z.number().int().min(1).max(100).default(2).meta({
      title: 'Healthy threshold',
      description: 'So many good checks in a row bring it back.',
    }),
  })
  .refine(({ intervalMs, timeoutMs }) => timeoutMs <= intervalMs, {
    path: ['timeoutMs'],
    message: 'must not exceed the interval, or checks of one replica would overlap',
  });

export const passiveHealthSchema = z.strictObject({
  maxFailures: z.number().int().min(1).max(1000).default(1).meta({
    title: 'Max failures',
    description: 'So many connection failures (refused, reset, timeout) within the fail time take a replica out.',
  }),
  failTimeMs: z.number().int().min(50).max(600_000).default(10_000).meta({
    title: 'Fail time',
    description:
      'Within which failures are counted, and for which the replica then gets nothing; one request tries it after that.',
  }),
});

export const outlierEjectionSchema = z
  .strictObject({
    consecutiveFailures: z.number().int().min(1).max(1000).default(5).meta({
      title: 'Consecutive failures',
      description: 'So many failed requests in a row (a status of 500 and above, or no answer) eject a replica.',
    }),
    successRate: z
      .strictObject({
        minReplicas: z.number().int().min(2).max(64).default(5).meta({
          title: 'Min replicas',
          description: 'Judged only when at least so many replicas had enough requests.',
        }),
        minRequests: z.number().int().min(1).max(1_000_000).default(100).meta({
          title: 'Min requests',
          description: 'Per interval, for a replica to be judged.',
        }),
        stdevFactor: z.number().min(0.1).max(10).default(1.9).meta({
          title: 'Deviation factor',
          description:
            'Ejected is whose success rate lies below the mean less this many standard deviations. One outlier among n replicas can lie at most √(n − 1) below: 1.41 of 3, 1.73 of 4, 2 of 5.',
        }),
      })
      .optional()
      .meta({ title: 'Success rate', description: 'Ejects also those that fail more often than the others.' }),
    intervalMs: z.number().int().min(50).max(600_000).default(10_000).meta({
      title: 'Interval',
      description:
        'Success rates are compared over this time. A replica that stays in for it is forgiven one ejection.',
    }),
    baseEjectionMs: z.number().int().min(50).max(3_600_000).default(30_000).meta({
      title: 'Base ejection time',
      description: 'The first ejection lasts so long, the second twice as long, and so on.',
    }),
    maxEjectionMs: z.number().int().min(50).max(3_600_000).default(300_000).meta({
      title: 'Max ejection time',
      description: 'No ejection lasts longer.',
    }),
    maxEjectionPercent: z.number().min(0).max(100).default(50).meta({
      title: 'Max ejection percent',
      description: 'Never more of the replicas are out at once; one always may be.',
    }),
  })
  .refine(({ baseEjectionMs, maxEjectionMs }) => baseEjectionMs <= maxEjectionMs, {
    path: ['maxEjectionMs'],
    message: 'must not be less than the base ejection time',
  });

export type Balancing = z.infer<typeof balancingSchema>;
export type ReplicaWeight = z.infer<typeof replicaWeightSchema>;
export type HashKey = z.infer<typeof hashKeySchema>;
export type HealthCheck = z.infer<typeof healthCheckSchema>;
export type PassiveHealth = z.infer<typeof passiveHealthSchema>;
export type OutlierEjection = z.infer<typeof outlierEjectionSchema>;
