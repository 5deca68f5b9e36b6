// npm test [-- --unit | --e2e] [--screenshots]
// Builds, finds or installs what the suites need, runs them, and says in the end what ran, what was skipped, and what failed.
// `--screenshots` also renews the pictures of the README from the real window.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { installMissing } from './debian.mjs';
import { pinnedNode } from './pinned-node.mjs';
import { summary } from './summary.mjs';
import { runEndToEnd } from './test-e2e.mjs';
import { runUnit } from './test-unit.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const options = { unit: { type: 'boolean' }, e2e: { type: 'boolean' }, screenshots: { type: 'boolean' } };
const { values } = parseArgs({ options });
const both = values.unit === values.e2e;

if (values.screenshots) process.env.ARCHIPEL_SCREENSHOTS = '1';
process.env.ARCHIPEL_NODE = pinnedNode(root) ?? process.execPath;
if (!process.env.PATH?.split(':').includes('/usr/sbin') && process.platform === 'linux')
  process.env.PATH = `${process.env.PATH}:/usr/sbin`;
if (both || values.unit) installMissing({ 'redis-server': 'redis-server', 'rabbitmq-server': 'rabbitmq-server' });
if (both || values.e2e)
  installMissing({ chromium: 'chromium', 'xvfb-run': 'xvfb', xauth: 'xauth', haproxy: 'haproxy' });

try {
  await build({ renderer: true, ifStale: true });
} catch (error) {
  console.error(`The build failed: ${error.message}`);
  process.exit(1);
}

/** @type {import('./summary.mjs').Suite[]} */
const suites = [];
if (both || values.unit) suites.push(runUnit(root));
if (both || values.e2e) suites.push(...runEndToEnd(root));

console.log(`\n${summary(suites).join('\n')}`);

const passed = suites.some((suite) => suite.passed > 0);
process.exit(passed && suites.every(({ failed, broken }) => failed === 0 && !broken) ? 0 : 1);
