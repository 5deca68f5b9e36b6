// Finds an Electron that can run here. Each answer says where it came from, or why there is none.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const executables = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };

/** The program in a directory that holds an Electron distribution. */
export const electronExecutable = (directory) => join(directory, executables[process.platform] ?? 'electron');

const runtimeIn = (directory, origin) => ({
  directory,
  executable: electronExecutable(directory),
  version: readFileSync(join(directory, 'version'), 'utf8').trim().replace(/^v/, ''),
  origin,
});

const holdsRuntime = (directory) => existsSync(electronExecutable(directory)) && existsSync(join(directory, 'version'));

/** A runtime that is here already: named by the user, or downloaded earlier by the `electron` package. */
export function installedElectron(root) {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return holdsRuntime(named) ? runtimeIn(named, 'ELECTRON_OVERRIDE_DIST_PATH') : null;
  const own = join(root, 'node_modules/electron/dist');
  return holdsRuntime(own) ? runtimeIn(own, 'the electron package') : null;
}

/** Lets the `electron` package download its program, as it does at first use. */
export function downloadElectron(root) {
  const installer = join(root, 'node_modules/electron/install.js');
  if (!existsSync(installer)) return { why: 'the electron package is not installed; run "npm ci"' };
  const { status, stderr } = spawnSync(process.execPath, [installer], { encoding: 'utf8', timeout: 180_000 });
  const runtime = installedElectron(root);
  if (status === 0 && runtime) return { runtime };
  const reason = stderr?.split('\n').find((line) => /error/i.test(line)) ?? 'it took too long';
  return { why: `the electron package cannot download its program (${reason.trim()})` };
}

/** A script beside the checkout that puts a runtime on machines where the download is not possible. */
export function providedElectron(root) {
  const script = join(root, '../shared/tools/test-electron/install.sh');
  if (!existsSync(script)) return null;
  const { status, stdout } = spawnSync(script, [], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const directory = stdout?.trim();
  return status === 0 && directory && holdsRuntime(directory) ? runtimeIn(directory, script) : null;
}

/** Chromium refuses to start its sandbox as root, and then does not start at all. */
export const isRoot = () => process.getuid?.() === 0;
