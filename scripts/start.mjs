// npm start [-- FILE]
// Builds what is missing or stale, then opens the document in the desktop window, or in the browser where there is none.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { whyNoDisplay } from './display.mjs';
import { downloadElectron, installedElectron, isRoot } from './electron-runtime.mjs';
import { pinnedNode } from './pinned-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [argument] = process.argv.slice(2);
// npm changes to the root of the package; a relative path is meant from where the user is.
const file = argument
  ? resolve(process.env.INIT_CWD ?? process.cwd(), argument)
  : join(root, 'examples/shop-monolith.archipel.json');

const built = await build({ renderer: true, ifStale: true });
if (built.length > 0) console.log(`Built: ${built.join(' and ')}.`);

const { runtime, why } = findDesktop();
if (runtime) {
  console.log(`Opening ${file} in the desktop window (Electron ${runtime.version}).`);
  if (isRoot()) console.log('You are root: the window runs without the sandbox of Chromium.');
  openWindow(runtime.executable, [...(isRoot() ? ['--no-sandbox'] : []), root, file]);
} else {
  console.log(`No desktop window: ${why}. The same interface opens in the browser instead.`);
  process.argv.splice(2, Infinity, 'web', file);
  await import('./archipel.mjs');
}

function findDesktop() {
  const noDisplay = whyNoDisplay();
  if (noDisplay) return { why: noDisplay };
  const installed = installedElectron(root);
  if (installed) return { runtime: installed };
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return { why: `ELECTRON_OVERRIDE_DIST_PATH names ${named}, which holds no Electron` };
  console.log('Downloading Electron, once …');
  return downloadElectron(root);
}

function openWindow(command, args) {
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ARCHIPEL_NODE: process.env.ARCHIPEL_NODE ?? pinnedNode(root) ?? process.execPath },
  });
  // An interrupt reaches the child by itself, from the terminal; this process only waits for it to end in order.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`${command} cannot be started: ${error.message}. Run "npm ci" and try again.`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
