import type { Command } from 'commander';
import { compareRecordFolders } from '../../records/compare.ts';
import { findRecord } from '../../records/find.ts';
import { recordsDirectory } from '../../records/folder.ts';
import { comparisonPage } from '../../reports/html/comparison-page.ts';
import { printComparison } from '../comparison-lines.ts';
import { exitCodes } from '../exit-codes.ts';
import { openJsonOutput, openTextFile } from '../json-output.ts';
import { createTerminal } from '../terminal.ts';

interface Options {
  json?: string;
  html?: string;
}

export function addDiff(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  program
    .command('diff')
    .description('two runs side by side, with each difference and its 95 % interval')
    .argument('<a>', 'id of the one run, "last", or the folder of a record')
    .argument('<b>', 'the other one')
    .option('--json <file>', 'write it as JSON; "-" is standard output')
    .option('--html <file>', 'write it as a page')
    .action((a: string, b: string, options: Options) => act(() => diff(a, b, options)));
}

async function diff(a: string, b: string, options: Options): Promise<number> {
  const terminal = createTerminal(options.json === '-' ? process.stderr : process.stdout);
  const json = await openJsonOutput(options.json);
  const html = options.html === undefined ? null : await openTextFile(options.html, '--html');
  const [folderA, folderB] = await Promise.all([a, b].map((run) => findRecord(recordsDirectory(), run)));
  const comparison = await compareRecordFolders(folderA as string, folderB as string);
  printComparison(terminal, comparison);
  await json.write(comparison);
  await html?.write(comparisonPage(comparison).text);
  if (html) terminal.line(`Wrote ${html.file}`);
  return exitCodes.ok;
}
