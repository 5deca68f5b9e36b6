#!/usr/bin/env node
// The command `archipel`: runs the CLI on the Node that this package pins, even when started by an older one.
// Must itself run on Node 20.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isCheckout, isStale } from './freshness.mjs';
import { pinnedNode } from './pinned-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const node = pinnedNode(root) ?? process.execPath;
const [command] = process.argv.slice(2);
// Brokers have a bundle of their own, which starts sooner and is smaller.
const cli = join(root, 'dist/engine', command === 'broker' ? 'broker.cjs' : 'cli.mjs');

if (isCheckout(root)) {
  const parts = command === 'web' || command === 'open' ? ['engine', 'renderer'] : ['engine'];
  if (parts.some((part) => isStale(root, part))) {
    const options = ['--if-stale', ...(parts.includes('renderer') ? ['--renderer'] : [])];
    // Standard output belongs to the command: `--json -` must stay JSON.
    const { status } = spawnSync(node, [join(root, 'scripts/build.mjs'), ...options], { stdio: ['ignore', 2, 2] });
    if (status !== 0) {
      process.stderr.write('archipel: building the checkout failed, see above. Run "npm ci" and try again.\n');
      process.exit(1);
    }
  }
}

process.env.ARCHIPEL_NODE ??= node;
if (Number.parseInt(process.versions.node, 10) >= 22) {
  process.argv[1] = cli;
  await import(pathToFileURL(cli).href);
} else runWith(node);

/** The channel tells the CLI when this process is gone, however it ended. */
function runWith(executable) {
  const owner = pathToFileURL(join(root, 'scripts/exit-with-owner.mjs')).href;
  const child = spawn(executable, ['--import', owner, cli, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // At a terminal an interrupt reaches the whole group, so passing it on would deliver it twice.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    process.stderr.write(`archipel: ${executable} cannot be started: ${error.message}. Run "npm ci" and try again.\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
