import { basename, dirname, resolve } from 'node:path';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import type { Repeat } from '../model/repetition.ts';
import { exitCodes, verdictExitCodes } from './exit-codes.ts';
import type { JsonOutput } from './json-output.ts';
import type { SweepReportOutputs } from './report-output.ts';
import { runSweep } from './run-sweep.ts';
import { withEngine } from './session.ts';
import type { Terminal } from './terminal.ts';
import { configureTracing, type TracingOptions } from './tracing.ts';

/** The same again, so often; ends with the combined verdict where there is one. */
export async function repeatIt(options: {
  terminal: Terminal;
  file: string;
  document: ArchipelDocument;
  repeat: Repeat;
  json: JsonOutput;
  reports: SweepReportOutputs;
  tracing: TracingOptions;
}): Promise<number> {
  const { terminal, file, document, repeat, json, reports, tracing } = options;
  const { of, repetitions } = repeat;
  return withEngine(
    terminal,
    resolve(file),
    async (session) => {
      const what = of.type === 'experiment' ? `experiment "${of.name}"` : `scenario "${of.scenario}"`;
      terminal.line(`${basename(file)}: ${document.name}, ${what}, ${repetitions} times`);
      await configureTracing(session, tracing);
      const request = { type: 'repeat' as const, document, repeat, directory: dirname(resolve(file)) };
      const { exitCode, result } = await runSweep(terminal, session, request, { json, reports });
      if (result.type !== 'repeat' || result.verdict === null || result.state === 'stopped') return exitCode;
      return verdictExitCodes[result.verdict];
    },
    { interruptedExitCode: exitCodes.aborted },
  );
}

/** What `--repeat` cannot be used with, since it makes sense once only. */
export function refuseWithRepeat(options: Record<string, unknown>): void {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length === 0) return;
  throw new ArchipelError(
    'document-invalid',
    `--repeat cannot be used with ${given.map(([option]) => option).join(', ')}`,
    'Leave one of them out; an experiment can change the topology in each of its repetitions.',
  );
}
