import { stripVTControlCharacters } from 'node:util';
import { type Command, Option } from 'commander';
import type { LogLine } from '../../api/types.ts';
import { compareRecords } from '../../records/compare.ts';
import { findRecord } from '../../records/find.ts';
import { recordsDirectory } from '../../records/folder.ts';
import { deleteRecord, listRecords, openRecordFolder, readLogIn } from '../../records/read.ts';
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

interface LogOptions extends Options {
  node?: string;
  stream?: LogLine['stream'];
  search?: string;
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
    .argument('<run>', 'id of the run, "last", or the folder of a record')
    .option('--json', 'as JSON, with its series and its log')
    .action((id: string, options: Options) => act(() => show(id, options)));
  runs
    .command('log')
    .description('what the processes of a run wrote, and what became of them')
    .argument('<run>', 'id of the run, "last", or the folder of a record')
    .option('--node <id>', 'of this node alone')
    .addOption(new Option('--stream <stream>', 'of this stream alone').choices(['stdout', 'stderr', 'engine']))
    .option('--search <text>', 'lines with this text, in any case')
    .option('--json', 'as JSON')
    .action((id: string, options: LogOptions) => act(() => log(id, options)));
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
  const folder = await findRecord(recordsDirectory(), id);
  const [record, lines] = await Promise.all([openRecordFolder(folder), readLogIn(folder)]);
  if (json) {
    terminal.line(JSON.stringify({ ...record, log: lines }, null, 2));
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
  if (lines.length > 0)
    terminal.line(terminal.style('dim', `  Log: ${plural(lines.length, 'line')}, with \`archipel runs log ${id}\``));
  if (record.result && 'verdict' in record.result) printExperiment(terminal, record.result);
  else if (record.result) printRun(terminal, record.result);
  return exitCodes.ok;
}

async function log(id: string, { node, stream, search, json }: LogOptions): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const folder = await findRecord(recordsDirectory(), id);
  const [{ summary }, all] = await Promise.all([openRecordFolder(folder), readLogIn(folder)]);
  const lines = all.filter(
    (line) =>
      (node === undefined || line.nodeId === node) &&
      (stream === undefined || line.stream === stream) &&
      (search === undefined || line.text.toLowerCase().includes(search.toLowerCase())),
  );
  if (json) {
    terminal.line(JSON.stringify(lines, null, 2));
    return exitCodes.ok;
  }
  for (const { atMs, nodeId, replica, stream: written, text } of lines) {
    const since = atMs - (summary.manifest?.startedAtMs ?? atMs);
    terminal.line(
      `  ${terminal.style('dim', `${since < 0 ? '−' : '+'}${seconds(Math.abs(since))}`)} ${nodeId}#${replica} ${written}: ${stripVTControlCharacters(text)}`,
    );
  }
  if (lines.length === 0)
    terminal.line(
      all.length === 0 ? 'The record holds no log.' : `None of its ${plural(all.length, 'line')} is such a line.`,
    );
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
