import { type Experiment, experimentSchema } from '../../engine/model/experiment.ts';
import { schemaErrors } from '../../engine/model/issues.ts';

export const written = (experiment: Experiment): string => JSON.stringify(experiment, null, 2);

/** The experiment in a text, or what is wrong with the text. */
export function readExperiment(text: string): { experiment: Experiment } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `This is no JSON yet: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = experimentSchema.safeParse(value);
  if (parsed.success) return { experiment: parsed.data };
  const problems = schemaErrors(experimentSchema, value, '$').map(({ path, message }) => `${path} ${message}`);
  return { problem: problems.join('; ') };
}

/** All experiments in a text: one, a list, or those of a document. Refused whole when one of them is not valid. */
export function readExperiments(text: string): { experiments: Experiment[] } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const held = (value as { experiments?: unknown } | null)?.experiments;
  const written: unknown[] = Array.isArray(value) ? value : Array.isArray(held) ? held : [value];
  const experiments: Experiment[] = [];
  const problems: string[] = [];
  for (const [index, one] of written.entries()) {
    const parsed = experimentSchema.safeParse(one);
    if (parsed.success) experiments.push(parsed.data);
    else
      problems.push(
        ...schemaErrors(experimentSchema, one, written.length > 1 ? `$[${index}]` : '$').map(
          ({ path, message }) => `${path} ${message}`,
        ),
      );
  }
  if (problems.length > 0) return { problem: problems.join('; ') };
  return experiments.length > 0 ? { experiments } : { problem: 'There is no experiment in it.' };
}
