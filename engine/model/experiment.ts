import { z } from 'zod';
import { probeSchema } from './probe.ts';
import { methodStepSchema, rollbackStepSchema } from './step.ts';

/** Ends the experiment at once, undone, when its probe does not hold. */
const stopConditionSchema = z.strictObject({
  probe: probeSchema,
  windowMs: z.number().int().min(500).max(600_000).default(2000).meta({
    title: 'Measured over',
    description: 'Requests of the newest time of this length.',
  }),
});

/** What was asked of the system, for the error budget. Default: the loosest success ratio that the hypothesis asks for. */
const sloSchema = z.strictObject({
  successRatio: z
    .number()
    .gt(0)
    .lt(1)
    .meta({ title: 'Success ratio', description: 'Share of requests to be served, such as 0.999.' }),
});

/** What another tool wrote and nobody here reads; kept so that it can be given back. */
const extensionSchema = z.looseObject({ name: z.string().min(1).max(200) });

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
  /** What is expected while a fault or a change of the method is on. */
  during: z.array(probeSchema).default([]),
  /** What is expected from the last removal until the steady state holds again. */
  recovering: z.array(probeSchema).default([]),
  /** After the last fault is off, the steady state must hold again within this time. */
  recoveryWithinMs: z.number().int().min(500).max(600_000).default(5000),
  /** What ends the experiment at once. */
  stopConditions: z.array(stopConditionSchema).default([]),
  /** Run after the method, also after an abort; what the method did is taken back before them by itself. */
  rollbacks: z.array(rollbackStepSchema).default([]),
  slo: sloSchema.optional(),
  extensions: z.array(extensionSchema).default([]),
});

/** An experiment in a file of its own, `*.experiment.json`. */
export const experimentFileSchema = experimentSchema.extend({
  $schema: z.string().optional(),
  format: z.literal(1).default(1),
  /** The document that it belongs to, relative to this file. */
  document: z.string().min(1).max(1000).optional(),
});

export type StopCondition = z.infer<typeof stopConditionSchema>;
export type Experiment = z.infer<typeof experimentSchema>;

export { type ChangeMeasure, isOfChange, isOfRequests, type Measure, type Probe, routeOf } from './probe.ts';
export type { MethodStep } from './step.ts';
export type { Range, Tolerance } from './tolerance.ts';
