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
