import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { RunResult } from '../../api/types.ts';
import { parseDuration, parseRepetitions, parseSeed } from '../arguments.ts';
import { exitCodes } from '../exit-codes.ts';
import { seconds } from '../figures.ts';
import { unlessInterrupted } from '../interruption.ts';
import { openJsonOutput, tellUnwritten } from '../json-output.ts';
import { checkTrust, loadDocument, pick } from '../load-document.ts';
import { addChangeOptions, type ChangeOptions, makeChanges, planChanges } from '../planned-changes.ts';
import { showProgress } from '../progress.ts';
import { refuseWithRepeat, repeatIt } from '../repeat.ts';
import { addReportOptions, openReportOutputs, openSweepReportOutputs, type ReportOptions } from '../report-output.ts';
import { printRun } from '../run-summary.ts';
import { type Session, withEngine } from '../session.ts';
import { createTerminal } from '../terminal.ts';
import { openTraceOutput } from '../trace-output.ts';
import { addTracingOptions, configureTracing, type TracingOptions, tellOtlp } from '../tracing.ts';

interface RunOptions extends TracingOptions, ChangeOptions, ReportOptions {
  scenario?: string;
  duration?: number;
  seed?: number;
  repeat?: number;
  json?: string;
  trust?: boolean;
  saveTrace?: string;
}

export function addRun(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  addTracingOptions(
    addChangeOptions(
      addReportOptions(
        program
          .command('run')
          .description('start the topology, send the traffic of a scenario, and say what was measured')
          .argument('<file>', 'document to run')
          .option('--scenario <name>', 'scenario to run (default: the first)')
          .option('--duration <time>', 'how long, e.g. 20s or 1m30s (default: as the scenario says)', parseDuration)
          .option('--seed <number>', 'seed of arrivals and routes (default: as the scenario says)', parseSeed)
          .option(
            '--repeat <number>',
            'run it so often, each time with a seed of its own, and give means with intervals',
            parseRepetitions,
          )
          .option('--json <file>', 'write the result as JSON; "-" is standard output')
          .option('--save-trace <file>', 'write each request as it began, as a trace that the executor "replay" takes')
          .option('--trust', 'let the code in the document run this once'),
      ),
    ),
  ).action((file: string, options: RunOptions) => act(() => run(file, options)));
}

/** Of each repetition, before what is measured. */
const WARM_UP_MS = 2000;

async function run(file: string, options: RunOptions): Promise<number> {
  const terminal = createTerminal(options.json === '-' ? process.stderr : process.stdout);
  const document = await loadDocument(file);
  await checkTrust(file, document, options);
  const scenario = pick(document.scenarios, options.scenario, 'scenario');
  const json = await openJsonOutput(options.json);
  if (options.repeat !== undefined) {
    const { saveTrace, scale, deploy, rollBack } = options;
    refuseWithRepeat({
      ...{ '--save-trace': saveTrace, '--scale': scale, '--deploy': deploy, '--roll-back': rollBack },
    });
    const reports = await openSweepReportOutputs(options, terminal);
    const measureMs = options.duration ?? scenario.durationMs;
    const of = { type: 'run' as const, scenario: scenario.name, warmUpMs: WARM_UP_MS, measureMs };
    const repeat = { of, repetitions: options.repeat, seed: options.seed };
    return repeatIt({ terminal, file, document, repeat, json, reports, tracing: options });
  }
  const reports = await openReportOutputs(options, terminal);
  const clients = [...new Set(scenario.traffic.map(({ client }) => client))];
  const trace = await openTraceOutput(options.saveTrace, clients, terminal);
  const directory = dirname(resolve(file));
  const durationMs = options.duration ?? scenario.durationMs;
  const seed = options.seed ?? scenario.seed;
  const changes = planChanges(options, document, durationMs);
  let changesFailed = 0;

  return withEngine(terminal, resolve(file), async (session) => {
    terminal.line(
      `${basename(file)}: ${document.name}, scenario "${scenario.name}", ${seconds(durationMs)}, seed ${seed}`,
    );
    const result = await measure(session);
    if (!result) return exitCodes.failed;
    printRun(terminal, result);
    await tellOtlp(terminal, session, options);
    if (trace) await tellUnwritten(async () => trace.write(await session.caller.traffic.recorded()));
    await tellUnwritten(() => json.write(result));
    await tellUnwritten(() => reports.write(result, document, durationMs));
    return result.conservation.holds && changesFailed === 0 ? exitCodes.ok : exitCodes.failed;
  });

  /** Null when it was interrupted before there was any traffic. */
  async function measure(session: Session): Promise<RunResult | null> {
    const { caller, interruption } = session;
    using _progress = showProgress(terminal, session);
    const started = await unlessInterrupted(
      caller.documents
        .trust({ path: null, document })
        .then(() => configureTracing(session, options))
        .then(() => caller.topology.start({ document, directory }))
        .then(() => caller.traffic.start({ scenario, seed, durationMs, directory, recordArrivals: trace !== null })),
      interruption,
    );
    if (!started) return null;
    using making = makeChanges(changes, session, terminal);
    const result = (await unlessInterrupted(caller.traffic.done(), interruption)) ?? caller.traffic.stop();
    changesFailed = making.failed();
    return result;
  }
}
