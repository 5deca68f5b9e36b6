import { z } from 'zod';

/*
 * The same again: an experiment or a run several times, and two documents under the same traffic in turns.
 */

const spanMs = z.number().int().max(3_600_000);
const seed = z.number().int().min(0).max(4_294_967_295).optional();
const repetitions = z.number().int().min(2).max(100);
const warmUpMs = spanMs.min(0).default(2000).meta({
  title: 'Warm-up',
  description: 'Traffic at the beginning of each repetition, which is discarded.',
});
const measureMs = spanMs
  .min(500)
  .default(10_000)
  .meta({ title: 'Measurement', description: 'How long is measured after it.' });

/** An experiment by its name, or the traffic of a scenario. */
export const repeatSchema = z.strictObject({
  of: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('experiment'), name: z.string().min(1) }),
    z.strictObject({
      type: z.literal('run'),
      scenario: z.string().min(1),
      warmUpMs,
      measureMs,
    }),
  ]),
  repetitions,
  /** The seeds of the repetitions are drawn from it. Absent: the scenario's. */
  seed,
});

export const figureNames = ['p50', 'p95', 'p99', 'throughput', 'success', 'cpu-per-request'] as const;

/** What a document is, whatever runs: the fewer the simpler. */
const structureNames = ['processes', 'hops', 'settings'] as const;

/** A statement that the comparison demonstrates, which was made before it. */
const expectationSchema = z.strictObject({
  figure: z.enum([...figureNames, ...structureNames]).meta({ title: 'Figure' }),
  better: z.enum(['a', 'b']).meta({
    title: 'Better',
    description: 'The side that is better in it, by more than chance explains where it is measured.',
  }),
});

export const comparisonSchema = z.strictObject({
  scenario: z.string().min(1).meta({
    title: 'Scenario',
    description: 'Of document A; its traffic is recorded once, and replayed on both.',
  }),
  blocks: repetitions.default(4).meta({
    title: 'Blocks',
    description: 'Each is one ABBA: A and B twice, in an order that cancels what drifts.',
  }),
  warmUpMs,
  measureMs,
  seed,
  primary: z.enum(figureNames).default('p99').meta({
    title: 'Primary figure',
    description: 'What the comparison is made for, chosen before it: the conclusion is about this figure.',
  }),
  budget: z
    .strictObject({
      slots: z.number().int().min(1).max(1000).nullable().default(null),
      memoryMb: z.number().int().min(1).max(1_000_000).nullable().default(null).meta({ title: 'Memory (MB)' }),
    })
    .nullable()
    .default(null)
    .meta({ title: 'Budget', description: 'What both may use, where the documents do not state it by their groups.' }),
  allowDifferentBudgets: z.boolean().default(false).meta({
    title: 'Allow different budgets',
    description: 'Compares all the same when the budgets differ, and says so.',
  }),
  expect: z.array(expectationSchema).max(20).default([]).meta({
    title: 'Expected',
    description: 'With it the comparison gives a verdict: passed when each of these was shown.',
  }),
});

/** A comparison in a file of its own, `*.comparison.json`, which names its documents. */
export const comparisonFileSchema = comparisonSchema.extend({
  format: z.literal(1).default(1),
  title: z.string().min(1).max(200),
  /** What it demonstrates. */
  statement: z.string().max(2000).default(''),
  /** The two documents, relative to this file. */
  a: z.string().min(1).max(1000),
  b: z.string().min(1).max(1000),
});

export type Repeat = z.infer<typeof repeatSchema>;
export type ComparisonPlan = z.infer<typeof comparisonSchema>;
export type Expectation = z.infer<typeof expectationSchema>;
export type FigureName = (typeof figureNames)[number];
