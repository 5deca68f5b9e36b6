import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ExperimentResult } from '../../api/types.ts';
import { isExperimentFile, readExperimentFile, withExperiment } from '../../documents/experiment-file.ts';
import type { ArchipelDocument } from '../../model/document.ts';
import { ArchipelError } from '../../model/error.ts';
import { parseRepetitions, parseSeed } from '../arguments.ts';
import { batchOf, batchParts } from '../batch.ts';
import { exitCodes, verdictExitCodes } from '../exit-codes.ts';
import { printExperiment } from '../experiment-summary.ts';
import { unlessInterrupted } from '../interruption.ts';
import { openJsonOutput, tellUnwritten } from '../json-output.ts';
import { checkTrust, loadDocument, pick } from '../load-document.ts';
import { showProgress } from '../progress.ts';
import { repeatIt } from '../repeat.ts';
import { addReportOptions, openReportOutputs, openSweepReportOutputs, type ReportOptions } from '../report-output.ts';
import { type Session, withEngine } from '../session.ts';
import { createTerminal } from '../terminal.ts';
import { addTracingOptions, configureTracing, type TracingOptions, tellOtlp } from '../tracing.ts';
import { addExperimentExchange } from './experiment-exchange.ts';

interface ExperimentOptions extends TracingOptions, ReportOptions {
  name?: string[];
  all?: boolean;
  experiment?: string;
  seed?: number;
  repeat?: number;
  json?: string;
  trust?: boolean;
}

export function addExperiment(
  program: Command,
  act: (work: () => Promise<number>, otherwise?: number) => Promise<void>,
): void {
  const command = addTracingOptions(
    addReportOptions(
      program
        .command('experiment')
        // What stands behind a subcommand belongs to it.
        .enablePositionalOptions()
        .description(
          'run an experiment and give its verdict: 0 passed, 1 failed, 2 bad input, 3 inconclusive, 4 aborted',
        )
        .argument('<file...>', 'document with the experiment, or an *.experiment.json that names its document')
        .option('--experiment <file>', 'run the experiment in this file on the document')
        .option(
          '--name <name>',
          'experiment to run, several times for several (default: the first)',
          (name: string, before: string[] = []) => [...before, name],
        )
        .option('--all', 'run all experiments of the documents, as one job that can be cancelled and resumed')
        .option('--seed <number>', 'seed of arrivals and routes (default: as the scenario says)', parseSeed)
        .option(
          '--repeat <number>',
          'run it so often, each time with a seed of its own, and give a combined verdict',
          parseRepetitions,
        )
        .option('--json <file>', 'write the result as JSON; "-" is standard output')
        .option('--trust', 'let the code in the document run this once'),
    ),
  );
  command.action((files: string[], options: ExperimentOptions) =>
    act(
      () => (isBatch(files, options) ? batch(files, options) : experiment(files[0] ?? '', options)),
      exitCodes.aborted,
    ),
  );
  addExperimentExchange(command, act);
}

const isBatch = (files: readonly string[], { all = false, name = [] }: ExperimentOptions): boolean =>
  all || files.length > 1 || name.length > 1;

/** Several experiments, one after the other. */
async function batch(files: readonly string[], options: ExperimentOptions): Promise<number> {
  if (options.repeat !== undefined)
    throw new ArchipelError(
      'document-invalid',
      '--repeat goes with one experiment, and several are meant',
      'Name one with --name, or leave --repeat out.',
    );
  const terminal = createTerminal(options.json === '-' ? process.stderr : process.stdout);
  const found = [];
  for (const file of files) {
    const { document, path, wanted } = await documentOf(file, options);
    await checkTrust(path, document, options);
    found.push({
      document,
      path,
      own: isExperimentFile(file) || options.experiment !== undefined ? wanted : undefined,
    });
  }
  const parts = batchParts(found, { all: options.all ?? false, names: options.name ?? [] });
  const json = await openJsonOutput(options.json);
  const reports = await openSweepReportOutputs(options, terminal);
  return batchOf({ terminal, parts, seed: options.seed, json, reports, tracing: options });
}

async function experiment(given: string, options: ExperimentOptions): Promise<number> {
  const terminal = createTerminal(options.json === '-' ? process.stderr : process.stdout);
  const { document, path: file, wanted } = await documentOf(given, options);
  await checkTrust(file, document, options);
  const { name, title } = pick(document.experiments, wanted, 'experiment');
  const json = await openJsonOutput(options.json);
  if (options.repeat !== undefined) {
    const reports = await openSweepReportOutputs(options, terminal);
    const repeat = { of: { type: 'experiment' as const, name }, repetitions: options.repeat, seed: options.seed };
    return repeatIt({ terminal, file, document, repeat, json, reports, tracing: options });
  }
  const reports = await openReportOutputs(options, terminal);

  return withEngine(
    terminal,
    resolve(file),
    async (session) => {
      terminal.line(`${basename(file)}: ${document.name}, experiment "${name}": ${title}`);
      const result = await measure(session);
      if (!result) return exitCodes.aborted;
      printExperiment(terminal, result);
      await tellOtlp(terminal, session, options);
      await tellUnwritten(() => json.write(result));
      await tellUnwritten(() => reports.write(result, document, null));
      return verdictExitCodes[result.verdict];
    },
    { interruptedExitCode: exitCodes.aborted },
  );

  /** Null when it was interrupted before it began. */
  async function measure(session: Session): Promise<ExperimentResult | null> {
    const { caller, interruption } = session;
    using _progress = showProgress(terminal, session);
    await caller.documents.trust({ path: null, document });
    await configureTracing(session, options);
    await caller.experiments.start({ document, name, seed: options.seed, directory: dirname(resolve(file)) });
    return (await unlessInterrupted(caller.experiments.done(), interruption)) ?? caller.experiments.stop();
  }
}

/** The document to run, with an experiment that stands in a file of its own taken in, and which one is wanted. */
async function documentOf(
  given: string,
  options: ExperimentOptions,
): Promise<{ document: ArchipelDocument; path: string; wanted: string | undefined }> {
  const file = options.experiment ?? (isExperimentFile(given) ? given : null);
  if (file === null) return { document: await loadDocument(given), path: given, wanted: options.name?.[0] };
  const { experiment: own, document: named } = await readExperimentFile(file);
  const path = options.experiment === undefined ? named : given;
  if (path === null)
    throw new ArchipelError(
      'not-found',
      `${file} names no document`,
      `Add "document" to it, or run it with \`archipel experiment DOCUMENT --experiment ${file}\`.`,
    );
  return { document: withExperiment(await loadDocument(path), own, file), path, wanted: own.name };
}
