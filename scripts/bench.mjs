// node scripts/bench.mjs [NAME …] [--json OUT]
// Runs the measured claims of bench/ one after the other and prints them as JSON; exit code 1 when one does not hold.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { pinnedNode } from './pinned-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });

/** A bench is a file whose default export measures; the others in the folder are parts of benches. */
const measures = /^export default /m;
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .filter((file) => measures.test(readFileSync(join(root, 'bench', file), 'utf8')))
  .map((file) => file.slice(0, -3))
  .filter((name) => positionals.length === 0 || positionals.includes(name));

if (names.length === 0) {
  console.error(`No bench is called ${positionals.join(', ')}. Look into bench/ for the names.`);
  process.exit(2);
}

process.env.ARCHIPEL_NODE ??= pinnedNode(root) ?? process.execPath;
await build({ ifStale: true });

const benches = [];
for (const name of names) {
  console.error(`bench ${name} …`);
  const { default: measure } = await import(pathToFileURL(join(root, 'bench', `${name}.ts`)).href);
  const bench = await measure();
  benches.push(bench);
  for (const { metric, value, comparison, limit, holds } of bench.results ?? [])
    console.error(`  ${holds ? 'holds ' : 'BROKEN'}  ${metric}: ${value} ${comparison} ${limit}`);
  if (bench.skipped) console.error(`  skipped: ${bench.skipped}`);
}

const holds = benches.every(({ results = [] }) => results.every((result) => result.holds));
const [cpu] = cpus();
const host = { cpu: cpu?.model, cores: cpus().length, memoryBytes: totalmem(), node: process.version };
const output = `${JSON.stringify({ holds, host, benches }, null, 2)}\n`;
if (values.json) writeFileSync(values.json, output);
else process.stdout.write(output);
process.exit(holds ? 0 : 1);
