import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { openJsonOutput } from '../json-output.ts';
import { checkTrust, loadDocument } from '../load-document.ts';
import { addReportOptions, openSweepReportOutputs, type ReportOptions } from '../report-output.ts';
import { runSweep } from '../run-sweep.ts';
import { withEngine } from '../session.ts';
import { addSweepOptions, type SweepOptions, sweepOf } from '../sweep-options.ts';
import { createTerminal } from '../terminal.ts';

interface Options extends SweepOptions, ReportOptions {
  json?: string;
  trust?: boolean;
}

export function addSweep(
  program: Command,
  act: (work: () => Promise<number>, otherwise?: number) => Promise<void>,
): void {
  addReportOptions(
    addSweepOptions(
      program
        .command('sweep')
        .description(
          'measure again and again with one thing changed: capacity knee, replica curve, retries × timeout, hysteresis; 0 found, 2 bad input, 3 inconclusive, 4 stopped',
        )
        .argument('<file>', 'document to sweep'),
    ),
  )
    .option('--json <file>', 'write the result as JSON; "-" is standard output')
    .option('--trust', 'let the code in the document run this once')
    .action((file: string, options: Options) => act(() => sweep(file, options), exitCodes.aborted));
}

async function sweep(file: string, options: Options): Promise<number> {
  const terminal = createTerminal(options.json === '-' ? process.stderr : process.stdout);
  const document = await loadDocument(file);
  await checkTrust(file, document, options);
  const wanted = await sweepOf(options, document);
  const json = await openJsonOutput(options.json);
  const reports = await openSweepReportOutputs(options, terminal);
  return withEngine(
    terminal,
    resolve(file),
    async (session) => {
      terminal.line(
        `${basename(file)}: ${document.name}, ${wanted.type} sweep "${wanted.name}", scenario "${wanted.scenario}"`,
      );
      const request = { type: 'sweep' as const, document, sweep: wanted, directory: dirname(resolve(file)) };
      return (await runSweep(terminal, session, request, { json, reports })).exitCode;
    },
    { interruptedExitCode: exitCodes.aborted },
  );
}
