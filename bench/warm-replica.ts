import { createEngine } from '../engine/api/create-engine.ts';
import type { Engine } from '../engine/api/engine.ts';
import { documentOf, edge, node } from '../engine/api/fixtures.ts';
import { median } from './figures.ts';

const ROUNDS = 11;
const LIMIT = 0.25;
const POOL_MS = 30_000;

const document = documentOf({
  nodes: [node('gateway', 'gateway'), node('service', 'service')],
  edges: [edge('gateway', 'service')],
});

/** How long the node takes from one replica to two, until the second takes requests; then back to one. */
async function addOne(engine: Engine, warm: boolean): Promise<number> {
  const fromMs = performance.now();
  await engine.scaleNode({ node: 'service', replicas: 2 });
  const tookMs = performance.now() - fromMs;
  const started = engine.frame().nodes.service?.replicas[1]?.start;
  if (started?.warm !== warm) throw new Error(`the replica was started ${started?.warm ? 'warm' : 'cold'}`);
  await engine.scaleNode({ node: 'service', replicas: 1 });
  return tookMs;
}

async function poolIsFull(engine: Engine, size: number): Promise<void> {
  const untilMs = performance.now() + POOL_MS;
  while (engine.frame().idleProcesses < size) {
    if (performance.now() > untilMs) throw new Error('no idle process came');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** An engine whose topology is up, with so many idle processes. */
async function startEngine(poolSize: number): Promise<Engine> {
  process.env.ARCHIPEL_WARM_POOL = String(poolSize);
  const engine = await createEngine();
  await engine.startTopology(document);
  return engine;
}

/** A replica that becomes of an idle process, against one for which a process is started; both until callers reach it. */
export default async function warmReplica() {
  const before = process.env.ARCHIPEL_WARM_POOL;
  const engines: Engine[] = [];
  try {
    const [without, withPool] = [await startEngine(0), await startEngine(1)];
    engines.push(without, withPool);
    const times: { cold: number; warm: number }[] = [];
    // The first round warms the code of the engine itself.
    for (let round = 0; round <= ROUNDS; round += 1) {
      await poolIsFull(withPool, 1);
      // What the pool and the last replica set in motion has come to rest.
      await new Promise((resolve) => setTimeout(resolve, 300));
      times.push({ cold: await addOne(without, false), warm: await addOne(withPool, true) });
    }
    times.shift();
    const cold = median(times.map((round) => round.cold));
    const warm = median(times.map((round) => round.warm));
    const ratio = median(times.map((round) => round.warm / round.cold));
    return {
      name: 'warm-replica',
      results: [
        {
          metric: 'a replica added from an idle process, against a cold start',
          value: ratio,
          limit: LIMIT,
          comparison: '<=' as const,
          holds: ratio <= LIMIT,
          detail: `median of ${ROUNDS} rounds in turns; ${warm.toFixed(1)} ms against ${cold.toFixed(1)} ms, until callers reach it`,
        },
      ],
    };
  } finally {
    for (const engine of engines) await engine.close();
    if (before === undefined) delete process.env.ARCHIPEL_WARM_POOL;
    else process.env.ARCHIPEL_WARM_POOL = before;
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await warmReplica(), null, 2));
