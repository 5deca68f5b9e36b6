import { seconds } from '../figures.ts';
import { code, markdownTable, plain } from '../markdown-text.ts';
import { documentFile } from '../run-again.ts';
import { sweepRunAgain } from './run-again.ts';
import { kindOfSweep, outcomeOfSweep, type SweepReport, sweepTitle } from './sweep-report.ts';
import { sweepTables } from './tables.ts';

/** For a comment on a change, a wiki, or a terminal. */
export function sweepMarkdown(report: SweepReport): string {
  const { result, documents } = report;
  const { host } = result;
  const lines = [
    `# ${plain(sweepTitle(report))}`,
    '',
    `${kindOfSweep(result)}, scenario ${code(result.scenario)}`,
    '',
    `**${outcomeOfSweep(result).toUpperCase()}** ${plain(result.conclusion)}`,
    '',
    ...result.warnings.map((warning) => `> Note: ${plain(warning)}\n`),
    ...('rule' in result ? [`${plain(result.rule)}.`, ''] : []),
    ...sweepTables(result).flatMap(({ title, columns, rows }) => [
      `## ${plain(title)}`,
      '',
      ...markdownTable(
        columns,
        rows.map((row) => row.map(plain)),
      ),
    ]),
    '## What the figures rest on',
    '',
    `- ${plain(host.cpuModel)}, ${host.cores} cores, ${plain(host.platform)}; Archipel ${host.versions.archipel}, Node ${host.versions.node}`,
    `- Started ${new Date(result.startedAtMs).toISOString()}, ${seconds(result.durationMs)}, seed ${result.seed}`,
    '',
    '## Run it again',
    '',
    `With ${documents.map(({ name }) => `${plain(name)} as ${code(documentFile(name))}`).join(' and ')}:`,
    '',
    '```sh',
    sweepRunAgain(report),
    '```',
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
