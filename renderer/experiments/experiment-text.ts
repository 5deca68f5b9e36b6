import { type Experiment, experimentFileSchema, experimentSchema } from '../../engine/model/experiment.ts';
import { schemaErrors } from '../../engine/model/issues.ts';
import { isToolkitExperiment } from '../../engine/model/toolkit-experiment.ts';
import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';

export const written = (experiment: Experiment): string => JSON.stringify(experiment, null, 2);

/** The experiment in a text, or what is wrong with the text. */
export function readExperiment(text: string): { experiment: Experiment } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      problem: t('This is no JSON yet: {{error}}', { error: error instanceof Error ? error.message : String(error) }),
    };
  }
  const parsed = experimentSchema.safeParse(value);
  if (parsed.success) return { experiment: parsed.data };
  const problems = schemaErrors(experimentSchema, value, '$').map(({ path, message }) => `${path} ${said(message)}`);
  return { problem: problems.join('; ') };
}

type Read = { experiments: Experiment[] } | { toolkit: unknown } | { problem: string };

/**
 * All experiments in a text: one, also as a file of its own, a list, or those of a document. Refused whole when one of them
 * is not valid. One of Chaos Toolkit is given back as it is, for the engine to take over.
 */
export function readExperiments(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      problem: t('This is no JSON: {{error}}', { error: error instanceof Error ? error.message : String(error) }),
    };
  }
  const held = (value as { experiments?: unknown } | null)?.experiments;
  if (held === undefined && isToolkitExperiment(value)) return { toolkit: value };
  const written: unknown[] = Array.isArray(value) ? value : Array.isArray(held) ? held : [value];
  const experiments: Experiment[] = [];
  const problems: string[] = [];
  for (const [index, one] of written.entries()) {
    const parsed = experimentFileSchema.safeParse(one);
    if (parsed.success) {
      const { $schema: _, format: __, document: ___, ...experiment } = parsed.data;
      experiments.push(experiment);
    } else
      problems.push(
        ...schemaErrors(experimentFileSchema, one, written.length > 1 ? `$[${index}]` : '$').map(
          ({ path, message }) => `${path} ${said(message)}`,
        ),
      );
  }
  if (problems.length > 0) return { problem: problems.join('; ') };
  return experiments.length > 0 ? { experiments } : { problem: t('There is no experiment in it.') };
}
