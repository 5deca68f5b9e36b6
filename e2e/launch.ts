import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ElectronApplication, _electron as electron, type Page } from '@playwright/test';
import { installedElectron, isRoot } from '../scripts/electron-runtime.mjs';

export const root = join(import.meta.dirname, '..');

export interface Desktop {
  app: ElectronApplication;
  window: Page;
  /** Of Electron's main process. */
  pid: number;
  /** Starts the program a second time, as a double click on a document does; resolves when that one has ended. */
  startAgain(file: string): Promise<void>;
  /** Clicks an item of the application menu. */
  chooseMenu(id: string): Promise<void>;
  close(): Promise<void>;
}

interface DesktopOptions {
  file?: string;
  env?: Record<string, string>;
  /** Program of the packaged app; without it the checkout runs in the Electron that is here. */
  packaged?: string;
}

/** Starts the real window with a profile of its own. */
export async function launchDesktop({ file, env = {}, packaged }: DesktopOptions): Promise<Desktop> {
  const profile = mkdtempSync(join(tmpdir(), 'e2e-profile-'));
  const runtime = packaged ?? installedElectron(root)?.executable;
  if (!runtime) throw new Error('No Electron is here. "npm test" finds or downloads one and says how.');
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined));
  const environment = { ...inherited, ...env } as Record<string, string>;
  // The packaged app must run on the Node that is inside it.
  if (packaged) delete environment.ARCHIPEL_NODE;
  if (isRoot()) environment.ELECTRON_DISABLE_SANDBOX = '1';
  const args = [
    ...(isRoot() ? ['--no-sandbox'] : []),
    '--disable-gpu',
    // The words that the tests look for, whatever this machine speaks.
    '--lang=en-US',
    `--user-data-dir=${profile}`,
    ...(packaged ? [] : [root]),
  ];
  const app = await electron.launch({
    executablePath: runtime,
    args: [...args, ...(file ? [file] : [])],
    env: environment,
    timeout: 60_000,
  });
  const window = await app.firstWindow();
  return {
    app,
    window,
    pid: app.process().pid as number,
    async startAgain(another) {
      await once(spawn(runtime, [...args, another], { env: environment, stdio: 'ignore' }), 'exit');
    },
    async chooseMenu(id) {
      await app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.click(), id);
    },
    async close() {
      // A test that failed may have left edits, about which the window would ask before it closes.
      const discard = app.evaluate(({ dialog }) => {
        dialog.showMessageBox = (async () => ({ response: 1, checkboxChecked: false })) as typeof dialog.showMessageBox;
      });
      await discard.catch(() => undefined);
      try {
        await app.close();
      } finally {
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

export function packagedProgram(): string {
  const directory = join(root, 'release');
  const programs = ['linux-unpacked/archipel', 'win-unpacked/Archipel.exe', 'mac/Archipel.app/Contents/MacOS/Archipel'];
  const arm = 'mac-arm64/Archipel.app/Contents/MacOS/Archipel';
  const program = [...programs, arm].map((path) => join(directory, path)).find((path) => existsSync(path));
  if (!program) throw new Error('The app is not packaged. Run "npm run package -- --unpacked" first.');
  return program;
}

export interface Web {
  url: string;
  child: ChildProcess;
  close(): Promise<void>;
}

/** Starts `archipel web` and resolves once it says where it answers. */
export async function launchWeb({ file, env = {} }: { file?: string; env?: Record<string, string> }): Promise<Web> {
  const cli = join(root, 'dist/engine/cli.mjs');
  const args = [cli, 'web', ...(file ? [file] : []), '--port', '0', '--no-open'];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said += `${line}\n`;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(line);
      if (found) resolve(found[0]);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`archipel web ended with code ${code}:\n${said}`)));
  });
  return {
    url,
    child,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await exit;
    },
  };
}
