// npm run package [-- ARGUMENTS OF electron-builder]
// Builds the installable app into release/. With `--unpacked` only its directory, from the Electron that is here.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { installedElectron } from './electron-runtime.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [first, ...rest] = process.argv.slice(2);
const unpacked = first === '--unpacked';

await build({ renderer: true, ifStale: true });

const args = unpacked ? ['--dir', ...fromInstalled(), ...rest] : process.argv.slice(2);
const cli = join(root, 'node_modules/electron-builder/cli.js');
const { status } = spawnSync(process.execPath, [cli, '--publish', 'never', ...args], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);

function fromInstalled() {
  const runtime = installedElectron(root);
  return runtime ? [`-c.electronDist=${runtime.directory}`, `-c.electronVersion=${runtime.version}`] : [];
}
