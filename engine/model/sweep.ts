import { z } from 'zod';
import { faultTargetSchema } from './fault.ts';

/*
 * A sweep is many measurements of which one thing differs: the rate, the replicas, the settings of an edge, or the way by
 * which a rate was reached.
 */

const MAX_POINTS = 50;
const MAX_SPAN_MS = 600_000;

const ratePerSec = z.number().positive().max(50_000);
const rising = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value > (values[index - 1] as number));

const shared = {
  name: z.string().min(1).max(80),
  title: z.string().max(200).default(''),
  scenario: z.string().min(1).meta({
    title: 'Scenario',
    description:
      'Its clients and routes are used, in the proportions of its rates; how much is sent is what the sweep says.',
  }),
  warmUpMs: z.number().int().min(0).max(MAX_SPAN_MS).default(2000).meta({
    title: 'Warm-up',
    description: 'Traffic before each measurement, which is discarded.',
  }),
  measureMs: z.number().int().min(500).max(MAX_SPAN_MS).default(5000).meta({
    title: 'Measurement',
    description: 'How long each point is measured.',
  }),
  seed: z.number().int().min(0).max(4_294_967_295).optional().meta({
    title: 'Seed',
    description: 'Empty: as the scenario says.',
  }),
};

export const sloSchema = z.strictObject({
  percentile: z.number().min(1).max(99.9).default(99).meta({ title: 'Percentile', description: 'Such as 99 for p99.' }),
  latencyMs: z.number().positive().max(600_000).meta({
    title: 'Latency',
    description: 'What the percentile must not exceed, counted from the intended start of each request.',
  }),
});

/** Goodput that a step must reach to be within the knee, as a share of what arrived. */
const goodputShare = z.number().gt(0).lt(1).default(0.95).meta({
  title: 'Goodput share',
  description:
    'Beyond the knee, less than this share of what arrives is answered well, or more than the rest is added to the backlog.',
});

const kneeSchema = z
  .strictObject({
    type: z.literal('knee'),
    ...shared,
    startRatePerSec: ratePerSec.default(10).meta({ title: 'First rate', description: 'Arrivals per second at first.' }),
    maxRatePerSec: ratePerSec.default(5000).meta({ title: 'Last rate', description: 'The search ends here.' }),
    growth: z.number().min(1.1).max(4).default(1.6).meta({
      title: 'Growth',
      description: 'Each step has so many times the rate of the one before, until one is beyond the knee.',
    }),
    resolution: z.number().min(0.01).max(0.5).default(0.05).meta({
      title: 'Resolution',
      description: 'The search ends when the knee is known to this share of it.',
    }),
    goodputShare,
    slo: sloSchema.nullable().default(null).meta({
      title: 'Objective',
      description: 'A step that misses it is beyond the knee, too.',
    }),
  })
  .meta({ title: 'Capacity knee' });

const replicasSchema = z
  .strictObject({
    type: z.literal('replicas'),
    ...shared,
    node: z.string().min(1).meta({ title: 'Node', description: 'Whose replicas are counted.' }),
    replicas: z
      .array(z.number().int().min(1).max(64))
      .min(3)
      .max(MAX_POINTS)
      .refine(rising, 'must rise from each to the next')
      .default([1, 2, 4, 8])
      .meta({ title: 'Replicas', description: 'Three different numbers at least: the law has three parameters.' }),
    usersPerReplica: z.number().int().min(1).max(1000).default(8).meta({
      title: 'Users per replica',
      description: 'Virtual users without think time, so many for each replica: enough that none of them ever idles.',
    }),
    repetitions: z.number().int().min(1).max(20).default(2).meta({
      title: 'Repetitions',
      description: 'Measurements of each number of replicas, there and back again, so that a drift hits all alike.',
    }),
  })
  .meta({ title: 'Replica curve' });

const gridSchema = z
  .strictObject({
    type: z.literal('retries-timeout'),
    ...shared,
    edge: z.string().min(1).meta({ title: 'Edge', description: 'Whose timeout and retries differ.' }),
    timeoutsMs: z
      .array(z.number().int().min(1).max(600_000))
      .min(1)
      .max(MAX_POINTS)
      .refine(rising, 'must rise from each to the next')
      .meta({ title: 'Timeouts (ms)', description: 'Of an attempt.' }),
    attempts: z
      .array(z.number().int().min(1).max(20))
      .min(1)
      .max(20)
      .refine(rising, 'must rise from each to the next')
      .default([1, 2, 3])
      .meta({ title: 'Attempts', description: 'In all, the first one included: 1 is no retry.' }),
    ratePerSec: ratePerSec.nullable().default(null).meta({
      title: 'Rate',
      description: 'Arrivals per second in each cell. Empty: the mean rate of the scenario.',
    }),
    fault: z
      .strictObject({
        fault: z.string().min(1),
        target: faultTargetSchema,
        parameters: z.record(z.string(), z.unknown()).default({}),
      })
      .nullable()
      .default(null)
      .meta({
        title: 'Fault',
        description: 'Is on in every cell, from before the warm-up until after the measurement.',
      }),
  })
  .meta({ title: 'Retries × timeout' });

const hysteresisSchema = z
  .strictObject({
    type: z.literal('hysteresis'),
    ...shared,
    ratesPerSec: z.array(ratePerSec).min(2).max(MAX_POINTS).refine(rising, 'must rise from each to the next').meta({
      title: 'Rates (per second)',
      description:
        'Gone through upwards and down again, in one traffic without a pause. The last one should be too much.',
    }),
    goodputShare,
    slo: sloSchema.nullable().default(null).meta({
      title: 'Objective',
      description: 'Empty: a rate is well served when the goodput share holds.',
    }),
  })
  .meta({ title: 'Hysteresis' });

export const sweepSchema = z.discriminatedUnion('type', [kneeSchema, replicasSchema, gridSchema, hysteresisSchema]);

export type Sweep = z.infer<typeof sweepSchema>;
export type KneeSweep = z.infer<typeof kneeSchema>;
export type ReplicasSweep = z.infer<typeof replicasSchema>;
export type GridSweep = z.infer<typeof gridSchema>;
export type HysteresisSweep = z.infer<typeof hysteresisSchema>;
export type Slo = z.infer<typeof sloSchema>;
