import { dirname, resolve } from 'node:path';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { exitCodes, verdictExitCodes } from './exit-codes.ts';
import type { JsonOutput } from './json-output.ts';
import type { SweepReportOutputs } from './report-output.ts';
import { runSweep } from './run-sweep.ts';
import { withEngine } from './session.ts';
import type { Terminal } from './terminal.ts';
import { configureTracing, type TracingOptions } from './tracing.ts';

/** A document of a batch, and which of its experiments are run. */
export interface BatchPart {
  document: ArchipelDocument;
  path: string;
  names: string[];
}

/**
 * Which experiments of each document are meant: all, those of the names, which need not be in each of them, or the first. A
 * document in which none is meant is left out; a name that no document has is an error.
 */
export function batchParts(
  files: readonly { document: ArchipelDocument; path: string; own?: string | undefined }[],
  { all, names }: { all: boolean; names: readonly string[] },
): BatchPart[] {
  const known = files.flatMap(({ document }) => document.experiments.map(({ name }) => name));
  const missing = names.find((name) => !known.includes(name));
  if (missing !== undefined)
    throw new ArchipelError(
      'not-found',
      `there is no experiment "${missing}"`,
      `Use one of ${[...new Set(known)].map((name) => `"${name}"`).join(', ')}.`,
    );
  const parts = files
    .map(({ document, path, own }) => ({
      document,
      path,
      names: document.experiments
        .map(({ name }) => name)
        .filter((name, index) => {
          if (all) return true;
          if (names.length > 0) return names.includes(name);
          return own === undefined ? index === 0 : name === own;
        }),
    }))
    .filter((part) => part.names.length > 0);
  if (parts.length > 0) return parts;
  throw new ArchipelError('not-found', 'there is no experiment in these documents', 'Add one to a document.');
}

/** Several experiments as one job; ends with the combined verdict. */
export async function batchOf(options: {
  terminal: Terminal;
  parts: readonly BatchPart[];
  seed: number | undefined;
  json: JsonOutput;
  reports: SweepReportOutputs;
  tracing: TracingOptions;
}): Promise<number> {
  const { terminal, parts, seed, json, reports, tracing } = options;
  const [first] = parts;
  return withEngine(
    terminal,
    first ? resolve(first.path) : null,
    async (session) => {
      for (const { document, names } of parts) terminal.line(`${document.name}: ${names.join(', ')}`);
      await configureTracing(session, tracing);
      const of = parts.map(({ document, path, names }) => ({ document, names, directory: dirname(resolve(path)) }));
      const request = { type: 'batch' as const, of, ...(seed !== undefined && { seed }) };
      const { exitCode, result } = await runSweep(terminal, session, request, { json, reports });
      if (result.type !== 'batch' || result.verdict === null || result.state !== 'done') return exitCode;
      return verdictExitCodes[result.verdict];
    },
    { interruptedExitCode: exitCodes.aborted },
  );
}
