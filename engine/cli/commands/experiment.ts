import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ExperimentResult } from '../../api/types.ts';
import { parseRepetitions, parseSeed } from '../arguments.ts';
import { exitCodes, verdictExitCodes } from '../exit-codes.ts';
import { printExperiment } from '../experiment-summary.ts';
import { unlessInterrupted } from '../interruption.ts';
import { openJsonOutput } from '../json-output.ts';
import { checkTrust, loadDocument, pick } from '../load-document.ts';
import { showProgress } from '../progress.ts';
import { refuseWithRepeat, repeatIt } from '../repeat.ts';
import { addReportOptions, openReportOutputs, type ReportOptions } from '../report-output.ts';
import { type Session, withEngine } from '../session.ts';
import { createTerminal } from '../terminal.ts';
import { addTracingOptions, configureTracing, type TracingOptions, tellOtlp } from '../tracing.ts';

interface ExperimentOptions extends TracingOptions, ReportOptions {
  name?: string;
  seed?: number;
  repeat?: number;
  json?: string;
  trust?: boolean;
}

export function addExperiment(
  program: Command,
  act: (work: () => Promise<number>, otherwise?: number) => Promise<void>,
): void {
  addTracingOptions(
    addReportOptions(
      program
        .command('experiment')
        .description(
          'run an experiment and give its verdict: 0 passed, 1 failed, 2 bad input, 3 inconclusive, 4 aborted',
        )
        .argument('<file>', 'document with the experiment')
        .option('--name <name>', 'experiment to run (default: the first)')
        .option('--seed <number>', 'seed of arrivals and routes (default: as the scenario says)', parseSeed)
        .option(
          '--repeat <number>',
          'run it so often, each time with a seed of its own, and give a combined verdict',
          parseRepetitions,
        )
        .option('--json <file>', 'write the result as JSON; "-" is standard output')
        .option('--trust', 'let the code in the document run this once'),
    ),
  ).action((file: string, options: ExperimentOptions) => act(() => experiment(file, options), exitCodes.aborted));
}

async function experiment(file: string, options: ExperimentOptions): Promise<number> {
  const terminal = createTerminal(options.json === '-' ? process.stderr : process.stdout);
  const document = await loadDocument(file);
  await checkTrust(file, document, options);
  const { name, title } = pick(document.experiments, options.name, 'experiment');
  const json = await openJsonOutput(options.json);
  if (options.repeat !== undefined) {
    refuseWithRepeat({ '--report': options.report, '--junit': options.junit });
    const repeat = { of: { type: 'experiment' as const, name }, repetitions: options.repeat, seed: options.seed };
    return repeatIt({ terminal, file, document, repeat, json, tracing: options });
  }
  const reports = await openReportOutputs(options, terminal);

  return withEngine(terminal, resolve(file), async (session) => {
    terminal.line(`${basename(file)}: ${document.name}, experiment "${name}": ${title}`);
    const result = await measure(session);
    if (!result) return exitCodes.aborted;
    printExperiment(terminal, result);
    await tellOtlp(terminal, session, options);
    await json.write(result);
    await reports.write(result, document, null);
    return verdictExitCodes[result.verdict];
  });

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
