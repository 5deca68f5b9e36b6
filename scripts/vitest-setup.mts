import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { pinnedNode } from './pinned-node.mjs';

/** Tests start the bundles, so these must hold the code under test. */
export default async function setup(): Promise<() => void> {
  process.env.ARCHIPEL_NODE ??= pinnedNode(join(import.meta.dirname, '..')) ?? process.execPath;
  await build({ ifStale: true }).catch((error: Error) => {
    console.error(`\nThe tests run against OLD bundles: ${error.message}\n`);
  });
  // Nothing of the tests stays in the user's own directory.
  const data = mkdtempSync(join(tmpdir(), 'archipel-test-data-'));
  process.env.ARCHIPEL_DATA = data;
  // The suite itself keeps the machine busy; what it asserts is made to hold all the same.
  process.env.ARCHIPEL_MAX_HOST_CPU ??= '101';
  return () => rmSync(data, { recursive: true, force: true });
}
