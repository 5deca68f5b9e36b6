import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ArchipelError } from '../../model/error.ts';
import { whyNoDisplay } from '../browser.ts';
import { exitCodes } from '../exit-codes.ts';
import { electronProgram, interfaceDirectory, packageRoot } from '../installation.ts';
import { checkOpens } from '../load-document.ts';
import { createTerminal } from '../terminal.ts';

const INSTEAD = 'Use "archipel web" for the same interface in a browser.';

export function addOpen(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  program
    .command('open')
    .description('open the desktop window')
    .argument('[file]', 'document or *.comparison.json to open')
    .action((file: string | undefined) => act(() => open(file)));
}

/** Starts the desktop window and leaves it to itself. */
async function open(file: string | undefined): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const path = file === undefined ? null : resolve(file);
  if (path) await checkOpens(path);
  const noDisplay = whyNoDisplay();
  if (noDisplay) throw cannotOpen(noDisplay, INSTEAD);
  const { path: program, found } = electronProgram();
  if (!found)
    throw cannotOpen(`there is no Electron at ${program}`, `Run "npm start" once, which downloads it. Or: ${INSTEAD}`);
  if (!interfaceDirectory() || !existsSync(join(packageRoot, 'dist', 'electron', 'main.cjs')))
    throw cannotOpen('the desktop shell is not built', 'Run "npm run build" first.');

  // As root Chromium does not start with its sandbox.
  const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), packageRoot, ...(path ? [path] : [])];
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  // The engine of the window runs on the Node that runs this, unless that one is inside Electron.
  if (!process.versions.electron) env.ARCHIPEL_NODE ??= process.execPath;
  const window = spawn(program, args, { stdio: 'ignore', detached: true, env });
  await once(window, 'spawn').catch((error: Error) => {
    throw cannotOpen(error.message, INSTEAD);
  });
  window.unref();
  terminal.line(`The desktop window opens (process ${window.pid}).`);
  return exitCodes.ok;
}

const cannotOpen = (why: string, nextStep: string): ArchipelError =>
  new ArchipelError('window-unavailable', `the desktop window cannot be opened: ${why}`, nextStep);
