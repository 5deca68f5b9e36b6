import { z } from 'zod';

/*
 * The same again: an experiment or a run several times, and two documents under the same traffic in turns.
 */

const spanMs = z.number().int().max(3_600_000);
const seed = z.number().int().min(0).max(4_294_967_295).optional();
const repetitions = z.number().int().min(2).max(100);

/** An experiment by its name, or the traffic of a scenario. */
export const repeatSchema = z.strictObject({
  of: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('experiment'), name: z.string().min(1) }),
    z.strictObject({
      type: z.literal('run'),
      scenario: z.string().min(1),
      /** Discarded at the beginning of each repetition. */
      warmUpMs: spanMs.min(0).default(2000),
      /** Measured after it. */
      measureMs: spanMs.min(500).default(10_000),
    }),
  ]),
  repetitions,
  /** The seeds of the repetitions are drawn from it. Absent: the scenario's. */
  seed,
});

export const figureNames = ['p50', 'p95', 'p99', 'throughput', 'success', 'cpu-per-request'] as const;

export const comparisonSchema = z.strictObject({
  /** Of document A; its traffic is recorded once, and replayed on both. */
  scenario: z.string().min(1),
  /** Each is one ABBA: A and B twice, in an order that cancels what drifts. */
  blocks: repetitions.default(4),
  warmUpMs: spanMs.min(0).default(2000),
  measureMs: spanMs.min(500).default(10_000),
  seed,
  /** The figure that the comparison is made for, chosen before it: the conclusion is its. */
  primary: z.enum(figureNames).default('p99'),
  /** What both may use, where the documents do not state it by their groups. */
  budget: z
    .strictObject({
      slots: z.number().int().min(1).max(1000).nullable().default(null),
      memoryMb: z.number().int().min(1).max(1_000_000).nullable().default(null),
    })
    .nullable()
    .default(null),
  /** Compares all the same, and says so, when the budgets differ. */
  allowDifferentBudgets: z.boolean().default(false),
});

export type Repeat = z.infer<typeof repeatSchema>;
export type ComparisonPlan = z.infer<typeof comparisonSchema>;
export type FigureName = (typeof figureNames)[number];
