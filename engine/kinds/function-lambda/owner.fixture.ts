// An engine as a program of its own, with a function whose environment spins in a directory that is not the engine's, so that
// nobody finds it by that. Prints the pids of platform and environment, and waits to be killed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../../api/create-engine.ts';
import { driverOf } from './lambda.fixture.ts';

const [directory = ''] = process.argv.slice(2);
writeFileSync(join(directory, 'spin.js'), 'exports.handler = async () => { for (;;); };');

const engine = await createEngine();
const fn = driverOf(() => engine);
await fn.start({ file: 'spin.js', timeoutMs: 900_000 }, { directory });
void fn.ask().catch(() => {});
while (fn.measure('busyEnvironments') !== 1) await new Promise((resolve) => setTimeout(resolve, 20));
console.log(JSON.stringify({ platform: fn.platformPid(), environments: fn.environments() }));
