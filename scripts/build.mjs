// node scripts/build.mjs [--renderer] [--if-stale]
// Bundles engine and desktop shell; `--renderer` adds the interface, `--if-stale` builds only what is older than its source.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withBuildLock } from './build-lock.mjs';
import { isStale, markBuilt } from './freshness.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const builders = {
  async engine() {
    const { buildBundles } = await import('./bundles.mjs');
    await buildBundles(root);
  },
  async renderer() {
    const configFile = join(root, 'vite.config.mts');
    if (!existsSync(configFile)) throw new Error(`The interface cannot be built: ${configFile} is missing.`);
    const vite = await import('vite');
    await vite.build({ configFile, logLevel: 'warn' });
  },
};

/** Resolves with the parts that were built. */
export function build({ renderer = false, ifStale = false } = {}) {
  const parts = renderer ? ['engine', 'renderer'] : ['engine'];
  const due = () => parts.filter((part) => !ifStale || isStale(root, part));
  if (due().length === 0) return Promise.resolve([]);
  return withBuildLock(root, async () => {
    const built = due(); // Another builder may have done the work while this one waited for the lock.
    for (const part of built) {
      const startedAtMs = Date.now();
      await builders[part]();
      markBuilt(root, part, startedAtMs);
    }
    return built;
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await build({ renderer: process.argv.includes('--renderer'), ifStale: process.argv.includes('--if-stale') });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
