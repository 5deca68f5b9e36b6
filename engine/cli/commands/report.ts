import type { Command } from 'commander';
import { Option } from 'commander';
import { reportOf } from '../../api/record-report.ts';
import { findRecord } from '../../records/find.ts';
import { recordsDirectory } from '../../records/folder.ts';
import { renderReport } from '../../reports/formats.ts';
import { type ReportFormat, reportFormats } from '../../reports/report-format.ts';
import { exitCodes } from '../exit-codes.ts';
import { openTextFile, writeOut } from '../json-output.ts';
import { createTerminal } from '../terminal.ts';

interface Options {
  format: ReportFormat;
  out?: string;
}

export function addReport(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  program
    .command('report')
    .description('write a report of a run that was recorded')
    .argument('<run>', 'id of the run, "last", or the folder of a record')
    .addOption(new Option('--format <format>', 'kind of report').choices(reportFormats).default('html'))
    .option('--out <file>', 'where to (default: a name of its own in this directory); "-" is standard output')
    .action((run: string, options: Options) => act(() => report(run, options)));
}

async function report(run: string, { format, out }: Options): Promise<number> {
  const rendered = await renderReport(await reportOf(await findRecord(recordsDirectory(), run)), format);
  if (out === '-') await writeOut(rendered.content);
  else {
    const { file, write } = await openTextFile(out ?? rendered.fileName, '--out');
    await write(rendered.content);
    createTerminal(process.stdout).line(`Wrote ${file}`);
  }
  return exitCodes.ok;
}
