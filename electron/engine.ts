import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import { type EngineHost, startEngineHost } from './engine-host.ts';
import { answer, receive } from './ipc.ts';
import { APP_ORIGIN } from './renderer-files.ts';
import { inWords } from './words.ts';

/** After so many failures in a row the user is asked; before, a restart is quicker than a question. */
const FAILURES_BEFORE_QUESTION = 4;

/** Starts the engine, tells the window where it answers, and stops it when the app quits. */
export function setupEngine(window: BrowserWindow, initialPath: string | null): EngineHost {
  const logFile = join(app.getPath('logs'), 'engine.log');
  mkdirSync(app.getPath('logs'), { recursive: true });
  const log = createWriteStream(logFile);
  log.on('error', () => {}); // A full disk must not end the app.

  const host = startEngineHost({
    ...engineCommand(initialPath),
    onAddress: (address) => {
      if (!window.isDestroyed()) window.webContents.send('engine', address);
    },
    onOutput: (text) => {
      log.write(text);
      process.stderr.write(text);
    },
    onFailure: ({ failures, message }) => {
      if (failures === FAILURES_BEFORE_QUESTION) void askAboutFailure(window, message, logFile);
    },
  });
  answer('engine', () => host.address());
  receive('restart-engine', () => host.restart());

  // Not in before-quit: the question about unsaved changes comes after that, and may keep the window open.
  app.on('will-quit', (event) => {
    event.preventDefault();
    // Not by `quit`: of an engine that has ended already the stop is over at once, while quitting is still being prevented.
    void host.stop().finally(() => app.exit());
  });
  return host;
}

/** A Node given by `ARCHIPEL_NODE`, or else the Node that is inside Electron. */
function engineCommand(initialPath: string | null): { command: string; args: string[]; env: NodeJS.ProcessEnv } {
  // A Node that is not Electron's cannot read an archive, so the engine lies beside it.
  const bundle = join(__dirname, '../engine/host.mjs').replace('app.asar', 'app.asar.unpacked');
  const own = process.env.ARCHIPEL_NODE;
  const env: NodeJS.ProcessEnv = { ...process.env, ARCHIPEL_ALLOWED_ORIGINS: APP_ORIGIN };
  for (const name of ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'ELECTRON_RUN_AS_NODE']) delete env[name];
  if (!own) env.ELECTRON_RUN_AS_NODE = '1';
  return { command: own || process.execPath, args: [bundle, ...(initialPath ? ['--initial', initialPath] : [])], env };
}

async function askAboutFailure(window: BrowserWindow, message: string, logFile: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: inWords('The engine does not start.'),
    detail: `${message}\n\n${inWords('Its log is {{file}}.', { file: logFile })}`,
    buttons: [inWords('Keep trying'), inWords('Quit')],
    cancelId: 0,
  });
  if (response === 1) app.quit();
}
