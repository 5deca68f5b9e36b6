// npm test [-- --unit | --e2e] [--screenshots]
// Builds, finds or installs what the suites need, runs them, and says in the end what ran and what was skipped.
// `--screenshots` also renews the pictures of the README from the real window.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { installMissing } from './debian.mjs';
import { pinnedNode } from './pinned-node.mjs';
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

/** @type {{ name: string, passed: number, failed: number, skips: string[], broken?: string }[]} */
const suites = [];
if (both || values.unit) suites.push(runUnit(root));
if (both || values.e2e) suites.push(...runEndToEnd(root));

const total = (key) => suites.reduce((sum, suite) => sum + suite[key], 0);
const skips = suites.flatMap((suite) => suite.skips);
const broken = suites.flatMap((suite) => suite.broken ?? []);
const bySuite = suites.map(({ name, passed, failed }) => `${name} ${passed}${failed ? ` + ${failed} failed` : ''}`);

console.log(
  `\nTests: ${total('passed')} passed, ${total('failed')} failed, ${skips.length} skipped (${bySuite.join(', ')})`,
);
for (const skip of skips) console.log(`Skipped: ${skip}`);
for (const reason of broken) console.log(`Broken: ${reason}`);

const green = total('failed') === 0 && total('passed') > 0 && broken.length === 0;
process.exit(green ? 0 : 1);
