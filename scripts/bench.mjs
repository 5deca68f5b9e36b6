// node scripts/bench.mjs [NAME …] [--json OUT] [--help]
// Runs the measured claims of bench/ one after the other and prints them as JSON; exit code 1 when one does not hold.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { pinnedNode } from './pinned-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values, positionals } = parseArgs({
  options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
});

/** A bench is a file whose default export measures; the others in the folder are parts of benches. */
const measures = /^export default (async )?function/m;
const sources = new Map(
  readdirSync(join(root, 'bench'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => [file.slice(0, -3), readFileSync(join(root, 'bench', file), 'utf8')])
    .filter(([, source]) => measures.test(source)),
);

/** What a bench measures: the first sentence of what is written above its function, or above the whole. */
function titleOf(source) {
  const before = source.slice(0, source.search(measures));
  const comment =
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(before) ?? /^\/\*(?!\*)((?:(?!\*\/)[\s\S])*)\*\//m.exec(before);
  const text = (comment?.[1] ?? '')
    .replaceAll(/^\s*\*? ?/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.split(/(?<=[.:]) /)[0].replace(/[.:]$/, '');
}

if (values.help) {
  console.log(`Runs the measured claims one after the other and prints them as JSON; exit code 1 when one does not hold.

npm run bench -- [NAME …] [--json OUT]

  NAME        only these benches; without any, all of them
  --json OUT  the JSON into a file
  -h, --help  this

ARCHIPEL_SOAK_MINUTES=60 makes window-memory and soak about an hour.

${[...sources].map(([name, source]) => `  ${name.padEnd(18)}${titleOf(source)}`).join('\n')}`);
  process.exit(0);
}

const unknown = positionals.filter((name) => !sources.has(name));
if (unknown.length > 0) {
  console.error(`No bench is called ${unknown.join(', ')}. There are: ${[...sources.keys()].join(', ')}.`);
  process.exit(2);
}
const names = [...sources.keys()].filter((name) => positionals.length === 0 || positionals.includes(name));

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
