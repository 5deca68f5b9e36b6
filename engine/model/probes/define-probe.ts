import type { z } from 'zod';
import type { Outline } from '../checks/outline.ts';
import type { DocumentError, MeasureDefinition } from '../definition.ts';
import type { LogLine } from '../log-line.ts';
import type { ProbeSight } from './sight.ts';

export type ProbeUnit = MeasureDefinition['unit'] | 'none';

/** What was seen in one look. */
export interface Look {
  /** JSON: what the tolerance is held against. */
  value: unknown;
  unit: ProbeUnit;
  /** What was seen, where the value alone does not say it. */
  note?: string;
  /** Of what is gathered: when each of it happened. */
  moments?: readonly number[];
  /** Lines of a log among it, as far as they are shown. */
  lines?: readonly LogLine[];
}

/**
 * What a probe measures, and how. `requests` are measured on the recording of the traffic, with statistics; `change` on
 * what a scaling or a deploy did; a `look` looks at the running system at a moment, every so often.
 */
export interface ProbeDefinition<Measure extends z.ZodObject = z.ZodObject> {
  title: string;
  help: string;
  by: 'requests' | 'change' | 'look';
  /** The schema of `probe.measure`, with its `type`. */
  measure: Measure;
  /** Names only what exists. Gets what is in the document, however broken. */
  check?(measure: Record<string, unknown>, path: string, outline: Outline): DocumentError[];
  /** Only of a `look`. Throws where nothing can be seen: then the probe does not hold at that moment. */
  look?(measure: z.output<Measure>, sight: ProbeSight, since: { fromMs: number; toMs: number }): Promise<Look>;
  /** A look gathers `moments`, and how many lie in the phase is judged: `sum`. Numbers may be put together. Else each look is judged. */
  over?(measure: z.output<Measure>): 'sum' | 'mean' | 'min' | 'max' | 'each';
}

export const defineProbe = <Measure extends z.ZodObject>(definition: ProbeDefinition<Measure>) => definition;
