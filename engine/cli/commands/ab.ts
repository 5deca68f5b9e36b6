import { basename, dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type ComparisonFile, isComparisonFile, readComparisonFile } from '../../documents/comparison-file.ts';
import { ArchipelError } from '../../model/error.ts';
import type { ComparisonPlan, FigureName } from '../../model/repetition.ts';
import { comparisonSchema, figureNames } from '../../model/repetition.ts';
import { parseDuration, parseMegabytes, parseRepetitions, parseSeed, parseSlots } from '../arguments.ts';
import { exitCodes } from '../exit-codes.ts';
import { openJsonOutput } from '../json-output.ts';
import { checkTrust, loadDocument, pick } from '../load-document.ts';
import { addReportOptions, openSweepReportOutputs, type ReportOptions } from '../report-output.ts';
import { runSweep } from '../run-sweep.ts';
import { withEngine } from '../session.ts';
import { createTerminal } from '../terminal.ts';

interface Options extends ReportOptions {
  scenario?: string;
  repeat?: number;
  warmUp?: number;
  measure?: number;
  seed?: number;
  primary?: FigureName;
  slots?: number;
  memory?: number;
  allowDifferentBudgets?: boolean;
  json?: string;
  trust?: boolean;
}

export function addAb(program: Command, act: (work: () => Promise<number>, otherwise?: number) => Promise<void>): void {
  addReportOptions(program.command('ab'))
    .description(
      'compare two documents under the same recorded arrivals, in turns (ABBA): 0 measured, 1 not as the file expects, 2 bad input, 3 inconclusive, 4 stopped',
    )
    .argument('<a>', 'document A, or an *.comparison.json that names both and says what is expected')
    .argument('[b]', 'document B')
    .option('--scenario <name>', 'scenario of A whose arrivals are recorded and replayed (default: the first)')
    .option('--repeat <number>', 'blocks of A, B, B, A (default: 4)', parseRepetitions)
    .option('--warm-up <time>', 'discarded at the beginning of each run (default: 2s)', parseDuration)
    .option('--measure <time>', 'measured in each run (default: 10s)', parseDuration)
    .option('--seed <number>', 'seed of arrivals and routes (default: as the scenario says)', parseSeed)
    .addOption(
      new Option('--primary <figure>', 'figure that the comparison is made for (default: p99)').choices(figureNames),
    )
    .option('--slots <number>', 'processes that each may run, instead of the budgets of the documents', parseSlots)
    .option('--memory <MB>', 'memory that each may hold, instead of the budgets of the documents', parseMegabytes)
    .option('--allow-different-budgets', 'compare all the same when the budgets differ, and say so')
    .option('--json <file>', 'write the result as JSON; "-" is standard output')
    .option('--trust', 'let the code in the documents run this once')
    .action((a: string, b: string | undefined, options: Options) =>
      act(() => compare(a, b, options), exitCodes.aborted),
    );
}

async function compare(a: string, b: string | undefined, options: Options): Promise<number> {
  if (isComparisonFile(a) && b === undefined) {
    const file = await readComparisonFile(a);
    return ab([file.a, file.b], options, file);
  }
  if (b !== undefined) return ab([a, b], options, null);
  throw new ArchipelError('not-found', `there is nothing to compare ${a} with`, 'Name a second document.');
}

/** What a file asks for gives way to options. */
async function ab(
  files: readonly [string, string],
  options: Options,
  file: Pick<ComparisonFile, 'title' | 'plan'> | null,
): Promise<number> {
  const terminal = createTerminal(options.json === '-' ? process.stderr : process.stdout);
  const sides: { document: Awaited<ReturnType<typeof loadDocument>>; directory: string }[] = [];
  for (const file of files) {
    const document = await loadDocument(file);
    await checkTrust(file, document, options);
    sides.push({ document, directory: dirname(resolve(file)) });
  }
  const [a, b] = sides as [(typeof sides)[number], (typeof sides)[number]];
  const wanted = options.scenario ?? file?.plan.scenario;
  const plan = planOf(options, pick(a.document.scenarios, wanted, 'scenario').name, file?.plan);
  const json = await openJsonOutput(options.json);
  const reports = await openSweepReportOutputs(options, terminal);
  return withEngine(
    terminal,
    resolve(files[0]),
    async (session) => {
      if (file) terminal.line(file.title);
      terminal.line(
        `A ${basename(files[0])}: ${a.document.name}; B ${basename(files[1])}: ${b.document.name}; scenario "${plan.scenario}", ${plan.blocks} × ABBA`,
      );
      return (await runSweep(terminal, session, { type: 'ab', a, b, plan }, { json, reports })).exitCode;
    },
    { interruptedExitCode: exitCodes.aborted },
  );
}

function planOf(options: Options, scenario: string, file: ComparisonPlan | undefined): ComparisonPlan {
  const { slots = null, memory = null } = options;
  return comparisonSchema.parse({
    scenario,
    blocks: options.repeat ?? file?.blocks,
    warmUpMs: options.warmUp ?? file?.warmUpMs,
    measureMs: options.measure ?? file?.measureMs,
    seed: options.seed ?? file?.seed,
    primary: options.primary ?? file?.primary,
    budget: slots === null && memory === null ? (file?.budget ?? null) : { slots, memoryMb: memory },
    allowDifferentBudgets: options.allowDifferentBudgets ?? file?.allowDifferentBudgets,
    expect: file?.expect,
  });
}
