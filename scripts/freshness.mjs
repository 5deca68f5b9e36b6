// Knows whether dist/ is older than its sources. Quick: every command of a checkout asks this first.
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const sources = {
  engine: ['engine', 'electron', 'scripts/build.mjs', 'scripts/bundles.mjs', 'package-lock.json'],
  renderer: ['renderer', 'engine', 'vite.config.mts', 'package-lock.json'],
};

/** Newest modification below a path. Directories count too: their time moves when a file in them is removed. */
function newestMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  let newest = stats.mtimeMs;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name.endsWith('.test.ts')) continue;
    newest = Math.max(
      newest,
      entry.isFile() ? statSync(join(path, entry.name)).mtimeMs : newestMs(join(path, entry.name)),
    );
  }
  return newest;
}

const stamp = (root, part) => join(root, 'dist', `.built-${part}`);

/** Whether this is a checkout, which can build, or an installed package, which cannot. */
export const isCheckout = (root) => existsSync(join(root, 'scripts/bundles.mjs')) && existsSync(join(root, 'engine'));

export function isStale(root, part) {
  const built = statSync(stamp(root, part), { throwIfNoEntry: false });
  return !built || sources[part].some((path) => newestMs(join(root, path)) > built.mtimeMs);
}

/** `startedAtMs` is when the build began to read: what changed after that is not in it. */
export function markBuilt(root, part, startedAtMs) {
  const file = stamp(root, part);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  utimesSync(file, startedAtMs / 1000, startedAtMs / 1000);
}
