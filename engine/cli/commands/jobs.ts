import type { Command } from 'commander';
import type { JobStatus } from '../../api/types.ts';
import { exitCodes } from '../exit-codes.ts';
import { plural } from '../figures.ts';
import { withJobs } from '../jobs-door.ts';
import { openJsonOutput } from '../json-output.ts';
import { addReportOptions, openSweepReportOutputs, type ReportOptions } from '../report-output.ts';
import { runSweep } from '../run-sweep.ts';
import { printSweep } from '../sweep-summary.ts';
import { table } from '../table.ts';
import { createTerminal, type Terminal } from '../terminal.ts';

interface Options {
  json?: boolean;
}

interface ResumeOptions extends ReportOptions {
  json?: string;
}

const help = `
A sweep, a comparison, repetitions and a batch of experiments are jobs, whoever starts them: each measurement is on the disk before the next one
begins. One that is cancelled or interrupted, also by the sudden death of its engine, goes on from what it has measured.
Where a window has the jobs open, these commands act on it.`;

export function addJobs(
  program: Command,
  act: (work: () => Promise<number>, otherwise?: number) => Promise<void>,
): void {
  const jobs = program
    .command('jobs')
    // What stands behind a subcommand belongs to it.
    .enablePositionalOptions()
    .description(
      'list sweeps, comparisons, repetitions and batches that were started, the newest first; go on with one',
    )
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action((options: Options) => act(() => list(options)));
  jobs
    .command('show')
    .description('how far a job is, and what it found')
    .argument('<job>', 'id of the job')
    .option('--json', 'as JSON')
    .action((id: string, options: Options) => act(() => show(id, options)));
  jobs
    .command('cancel')
    .description('end a job with everything undone; what it has measured is kept')
    .argument('<job>', 'id of the job')
    .action((id: string) => act(() => cancel(id)));
  addReportOptions(
    jobs
      .command('resume')
      .description('go on with a job that was cancelled or interrupted, from what it has measured')
      .argument('<job>', 'id of the job')
      .option('--json <file>', 'write the result as JSON; "-" is standard output'),
  ).action((id: string, options: ResumeOptions) => act(() => resume(id, options), exitCodes.aborted));
  jobs
    .command('delete')
    .description('forget jobs that are over, with what they measured')
    .argument('<job...>', 'ids of the jobs')
    .action((ids: string[]) => act(() => remove(ids)));
}

async function list({ json }: Options): Promise<number> {
  const terminal = createTerminal(process.stdout);
  return withJobs(terminal, async (jobs) => {
    const known = await jobs.list();
    if (json) terminal.line(JSON.stringify(known, null, 2));
    else if (known.length === 0) terminal.line('There is no job. `archipel sweep FILE` starts one.');
    else {
      const rows = known.map((job) => [
        job.id,
        job.state,
        `${job.document}: ${job.type} "${job.name}"`,
        progressOf(job),
      ]);
      const [head = '', ...lines] = table(['job', 'state', 'what', 'measured'], rows, [0, 1, 2]);
      terminal.line(terminal.style('dim', head));
      for (const line of lines) terminal.line(line);
    }
    return exitCodes.ok;
  });
}

const progressOf = ({ pointsKept, progress }: JobStatus): string =>
  progress && progress.stepsExpected > pointsKept
    ? `${pointsKept} of about ${progress.stepsExpected}`
    : `${pointsKept}`;

async function show(id: string, { json }: Options): Promise<number> {
  const terminal = createTerminal(process.stdout);
  return withJobs(terminal, async (jobs) => {
    const job = await jobs.get(id);
    if (json) terminal.line(JSON.stringify(job, null, 2));
    else {
      tell(terminal, job.status);
      if (job.result) printSweep(terminal, job.result);
    }
    return exitCodes.ok;
  });
}

function tell(terminal: Terminal, job: JobStatus): void {
  const { document, type, name, state, createdAtMs } = job;
  terminal.line(`${document}: ${type} "${name}", started ${new Date(createdAtMs).toISOString()}`);
  terminal.line(`${state}, ${plural(job.pointsKept, 'measurement')} kept`);
}

async function cancel(id: string): Promise<number> {
  const terminal = createTerminal(process.stdout);
  return withJobs(terminal, async (jobs) => {
    await jobs.cancel(id);
    terminal.line(`${id} is cancelled. Go on with \`archipel jobs resume ${id}\`.`);
    return exitCodes.ok;
  });
}

async function resume(id: string, options: ResumeOptions): Promise<number> {
  const terminal = createTerminal(options.json === '-' ? process.stderr : process.stdout);
  const json = await openJsonOutput(options.json);
  const reports = await openSweepReportOutputs(options, terminal);
  return withJobs(terminal, async (jobs) => {
    if ('pid' in jobs.in) {
      await jobs.resume(id);
      terminal.line(`${id} goes on in the engine of process ${jobs.in.pid}, which has the jobs open.`);
      return exitCodes.ok;
    }
    const { session } = jobs.in;
    tell(terminal, (await jobs.get(id)).status);
    const request = await session.caller.jobs.request({ id });
    return (await runSweep(terminal, session, request, { json, reports, resumed: id })).exitCode;
  });
}

async function remove(ids: string[]): Promise<number> {
  const terminal = createTerminal(process.stdout);
  return withJobs(terminal, async (jobs) => {
    await jobs.delete(ids);
    terminal.line(`${plural(ids.length, 'job')} deleted.`);
    return exitCodes.ok;
  });
}
