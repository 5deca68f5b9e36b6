import { z } from 'zod';

const ms = (max = 3_600_000) => z.number().int().min(1).max(max);

/** Which of several members a fault acts on: one of them, all, so many, or a share; those are drawn from the seed. */
export const selectorSchema = z.union([
  z.enum(['one', 'all']),
  z.strictObject({ fixed: z.number().int().min(1).max(1000) }),
  z.strictObject({ percent: z.number().min(1).max(100) }),
]);

/** Where a fault acts. */
export const faultTargetSchema = z.union([
  /** One process of a node: a certain one, or those that are selected. */
  z.strictObject({
    node: z.string().min(1),
    replica: z.number().int().min(0).default(0),
    /** Instead of `replica`. */
    select: selectorSchema.optional(),
  }),
  z.strictObject({ edge: z.string().min(1) }),
  /** Several edges at once, such as those that a partition cuts. */
  z.strictObject({ edges: z.array(z.string().min(1)).min(1).max(200), select: selectorSchema.optional() }),
  /** The processes of the nodes in a host or zone, or the edges that lead into it or out of it. */
  z.strictObject({ group: z.string().min(1), select: selectorSchema.optional() }),
  /** Everything that runs. */
  z.strictObject({ topology: z.literal(true), select: selectorSchema.optional() }),
]);

/** When a fault acts within the time that it is on. Without one: all the time. */
export const faultScheduleSchema = z.discriminatedUnion('type', [
  /** Once, from `afterMs` on. */
  z
    .strictObject({
      type: z.literal('at'),
      afterMs: ms().meta({
        title: 'After',
        description: 'From here on, counted from the beginning.',
        examples: [2000],
      }),
    })
    .meta({ title: 'At a time' }),
  /** For `onMs` in each period, at its beginning. */
  z
    .strictObject({
      type: z.literal('every'),
      periodMs: ms().meta({ title: 'Period', examples: [10_000] }),
      onMs: ms().meta({ title: 'On for', description: 'At the beginning of each period.', examples: [2000] }),
    })
    .meta({ title: 'Every so often' }),
  /** For `onMs` at a time, after gaps that are drawn from the seed: exponential, with this mean. */
  z
    .strictObject({
      type: z.literal('random'),
      meanGapMs: ms().meta({
        title: 'Mean gap',
        description: 'Gaps are drawn from the seed: exponential, with this mean.',
        examples: [10_000],
      }),
      onMs: ms().meta({ title: 'On for', examples: [2000] }),
    })
    .meta({ title: 'At random times' }),
]);

/** What any fault may be given beside its own parameters. */
export const faultCourseFields = {
  /** What it is drawn for is said by the fault: each request, each connection, or each time that a schedule puts it on. */
  probability: z.number().gt(0).max(1).default(1).meta({
    title: 'Probability',
    description: 'Share, from above 0 to 1, of what the fault draws for: requests, connections, or its own times on.',
  }),
  schedule: faultScheduleSchema
    .meta({ title: 'Schedule', description: 'When it acts within the time that it is on. Left out: all the time.' })
    .optional(),
  /** It grows from no effect to the full one in this time. Only faults that have something to grow. */
  rampMs: ms().meta({ title: 'Ramp', description: 'It grows to its full effect in this time.' }).optional(),
};
export const faultCourseSchema = z.strictObject(faultCourseFields);

export type Selector = z.infer<typeof selectorSchema>;
export type FaultTarget = z.infer<typeof faultTargetSchema>;
export type FaultSchedule = z.infer<typeof faultScheduleSchema>;
export type FaultCourse = z.infer<typeof faultCourseSchema>;
