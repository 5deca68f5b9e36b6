import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { z } from 'zod';
import type { DocumentError } from '../model/definition.ts';
import { ArchipelError } from '../model/error.ts';
import { arrivalSchema } from '../model/executors/replay.ts';
import { schemaErrors } from '../model/issues.ts';
import type { Scenario, TrafficSource } from '../model/scenario.ts';
import { type TraceEntry, traceOf } from '../model/trace.ts';

const MAX_ARRIVALS = 500_000;
/** So many problems tell what is wrong with a file. */
const MAX_PROBLEMS = 20;

/** The scenario with the traces of its files in it. Relative paths count from `directory`, that of the document. */
export async function withTraces(scenario: Scenario, directory: string | null): Promise<Scenario> {
  const traffic: TrafficSource[] = [];
  for (const source of scenario.traffic) {
    if (!('trace' in source) || source.trace.from === 'document') traffic.push(source);
    else {
      const arrivals = await readTrace(source.trace.path, directory);
      const { problems } = traceOf(arrivals, source.routes);
      refuse(
        source.trace.path,
        problems.map(({ index, message, nextStep }) => ({ path: `line ${index + 1}`, message, nextStep })),
      );
      traffic.push({ ...source, trace: { from: 'document', arrivals } });
    }
  }
  return { ...scenario, traffic };
}

async function readTrace(path: string, directory: string | null): Promise<z.output<typeof arrivalSchema>[]> {
  if (!isAbsolute(path) && directory === null)
    throw new ArchipelError(
      'document-unreadable',
      `The trace "${path}" is named relative to the document, which is not saved yet.`,
      'Save the document beside the trace, or give the whole path.',
    );
  const file = resolve(directory ?? '', path);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ArchipelError(
      'document-unreadable',
      `The trace ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Check the path, and that you may read the file.',
      { cause },
    );
  });
  return parseTrace(text, path);
}

/** One JSON object on each line. Every line is looked at, so that all problems are told at once. */
function parseTrace(text: string, name: string): z.output<typeof arrivalSchema>[] {
  const problems: DocumentError[] = [];
  const arrivals: z.output<typeof arrivalSchema>[] = [];
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  lines.forEach((line, index) => {
    if (problems.length > MAX_PROBLEMS) return;
    const at = `line ${index + 1}`;
    try {
      const value: unknown = JSON.parse(line);
      const parsed = arrivalSchema.safeParse(value);
      if (parsed.success) arrivals.push(parsed.data);
      else problems.push(...schemaErrors(arrivalSchema, value, at));
    } catch (error) {
      problems.push({
        path: at,
        message: `is no JSON: ${error instanceof Error ? error.message : String(error)}`,
        nextStep: 'Write one JSON object on each line, such as {"atMs":12.5,"method":"GET","path":"/orders"}.',
      });
    }
  });
  if (arrivals.length === 0 && problems.length === 0)
    problems.push({ path: 'line 1', message: 'is missing', nextStep: 'Write at least one arrival.' });
  if (arrivals.length > MAX_ARRIVALS)
    problems.push({
      path: `line ${MAX_ARRIVALS + 1}`,
      message: `is one too many: a trace may have ${MAX_ARRIVALS} arrivals`,
      nextStep: 'Cut the trace into parts.',
    });
  refuse(name, problems);
  return arrivals;
}

function refuse(name: string, problems: DocumentError[]): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, MAX_PROBLEMS);
  const more = problems.length > shown.length ? '; and more' : '';
  throw new ArchipelError(
    'document-invalid',
    `The trace ${name} cannot be replayed: ${shown.map(({ path, message }) => `${path}: ${message}`).join('; ')}${more}.`,
    shown[0]?.nextStep ?? 'Mend the trace.',
    { errors: shown },
  );
}

/** The text of a trace file. */
export const traceText = (entries: readonly TraceEntry[]): string =>
  entries
    .map(({ atMs, method, path, bodyBytes }) =>
      JSON.stringify({ atMs: Number(atMs.toFixed(3)), method, path, ...(bodyBytes > 0 ? { bodyBytes } : {}) }),
    )
    .map((line) => `${line}\n`)
    .join('');
