import { documentFile } from '../run-again.ts';
import { shellWord } from '../shell-word.ts';
import type { SweepReport } from './sweep-report.ts';

/** The command that does the same once more, for documents in files of these names. */
export function sweepRunAgain({ result, documents }: SweepReport): string {
  const files = documents.map(({ name }) => shellWord(documentFile(name)));
  const words = (options: readonly (readonly [string, string | number])[]): string =>
    [...options, ['--seed', result.seed] as const]
      .map(([name, value]) => `${name} ${shellWord(String(value))}`)
      .join(' ');
  switch (result.type) {
    case 'ab': {
      const options = [
        ['--scenario', result.scenario],
        ['--repeat', Math.max(2, ...result.runs.map(({ block }) => block + 1))],
        ['--primary', result.primary],
      ] as const;
      return `npx archipel ab ${files.join(' ')} ${words(options)}`;
    }
    case 'batch': {
      const names = result.experiments.map(({ name }) => `--name ${shellWord(name)}`);
      return `npx archipel experiment ${files.join(' ')} ${[...new Set(names)].join(' ') || '--all'}`;
    }
    case 'repeat': {
      const repeat = ['--repeat', Math.max(2, result.repetitions.length)] as const;
      return result.of === 'experiment'
        ? `npx archipel experiment ${files[0]} ${words([['--name', result.name], repeat])}`
        : `npx archipel run ${files[0]} ${words([['--scenario', result.scenario], repeat])}`;
    }
    default:
      return `npx archipel sweep ${files[0]} ${words([['--name', result.name]])}`;
  }
}
