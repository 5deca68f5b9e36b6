import type { DocumentError } from '../../model/definition.ts';
import { checkModule } from '../module-check.ts';

interface Checked {
  source: string;
  file: string;
  environment: Record<string, string>;
}

/** What the schema cannot say, of the code too, of which nothing is run. */
export const checkWorkers = ({ config }: { config: Checked }): DocumentError[] => [
  ...checkCode(config),
  ...Object.keys(config.environment)
    .filter((name) => /^ARCHIPEL_/i.test(name))
    .map((name) => ({
      path: `environment.${name}`,
      message: `the variable ${name} is set by the platform`,
      nextStep: 'Give it another name, and let the Worker read that one.',
    })),
];

function checkCode({ source, file }: Checked): DocumentError[] {
  if (file !== '' && source !== '')
    return [{ path: 'file', message: 'there is both code and a file', nextStep: 'Empty the one that is not to run.' }];
  if (file !== '') return [];
  if (source.trim() === '')
    return [{ path: 'source', message: 'there is no code', nextStep: 'Write a Worker, or name a file.' }];
  return checkModule(source, 'source');
}
