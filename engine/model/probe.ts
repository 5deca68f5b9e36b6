import { z } from 'zod';
import { blastRadius, deployFigure, timeToScale } from './probes/changes.ts';
import { cost } from './probes/cost.ts';
import type { ProbeDefinition } from './probes/define-probe.ts';
import { foreign } from './probes/foreign.ts';
import { http } from './probes/http.ts';
import { conservation, sql } from './probes/invariant.ts';
import { log } from './probes/log.ts';
import { messages } from './probes/messages.ts';
import { metric } from './probes/metric.ts';
import { processState } from './probes/process-state.ts';
import { latency, successRatio, throughput } from './probes/requests.ts';
import { toleranceSchema } from './tolerance.ts';

/** What probes can measure. A new one is a file beside these and its line here. */
const definitions = [
  successRatio,
  latency,
  throughput,
  timeToScale,
  blastRadius,
  deployFigure,
  http,
  metric,
  cost,
  messages,
  log,
  processState,
  conservation,
  sql,
  foreign,
] as const;

type Measures<Definitions extends readonly { measure: z.ZodType }[]> = {
  -readonly [Index in keyof Definitions]: Definitions[Index]['measure'];
};

/** What a probe measures on its phase. */
export const measureSchema = z.discriminatedUnion(
  'type',
  definitions.map(({ measure }) => measure) as unknown as Measures<typeof definitions>,
);

export const probeSchema = z.strictObject({
  name: z.string().min(1).max(160),
  measure: measureSchema,
  tolerance: toleranceSchema,
  everyMs: z.number().int().min(100).max(600_000).optional().meta({
    title: 'Looked at every',
    description: 'Of a probe that looks at the running system (default: 1000).',
  }),
  require: z.enum(['every', 'some', 'last']).optional().meta({
    title: 'Must hold at',
    description: 'Every look of its phase (default), at least one of them, or the last one.',
  }),
});

export type Measure = z.infer<typeof measureSchema>;
export type Probe = z.infer<typeof probeSchema>;

/** What a type of measure is. */
export const probeDefinition = (type: string): ProbeDefinition | undefined =>
  (definitions as readonly ProbeDefinition[]).find(({ measure }) => measure.shape.type?.safeParse(type).success);

export type ChangeMeasure = Extract<Measure, { type: 'time-to-scale' | 'blast-radius' | 'deploy' }>;

/** Measured on a change of the method, and so only while it is probed. */
export const isOfChange = (measure: Measure): measure is ChangeMeasure =>
  probeDefinition(measure.type)?.by === 'change';

type RequestMeasure = Extract<Measure, { type: 'success-ratio' | 'latency' | 'throughput' }>;

/** Measured on the requests of the traffic. */
export const isOfRequests = (measure: Measure): measure is RequestMeasure =>
  probeDefinition(measure.type)?.by === 'requests';

/** The route that a probe looks at; undefined: all of them. */
export const routeOf = (measure: Measure): string | undefined => (isOfRequests(measure) ? measure.route : undefined);
