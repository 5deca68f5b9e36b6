import { z } from 'zod';
import { strategySchema } from '../deploy.ts';
import { faultCourseFields, faultTargetSchema } from '../fault.ts';
import { probeSchema } from '../probe.ts';
import { rewindFields } from '../rewind.ts';
import { durationMs, stepFields } from './step-fields.ts';

export const waitStep = z.strictObject({ type: z.literal('wait'), durationMs, ...stepFields });

export const faultStep = z.strictObject({
  type: z.literal('fault'),
  fault: z.string().min(1),
  target: faultTargetSchema,
  parameters: z.record(z.string(), z.unknown()).default({}),
  ...faultCourseFields,
  /** The fault is on for this long, then comes off. */
  durationMs,
  ...stepFields,
});

const untilTheEnd = durationMs.optional().meta({
  title: 'Duration',
  description: 'So long, then it is taken back. Without it: at the end of the method.',
});

export const scaleStep = z.strictObject({
  type: z.literal('scale'),
  node: z.string().min(1),
  replicas: z.number().int().min(0).max(64),
  durationMs: untilTheEnd,
  ...stepFields,
});

export const deployStep = z.strictObject({
  type: z.literal('deploy'),
  node: z.string().min(1),
  version: z.string().min(1),
  /** Instead of the one in the node's config. */
  strategy: strategySchema.optional(),
  /** So long after its first process the new version is probed; then it is rolled back, unless it was already. */
  durationMs,
  ...stepFields,
});

/** Nothing is done: what the traffic itself does meanwhile is what is put to the test, such as a step of load. */
export const observeStep = z.strictObject({
  type: z.literal('observe'),
  title: z.string().min(1).max(160),
  durationMs,
  ...stepFields,
});

/** Sets the position of a group of a log back. It is for good: what was read again was read again. */
export const rewindStep = z.strictObject({ type: z.literal('rewind'), ...rewindFields, ...stepFields });

export const editStep = z.strictObject({
  type: z.literal('edit'),
  target: z.union([z.strictObject({ node: z.string().min(1) }), z.strictObject({ edge: z.string().min(1) })]),
  config: z.record(z.string(), z.unknown()).meta({
    title: 'Changes',
    description: 'Laid over the config (JSON Merge Patch, RFC 7396): null takes a field out.',
  }),
  durationMs: untilTheEnd,
  ...stepFields,
});

export const trafficStep = z.strictObject({
  type: z.literal('traffic'),
  action: z.enum(['start', 'stop', 'change']),
  scenario: z.string().min(1).optional().meta({
    title: 'Scenario',
    description: 'What is sent from now on; with "stop" nothing is.',
  }),
  ...stepFields,
});

export const probeStep = z.strictObject({
  type: z.literal('probe'),
  probe: probeSchema,
  /** Requests are measured in this time before the step. */
  windowMs: durationMs
    .optional()
    .meta({ title: 'Measured over', description: 'The time before the step (default: 2000).' }),
  ...stepFields,
});

export const waitUntilStep = z.strictObject({
  type: z.literal('wait-until'),
  probe: probeSchema,
  timeoutMs: durationMs
    .default(30_000)
    .meta({ title: 'At most', description: 'Then the method ends: nothing can be learnt.' }),
  ...stepFields,
});

export const waitForStep = z.strictObject({
  type: z.literal('wait-for'),
  step: z.string().min(1).meta({ title: 'Step', description: 'The name of a step beside it.' }),
  until: z.enum(['begun', 'ended']).default('ended').meta({
    title: 'Until it has',
    description: 'Begun: its effect is there. Ended: it is taken back, too.',
  }),
  timeoutMs: durationMs.default(60_000).meta({ title: 'At most' }),
  ...stepFields,
});

/** An activity of another tool, kept as it was imported. It cannot be run here. */
export const foreignStep = z.strictObject({
  type: z.literal('foreign'),
  activity: z.record(z.string(), z.unknown()),
  ...stepFields,
});
