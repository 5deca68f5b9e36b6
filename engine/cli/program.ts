import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { errorExitCode, exitCodes } from './exit-codes.ts';
import { engineError, printError } from './problems.ts';
import { createTerminal } from './terminal.ts';

/** Does what a command asks for. `otherwise` is what it ends with when it fails and the input is not to blame. */
type Act = (work: () => Promise<number>, otherwise?: number) => Promise<void>;

/** Runs the command line with these commands, and ends the process with its exit code. */
export async function runProgram(commands: readonly ((program: Command, act: Act) => void)[]): Promise<never> {
  let exitCode: number = exitCodes.ok;

  const act: Act = async (work, otherwise = exitCodes.failed) => {
    try {
      exitCode = await work();
    } catch (error) {
      const known = engineError(error);
      printError(createTerminal(process.stderr), known);
      exitCode = errorExitCode(known.code, otherwise);
    }
  };

  const program = new Command('archipel')
    .description(
      'A playground for backend architectures: real processes, real traffic, real faults, measured verdicts.',
    )
    .version(packageJson.version)
    // Options belong to the command that they stand behind.
    .enablePositionalOptions()
    .showHelpAfterError('(use --help for the options)')
    .exitOverride();

  for (const add of commands) add(program, act);

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
  return process.exit(exitCode);
}
