import { z } from 'zod';
import type { DocumentError } from './definition.ts';

/*
 * Autoscaling in the terms of Kubernetes' HorizontalPodAutoscaler (autoscaling/v2). Its default times are those of
 * Kubernetes divided by 15, so that what takes minutes in a cluster is seen in seconds.
 */

const policySchema = z.strictObject({
  type: z.enum(['replicas', 'percent']).default('percent').meta({
    title: 'Counts',
    description: 'Replicas, or percent of those that ran at the beginning of the period.',
  }),
  value: z.number().int().min(1).max(1000).default(100).meta({
    title: 'At most',
    description: 'So much may be added, or taken away, within one period.',
  }),
  periodMs: z.number().int().min(100).max(1_800_000).default(1000).meta({
    title: 'Period',
    description: 'The time that the limit counts for.',
  }),
});

const rulesSchema = (defaults: { stabilisationWindowMs: number; policies: z.input<typeof policySchema>[] }) =>
  z
    .strictObject({
      stabilisationWindowMs: z.number().int().min(0).max(3_600_000).default(defaults.stabilisationWindowMs).meta({
        title: 'Stabilisation window',
        description:
          'Of the counts recommended in this time, the one that changes least is followed: it keeps the count from flapping.',
      }),
      select: z.enum(['max', 'min', 'disabled']).default('max').meta({
        title: 'Select',
        description: 'Which policy counts: the one that allows most, the one that allows least; or no change this way.',
      }),
      policies: z
        .array(policySchema)
        .min(1)
        .max(8)
        .default(defaults.policies.map((policy) => policySchema.parse(policy)))
        .meta({ title: 'Policies', description: 'How fast the count may change.' }),
    })
    .prefault({});

const targetOf = (title: string, description: string, max: number, value: number) =>
  z.number().positive().max(max).default(value).meta({ title, description });

/** What the autoscaler holds near its target, on average over the replicas. */
export const autoscalingMetricSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('cpu'),
    target: targetOf('Target utilisation', 'Share of one core that each replica should use, 0 to 1.', 1, 0.5),
  }),
  z.strictObject({
    type: z.literal('in-flight'),
    target: targetOf(
      'Target in flight',
      'Requests that each replica should have in hand, queued ones included.',
      10_000,
      8,
    ),
  }),
  z.strictObject({
    type: z.literal('queue'),
    target: targetOf('Target queue', 'Requests that may wait for a slot at each replica.', 10_000, 4),
  }),
]);

const autoscalingFields = z.strictObject({
  minReplicas: z.number().int().min(0).max(64).default(1).meta({
    title: 'Min replicas',
    description: '0: the last replica stops when nothing was asked for a while, and the next request wakes one up.',
  }),
  maxReplicas: z.number().int().min(1).max(64).default(5).meta({ title: 'Max replicas', description: 'Never more.' }),
  metric: autoscalingMetricSchema.prefault({ type: 'cpu' }).meta({
    title: 'Metric',
    description: 'desired = ⌈replicas × measured ÷ target⌉, with the mean over the replicas in the last second.',
  }),
  tolerance: z.number().min(0).max(1).default(0.1).meta({
    title: 'Tolerance',
    description: 'No change while measured ÷ target is nearer to 1 than this.',
  }),
  syncPeriodMs: z.number().int().min(200).max(600_000).default(1000).meta({
    title: 'Sync period',
    description: 'How often it measures and decides.',
  }),
  warmUpMs: z.number().int().min(0).max(3_600_000).default(2000).meta({
    title: 'Warm-up',
    description:
      'What a replica measures so long after its start is not counted: a start looks like load, and an empty queue like none.',
  }),
  scaleUp: rulesSchema({
    stabilisationWindowMs: 0,
    policies: [
      { type: 'percent', value: 100, periodMs: 1000 },
      { type: 'replicas', value: 4, periodMs: 1000 },
    ],
  }).meta({ title: 'Scale up', description: 'How fast replicas may be added.' }),
  scaleDown: rulesSchema({
    stabilisationWindowMs: 20_000,
    policies: [{ type: 'percent', value: 100, periodMs: 1000 }],
  }).meta({ title: 'Scale down', description: 'How fast replicas may be taken away.' }),
  idleBeforeZeroMs: z.number().int().min(500).max(3_600_000).default(20_000).meta({
    title: 'Idle before zero',
    description: 'With 0 as the least: how long no request may come before the last replica stops.',
  }),
  wakeUp: z
    .strictObject({
      maxWaitMs: z.number().int().min(0).max(600_000).default(10_000).meta({
        title: 'Longest wait',
        description: 'So long a connection waits in the link for a replica to wake up. Then it is reset.',
      }),
      maxWaiting: z.number().int().min(0).max(10_000).default(256).meta({
        title: 'Max waiting',
        description: 'So many connections may wait on each edge; one more is reset at once. 0: all are.',
      }),
    })
    .prefault({})
    .meta({ title: 'Wake-up', description: 'What happens to requests that meet no replica.' }),
});

export const autoscalingSchema = autoscalingFields.refine(
  ({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas,
  { path: ['maxReplicas'], message: 'must not be less than "minReplicas"' },
);

/** The config field of every kind whose replicas may be counted by load. */
export const autoscalingField = autoscalingSchema.nullable().default(null).meta({
  title: 'Autoscaling',
  description: 'Lets the number of replicas follow the load, as Kubernetes does. It then decides, not "Replicas".',
});

export type Autoscaling = z.output<typeof autoscalingSchema>;
export type AutoscalingMetric = z.output<typeof autoscalingMetricSchema>;
export type ScalingRules = Autoscaling['scaleUp'];

/** What a node's config says of autoscaling; null where its kind has none or it is off. */
export const autoscalingOf = (config: Record<string, unknown>): Autoscaling | null =>
  (config.autoscaling as Autoscaling | null | undefined) ?? null;

/** What the schema cannot say: that a metric can ever move. */
export function checkAutoscaling(config: {
  autoscaling: Autoscaling | null;
  concurrency?: number | null;
}): DocumentError[] {
  if (config.autoscaling?.metric.type !== 'queue' || typeof config.concurrency === 'number') return [];
  return [
    {
      path: 'autoscaling.metric',
      message: 'without a limit of concurrency no request ever waits in the queue',
      nextStep: 'Set "concurrency", or scale by "cpu" or "in-flight".',
    },
  ];
}
