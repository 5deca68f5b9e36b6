import { experimentOf, type Report } from './report.ts';
import { shellWord } from './shell-word.ts';

/** A name for the document as a file, with nothing in it that a file system minds. */
export const documentFile = (name: string): string =>
  `${
    name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'document'
  }.archipel.json`;

/** The command that does the same once more, for the document in a file of this name. */
export function runAgain(report: Report, file = documentFile(report.document.name)): string {
  const { result, durationMs } = report;
  const experiment = experimentOf(report);
  const duration: [string, string][] = durationMs === null ? [] : [['--duration', `${durationMs}ms`]];
  const [command, ...options]: [string, ...[string, string][]] = experiment
    ? ['experiment', ['--name', experiment.experiment.name]]
    : ['run', ['--scenario', result.scenario], ...duration];
  const seed: [string, string] = ['--seed', String(result.seed)];
  const words = [...options, seed].map(([option, value]) => `${option} ${shellWord(value)}`);
  return ['npx archipel', command, shellWord(file), ...words].join(' ');
}
