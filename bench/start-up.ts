import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createEngine } from '../engine/api/create-engine.ts';
import { documentOf, node } from '../engine/api/fixtures.ts';
import { median } from './figures.ts';
import { prepare } from './prepare.ts';

const COUNT = 10;
const ROUNDS = 9;

const bareProgram = `
process.on('disconnect', () => process.exit());
const server = require('node:http').createServer((request, response) => response.end('ok'));
server.listen(0, '127.0.0.1', () => process.stdout.write(server.address().port + '\\n'));`;

const answers = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      response.resume();
      response.on('end', resolve);
    }).on('error', reject);
  });

const privateBytes = (pid: number): number =>
  ['Private_Clean', 'Private_Dirty'].reduce(
    (sum, name) =>
      sum +
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) *
        1024,
    0,
  );

interface Round {
  readyMs: number;
  /** Of one process, the median; null where the operating system does not tell. */
  bytes: number | null;
}

const memoryOf = (pids: number[]): number | null =>
  process.platform === 'linux' ? median(pids.map(privateBytes)) : null;

/** Bare processes that only open an HTTP port, on the same Node, started the same way: all at once. */
async function bare(nodeBinary: string): Promise<Round> {
  const children: ChildProcess[] = [];
  const fromMs = performance.now();
  const ready = Array.from({ length: COUNT }, async () => {
    const child = spawn(nodeBinary, ['-e', bareProgram], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const port = await new Promise<number>((resolve) => child.stdout?.once('data', (data) => resolve(Number(data))));
    await answers(port);
  });
  await Promise.all(ready);
  const readyMs = performance.now() - fromMs;
  await new Promise((resolve) => setTimeout(resolve, 500));
  const bytes = memoryOf(children.map(({ pid }) => pid as number));
  await Promise.all(
    children.map((child) => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      return gone;
    }),
  );
  return { readyMs, bytes };
}

const services = documentOf({
  nodes: Array.from({ length: COUNT }, (_, index) => node(`service-${index}`, 'service')),
});

/**
 * The same number of services through an engine that is up, until all are `ready`. Prepared as the window does it, which
 * tells the engine what is on the canvas before anybody presses Run; or not, as on the command line.
 */
async function archipel(prepared: boolean): Promise<Round> {
  const engine = await createEngine();
  await engine.startTopology(documentOf({}));
  await engine.stopTopology();
  if (prepared) await prepare(engine, services, COUNT);
  const fromMs = performance.now();
  await engine.startTopology(services);
  const readyMs = performance.now() - fromMs;
  await new Promise((resolve) => setTimeout(resolve, 500));
  const bytes = memoryOf(Object.values(engine.frame().nodes).map(({ replicas }) => replicas[0]?.pid as number));
  await engine.close();
  return { readyMs, bytes };
}

/** How soon many services are ready, and what memory each takes, against as many bare Node processes. */
export default async function startUp() {
  const nodeBinary = process.env.ARCHIPEL_NODE ?? process.execPath;
  const rounds: { bare: Round; archipel: Round; cold: Round }[] = [];
  // The first pair warms the file system's caches.
  for (let round = 0; round <= ROUNDS; round += 1)
    rounds.push({ bare: await bare(nodeBinary), archipel: await archipel(true), cold: await archipel(false) });
  rounds.shift();
  const time = median(rounds.map((round) => round.archipel.readyMs / round.bare.readyMs));
  const cold = median(rounds.map((round) => round.cold.readyMs / round.bare.readyMs));
  const inMs = (of: 'bare' | 'archipel' | 'cold'): string =>
    `${median(rounds.map((round) => round[of].readyMs)).toFixed(0)} ms`;
  const results = [
    {
      metric: `${COUNT} services ready from nothing, as on the command line, against ${COUNT} bare node processes`,
      value: cold,
      limit: 1.3,
      comparison: '<=' as const,
      holds: cold <= 1.3,
      detail: `median of ${ROUNDS} rounds; ${inMs('cold')} against ${inMs('bare')}`,
    },
    {
      metric: `${COUNT} services of an open document ready, against ${COUNT} bare node processes`,
      value: time,
      limit: 1.3,
      comparison: '<=' as const,
      holds: time <= 1.3,
      detail: `median of ${ROUNDS} rounds; ${inMs('archipel')} against ${inMs('bare')}`,
    },
  ];
  const memory = rounds.flatMap((round) =>
    round.archipel.bytes && round.bare.bytes ? [round.archipel.bytes / round.bare.bytes] : [],
  );
  if (memory.length > 0)
    results.push({
      metric: 'private memory of a service process, against a bare node process',
      value: median(memory),
      limit: 1.35,
      comparison: '<=',
      holds: median(memory) <= 1.35,
      detail: `${(median(rounds.map((round) => round.archipel.bytes as number)) / 2 ** 20).toFixed(1)} MiB against ${(median(rounds.map((round) => round.bare.bytes as number)) / 2 ** 20).toFixed(1)} MiB`,
    });
  return { name: 'start-up', results };
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await startUp(), null, 2));
