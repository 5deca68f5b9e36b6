import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../engine/api/create-engine.ts';
import type { Engine } from '../engine/api/engine.ts';
import { median } from './figures.ts';
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

const COLD_ROUNDS = 25;
const COLD_LIMIT = 1.2;
const WARM_ROUNDS = 9;
const WARM_CALLS = 400;
const WARM_LIMIT_MS = 0.5;
const BURST = 50;

const handler = `
const { createHash } = require('node:crypto');
let calls = 0;
exports.handler = async (event) => {
  calls += 1;
  return { statusCode: 200, body: createHash('sha256').update(event.rawPath).digest('hex') };
};
`;

/** What a cold start is held against: a Node that loads the handler and runs it once. */
const bare = `
const { handler } = require('./handler.js');
handler({ rawPath: '/' }, {}).then(({ body }) => process.stdout.write(body));
`;

/** What a warm invocation is held against: the same handler behind a server of Node's own. */
const direct = `
const { createServer } = require('node:http');
const { handler } = require('./handler.js');
const server = createServer((incoming, response) => {
  handler({ rawPath: incoming.url }, {}).then(({ statusCode, body }) => {
    response.writeHead(statusCode, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port)));
`;

const node24 = process.env.ARCHIPEL_NODE ?? process.execPath;

async function bareStart(directory: string): Promise<void> {
  const child = spawn(node24, [join(directory, 'bare.js')], { stdio: ['ignore', 'pipe', 'inherit'] });
  await firstWords(child.stdout);
}

async function coldStarts(engine: Engine, directory: string) {
  await startFunction(engine, 'function-lambda', { file: join(directory, 'handler.js'), idleTimeoutMs: 50 });
  const port = portOf(engine);
  const agent = new Agent({ keepAlive: true });
  const times: { bare: number; cold: number }[] = [];
  // The first rounds warm files and the platform itself.
  for (let round = -3; round < COLD_ROUNDS; round += 1) {
    const bareMs = await timed(() => bareStart(directory));
    await untilNoneRuns(engine);
    const coldMs = await timed(() => ask(port, agent));
    if (round >= 0) times.push({ bare: bareMs, cold: coldMs });
  }
  agent.destroy();
  await until(() => measure(engine, 'coldStarts') === COLD_ROUNDS + 3);
  const initMs = measure(engine, 'initP50Ms');
  await engine.stopTopology();
  const ratio = median(times.map(({ bare: of, cold }) => cold / of));
  const [ofBare, ofCold] = [median(times.map((each) => each.bare)), median(times.map((each) => each.cold))];
  return {
    metric: 'cold start of a function, against a bare Node that loads the same handler',
    value: ratio,
    limit: COLD_LIMIT,
    comparison: '<=' as const,
    holds: ratio <= COLD_LIMIT,
    detail: `median of ${COLD_ROUNDS} rounds in turns; ${ofCold.toFixed(1)} ms from the request to its answer against ${ofBare.toFixed(1)} ms from the spawn to the first output; the last INITs took ${initMs.toFixed(1)} ms`,
  };
}

async function warmInvocations(engine: Engine, directory: string) {
  await startFunction(engine, 'function-lambda', { file: join(directory, 'handler.js'), idleTimeoutMs: 60_000 });
  const server = spawn(node24, [join(directory, 'direct.js')], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const ports = { direct: Number(await firstWords(server.stdout)), warm: portOf(engine) };
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const p50 = async (port: number): Promise<number> => {
      const times: number[] = [];
      for (let call = 0; call < WARM_CALLS; call += 1) times.push(await timed(() => ask(port, agent)));
      return median(times);
    };
    const rounds: { direct: number; warm: number }[] = [];
    for (let round = -2; round < WARM_ROUNDS; round += 1) {
      const times = { direct: await p50(ports.direct), warm: await p50(ports.warm) };
      if (round >= 0) rounds.push(times);
    }
    agent.destroy();
    await engine.stopTopology();
    const added = median(rounds.map(({ direct: of, warm }) => warm - of));
    const [ofDirect, ofWarm] = [median(rounds.map((each) => each.direct)), median(rounds.map((each) => each.warm))];
    return {
      metric: 'what a warm invocation adds at p50 to a direct call of the same handler, ms',
      value: added,
      limit: WARM_LIMIT_MS,
      comparison: '<=' as const,
      holds: added <= WARM_LIMIT_MS,
      detail: `median of ${WARM_ROUNDS} rounds of ${WARM_CALLS} calls in turns; ${ofWarm.toFixed(3)} ms against ${ofDirect.toFixed(3)} ms`,
    };
  } finally {
    server.kill('SIGKILL');
  }
}

async function bursts(engine: Engine, directory: string) {
  await startFunction(engine, 'function-lambda', {
    ...{ file: join(directory, 'handler.js'), idleTimeoutMs: 60_000, reservedConcurrency: BURST },
  });
  const figures = await burst(engine, BURST, '');
  await engine.stopTopology();
  return figures;
}

/** Functions against what they are made of: a process of Node, and a call over HTTP. */
export default async function functions() {
  const directory = mkdtempSync(join(tmpdir(), 'archipel-bench-functions-'));
  const engine = await createEngine();
  try {
    for (const [name, source] of Object.entries({ handler, bare, direct }))
      writeFileSync(join(directory, `${name}.js`), source);
    return {
      name: 'functions',
      results: [
        await coldStarts(engine, directory),
        await warmInvocations(engine, directory),
        ...(await bursts(engine, directory)),
      ],
    };
  } finally {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await functions(), null, 2));
