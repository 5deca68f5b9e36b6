import { z } from 'zod';
import { strategySchema } from './deploy.ts';
import { faultCourseFields, faultTargetSchema } from './fault.ts';

/** What a probe measures on the requests whose intended start lies in its phase. */
export const measureSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('success-ratio'), route: z.string().optional() }),
  z.strictObject({
    type: z.literal('latency'),
    percentile: z.number().min(1).max(99.99),
    route: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('throughput'), route: z.string().optional() }),
  /** From a node's load going beyond the target of its autoscaler until enough replicas carried it; the longest of the run. */
  z.strictObject({ type: z.literal('time-to-scale'), node: z.string().min(1) }),
  /** Share of the routes that the last deploy of a node affected. */
  z.strictObject({ type: z.literal('blast-radius'), node: z.string().min(1) }),
]);

/** Bounds, both inclusive. Ratios are 0 to 1, latencies milliseconds, throughputs successful requests per second. */
export const toleranceSchema = z
  .strictObject({ min: z.number().optional(), max: z.number().optional() })
  .refine((tolerance) => tolerance.min !== undefined || tolerance.max !== undefined, 'needs "min", "max" or both')
  .refine(
    (tolerance) => tolerance.min === undefined || tolerance.max === undefined || tolerance.min <= tolerance.max,
    '"min" must not exceed "max"',
  );

export const probeSchema = z.strictObject({
  name: z.string().min(1).max(160),
  measure: measureSchema,
  tolerance: toleranceSchema,
});

export const methodStepSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('wait'), durationMs: z.number().int().min(1).max(3_600_000) }),
  z.strictObject({
    type: z.literal('fault'),
    fault: z.string().min(1),
    target: faultTargetSchema,
    parameters: z.record(z.string(), z.unknown()).default({}),
    ...faultCourseFields,
    /** The fault is on for this long, then comes off. */
    durationMs: z.number().int().min(1).max(3_600_000),
  }),
  z.strictObject({
    type: z.literal('scale'),
    node: z.string().min(1),
    replicas: z.number().int().min(0).max(64),
    /** So long the node has these replicas, then as many as before. */
    durationMs: z.number().int().min(1).max(3_600_000),
  }),
  z.strictObject({
    type: z.literal('deploy'),
    node: z.string().min(1),
    version: z.string().min(1),
    /** Instead of the one in the node's config. */
    strategy: strategySchema.optional(),
    /** So long after its first process the new version is probed; then it is rolled back, unless it was already. */
    durationMs: z.number().int().min(1).max(3_600_000),
  }),
  /** Nothing is done: what the traffic itself does meanwhile is what is put to the test, such as a step of load. */
  z.strictObject({
    type: z.literal('observe'),
    title: z.string().min(1).max(160),
    durationMs: z.number().int().min(1).max(3_600_000),
  }),
]);

export const experimentSchema = z.strictObject({
  name: z.string().min(1).max(80),
  title: z.string().min(1).max(200),
  /** The statement that the experiment demonstrates; it passes when the statement is reproduced. */
  statement: z.string().max(2000).default(''),
  scenario: z.string().min(1),
  /** Traffic before anything is measured. */
  warmUpMs: z.number().int().min(0).max(600_000).default(2000),
  /** How long the steady state is observed before the method. */
  steadyStateMs: z.number().int().min(500).max(600_000).default(5000),
  /** Holds before the method, and again after the recovery. */
  steadyStateHypothesis: z.strictObject({ title: z.string().min(1).max(200), probes: z.array(probeSchema).min(1) }),
  method: z.array(methodStepSchema).min(1),
  /** What is expected while a fault of the method is on. */
  during: z.array(probeSchema).min(1),
  /** After the last fault is off, the steady state must hold again within this time. */
  recoveryWithinMs: z.number().int().min(500).max(600_000).default(5000),
});

export type Measure = z.infer<typeof measureSchema>;
export type Tolerance = z.infer<typeof toleranceSchema>;
export type Probe = z.infer<typeof probeSchema>;
export type MethodStep = z.infer<typeof methodStepSchema>;
export type Experiment = z.infer<typeof experimentSchema>;

/** Measured on a change of the method, and so only while it is probed. */
export const isOfChange = (measure: Measure): measure is Extract<Measure, { node: string }> => 'node' in measure;

/** The route that a probe looks at; undefined: all of them. */
export const routeOf = (measure: Measure): string | undefined => ('route' in measure ? measure.route : undefined);
