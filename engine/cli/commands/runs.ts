import type { Command } from 'commander';
import { compareRecords } from '../../records/compare.ts';
import { recordsDirectory } from '../../records/folder.ts';
import { deleteRecord, listRecords, openRecord } from '../../records/read.ts';
import type { RecordSummary } from '../../records/record.ts';
import { printComparison } from '../comparison-lines.ts';
import { exitCodes } from '../exit-codes.ts';
import { printExperiment } from '../experiment-summary.ts';
import { plural, seconds } from '../figures.ts';
import { printRun } from '../run-summary.ts';
import { table } from '../table.ts';
import { createTerminal } from '../terminal.ts';

interface Options {
  json?: boolean;
}

export function addRuns(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  const runs = program
    .command('runs')
    // What stands behind a subcommand belongs to it.
    .enablePositionalOptions()
    .description('list the runs that were recorded, the newest first; with a subcommand, look at them')
    .option('--json', 'as JSON')
    .action((options: Options) => act(() => list(options)));
  runs
    .command('show')
    .description('what a run measured, and what happened in it')
    .argument('<run>', 'id of the run')
    .option('--json', 'as JSON, with its series')
    .action((id: string, options: Options) => act(() => show(id, options)));
  runs
    .command('compare')
    .description('two runs side by side, with the difference and its 95 % interval')
    .argument('<a>', 'id of the one run')
    .argument('<b>', 'id of the other')
    .option('--json', 'as JSON')
    .action((a: string, b: string, options: Options) => act(() => compare(a, b, options)));
  runs
    .command('delete')
    .description('delete runs for good')
    .argument('<run...>', 'ids of the runs')
    .action((ids: string[]) => act(() => remove(ids)));
}

async function list({ json }: Options): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const records = await listRecords(recordsDirectory());
  if (json) {
    terminal.line(JSON.stringify(records, null, 2));
    return exitCodes.ok;
  }
  if (records.length === 0) {
    terminal.line('No run was recorded yet. `archipel run FILE` makes one.');
    return exitCodes.ok;
  }
  const rows = records.map((record) => [
    record.id,
    stateOf(record),
    record.manifest ? `${record.manifest.document.name}: ${record.manifest.name}` : (record.problem ?? ''),
    record.counts ? `${record.counts.ok} of ${record.counts.issued} ok` : '',
    `${(record.sizeBytes / 1024).toFixed(0)} KiB`,
  ]);
  const [head = '', ...lines] = table(['run', 'state', 'what', 'requests', 'size'], rows, [0, 1, 2, 3]);
  terminal.line(terminal.style('dim', head));
  for (const line of lines) terminal.line(line);
  return exitCodes.ok;
}

const stateOf = ({ state, verdict }: RecordSummary): string => verdict ?? (state === 'interrupted' ? 'cut off' : state);

async function show(id: string, { json }: Options): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const record = await openRecord(recordsDirectory(), id);
  if (json) {
    terminal.line(JSON.stringify(record, null, 2));
    return exitCodes.ok;
  }
  const { manifest, problem, state } = record.summary;
  if (manifest)
    terminal.line(
      `${manifest.document.name}: ${manifest.type} "${manifest.name}", ${new Date(manifest.startedAtMs).toISOString()}, seed ${manifest.seed}`,
    );
  if (problem) terminal.line(problem);
  if (state === 'interrupted') terminal.line('This run was cut off; what follows is what had been written by then.');
  for (const { atMs, type, subject, text } of record.events)
    terminal.line(
      `  ${terminal.style('dim', `+${seconds(atMs - (manifest?.startedAtMs ?? atMs))}`)} ${type}${subject ? ` ${subject}` : ''}: ${text}`,
    );
  if (record.result && 'verdict' in record.result) printExperiment(terminal, record.result);
  else if (record.result) printRun(terminal, record.result);
  return exitCodes.ok;
}

async function compare(a: string, b: string, { json }: Options): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const comparison = await compareRecords(recordsDirectory(), a, b);
  if (json) {
    terminal.line(JSON.stringify(comparison, null, 2));
    return exitCodes.ok;
  }
  printComparison(terminal, comparison);
  return exitCodes.ok;
}

async function remove(ids: readonly string[]): Promise<number> {
  const terminal = createTerminal(process.stdout);
  for (const id of ids) await deleteRecord(recordsDirectory(), id);
  terminal.line(`Deleted ${plural(ids.length, 'run')}.`);
  return exitCodes.ok;
}
