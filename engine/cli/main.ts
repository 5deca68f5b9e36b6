import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { addAb } from './commands/ab.ts';
import { addBroker } from './commands/broker.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExperiment } from './commands/experiment.ts';
import { addFaults } from './commands/faults.ts';
import { addOpen } from './commands/open.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addRuns } from './commands/runs.ts';
import { addSweep } from './commands/sweep.ts';
import { addTemplates } from './commands/templates.ts';
import { addTrust } from './commands/trust.ts';
import { addValidate } from './commands/validate.ts';
import { addWeb } from './commands/web.ts';
import { errorExitCode, exitCodes } from './exit-codes.ts';
import { engineError, printError } from './problems.ts';
import { createTerminal } from './terminal.ts';

let exitCode: number = exitCodes.ok;

/** Does what a command asks for. `otherwise` is what it ends with when it fails and the input is not to blame. */
async function act(work: () => Promise<number>, otherwise: number = exitCodes.failed): Promise<void> {
  try {
    exitCode = await work();
  } catch (error) {
    const known = engineError(error);
    printError(createTerminal(process.stderr), known);
    exitCode = errorExitCode(known.code, otherwise);
  }
}

const program = new Command('archipel')
  .description('A playground for backend architectures: real processes, real traffic, real faults, measured verdicts.')
  .version(packageJson.version)
  // Options belong to the command that they stand behind.
  .enablePositionalOptions()
  .showHelpAfterError('(use --help for the options)')
  .exitOverride();

for (const add of [
  addRun,
  addExperiment,
  addSweep,
  addAb,
  addValidate,
  addWeb,
  addOpen,
  addDoctor,
  addBroker,
  addTemplates,
  addTrust,
  addRuns,
  addFaults,
  addReport,
  addDiff,
])
  add(program, act);

// A reader that went away is no crash; who has work under way watches for it, see `interruption.ts`.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what is wrong, or shown the help that was asked for.
  exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
}

// Everything is closed by now; what is written to a pipe must still arrive on its other side.
for (const stream of [process.stdout, process.stderr])
  if (stream.writable) await new Promise((done) => stream.write('', done));
process.exit(exitCode);
