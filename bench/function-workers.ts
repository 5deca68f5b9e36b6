import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../engine/api/create-engine.ts';
import type { Engine } from '../engine/api/engine.ts';
import { findWorkerd } from '../engine/kinds/function-workers/find-workerd.ts';
import { figure, median } from './figures.ts';
import {
  ask,
  burst,
  firstWords,
  measure,
  portOf,
  startFunction,
  timed,
  until,
  untilNoneRuns,
} from './function-calls.ts';

const COLD_ROUNDS = 15;
const COLD_LIMIT = 1.2;
const BURST = 50;

const worker = `
let calls = 0;
export default {
  async fetch(request) {
    calls += 1;
    return Response.json({ path: new URL(request.url).pathname, calls });
  },
};
`;

/** What a cold start is held against: workerd as its own documentation starts it, with the same Worker. */
const alone = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.mjs")],
  compatibilityDate = "2025-09-01",
);
`;

/** From the spawn of workerd to the whole answer. */
async function aloneStart(program: string, directory: string): Promise<number> {
  const fromMs = performance.now();
  const child = spawn(program, ['serve', 'alone.capnp', '--control-fd=3'], {
    ...{ cwd: directory, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] },
  });
  const exited = once(child, 'exit');
  const said = await firstWords(child.stdio[3] as NodeJS.ReadableStream);
  const { port } = JSON.parse(said.split('\n')[0] as string) as { port: number };
  await ask(port, false);
  const tookMs = performance.now() - fromMs;
  child.kill('SIGKILL');
  await exited;
  return tookMs;
}

async function coldStarts(engine: Engine, program: string, directory: string) {
  await startFunction(engine, 'function-workers', { source: worker, runtime: 'workerd', idleTimeoutMs: 50 });
  const agent = new Agent({ keepAlive: true });
  const rounds: { alone: number; cold: number }[] = [];
  // The first rounds warm files and the platform itself.
  for (let round = -2; round < COLD_ROUNDS; round += 1) {
    const aloneMs = await aloneStart(program, directory);
    await untilNoneRuns(engine);
    const coldMs = await timed(() => ask(portOf(engine), agent));
    if (round >= 0) rounds.push({ alone: aloneMs, cold: coldMs });
  }
  agent.destroy();
  await until(() => measure(engine, 'coldStarts') === COLD_ROUNDS + 2);
  await engine.stopTopology();
  const [ofAlone, ofCold] = [median(rounds.map((each) => each.alone)), median(rounds.map((each) => each.cold))];
  return figure(
    'cold start of a Workers-style function, against workerd alone with the same Worker',
    ...([median(rounds.map(({ alone: of, cold }) => cold / of)), '<=', COLD_LIMIT] as const),
    `median of ${COLD_ROUNDS} rounds in turns; ${ofCold.toFixed(1)} ms from the request to its answer against ${ofAlone.toFixed(1)} ms from the spawn to the answer`,
  );
}

async function bursts(engine: Engine, runtime: 'workerd' | 'isolates') {
  await startFunction(engine, 'function-workers', {
    ...{ source: worker, runtime, requestsPerIsolate: 1, maxIsolates: BURST, idleTimeoutMs: 60_000 },
  });
  const figures = await burst(engine, BURST, runtime === 'workerd' ? ' of workerd' : ' of isolates');
  await engine.stopTopology();
  return figures;
}

/** Workers-style functions against the runtime that they are made of. */
export default async function functionWorkers() {
  const program = findWorkerd([import.meta.dirname], process.env);
  const directory = mkdtempSync(join(tmpdir(), 'archipel-bench-workers-'));
  const engine = await createEngine();
  try {
    writeFileSync(join(directory, 'worker.mjs'), worker);
    writeFileSync(join(directory, 'alone.capnp'), alone);
    return {
      name: 'function-workers',
      ...(program === null ? { skipped: 'cold start and burst of workerd, which is not installed' } : {}),
      results: [
        ...(program === null
          ? []
          : [await coldStarts(engine, program, directory), ...(await bursts(engine, 'workerd'))]),
        ...(await bursts(engine, 'isolates')),
      ],
    };
  } finally {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await functionWorkers(), null, 2));
