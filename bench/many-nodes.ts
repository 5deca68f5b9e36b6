import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { createEngine } from '../engine/api/create-engine.ts';
import { documentOf, node } from '../engine/api/fixtures.ts';
import { median } from './figures.ts';
import { prepare } from './prepare.ts';

const FIFTY = 50;
const HUNDRED = 100;
const ROUNDS = 5;
const LIMIT = 1.3;

const services = (count: number) =>
  documentOf({ nodes: Array.from({ length: count }, (_, index) => node(`service-${index}`, 'service')) });

/** CPU time of starting a Node that does nothing and ends, on average over as many as run one after the other. */
async function cpuOfNode(nodeBinary: string): Promise<number> {
  const count = 20;
  const before = childrenCpuMs();
  for (let i = 0; i < count; i += 1) await once(spawn(nodeBinary, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return (childrenCpuMs() - before) / count;
}

/** CPU time of the children of this process that have ended. */
function childrenCpuMs(): number {
  // Node tells of itself alone; the times of its ended children are fields 16 and 17, in ticks of a hundredth of a second.
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/**
 * So many services through an engine that is up, until all are ready. Prepared as the window does it, which tells the
 * engine what is on the canvas before anybody presses Run; or not, as on the command line.
 */
async function start(count: number, prepared: boolean): Promise<{ readyMs: number; ready: number }> {
  const engine = await createEngine();
  try {
    await engine.startTopology(documentOf({}));
    await engine.stopTopology();
    if (prepared) await prepare(engine, services(count), count);
    const fromMs = performance.now();
    await engine.startTopology(services(count));
    const readyMs = performance.now() - fromMs;
    const ready = Object.values(engine.frame().nodes).filter(({ state }) => state === 'ready').length;
    return { readyMs, ready };
  } finally {
    await engine.close();
  }
}

/** Fifty nodes of an open document are ready in little more than what starting that many Nodes costs; a hundred start without a fault. */
export default async function manyNodes() {
  if (process.platform !== 'linux')
    return { name: 'many-nodes', skipped: 'the CPU time of ended children is read from /proc', results: [] };
  const nodeBinary = process.env.ARCHIPEL_NODE ?? process.execPath;
  const cores = cpus().length;
  const ratios: number[] = [];
  const coldRatios: number[] = [];
  let readyMs = 0;
  let coldMs = 0;
  let floorMs = 0;
  // The first round warms the file system's caches.
  for (let round = 0; round <= ROUNDS; round += 1) {
    floorMs = (FIFTY * (await cpuOfNode(nodeBinary))) / cores;
    ({ readyMs: coldMs } = await start(FIFTY, false));
    ({ readyMs } = await start(FIFTY, true));
    if (round > 0) ratios.push(readyMs / floorMs);
    if (round > 0) coldRatios.push(coldMs / floorMs);
  }
  const ratio = median(ratios);
  const cold = median(coldRatios);
  const hundred = await start(HUNDRED, false);
  return {
    name: 'many-nodes',
    results: [
      {
        metric: `${FIFTY} services ready from nothing, as on the command line, against ${FIFTY} × CPU of "node -e 0" / ${cores} cores`,
        value: cold,
        limit: LIMIT,
        comparison: '<=' as const,
        holds: cold <= LIMIT,
        detail: `median of ${ROUNDS} rounds; the last: ${coldMs.toFixed(0)} ms against ${floorMs.toFixed(0)} ms`,
      },
      {
        metric: `${FIFTY} services of an open document ready, against ${FIFTY} × CPU of "node -e 0" / ${cores} cores`,
        value: ratio,
        limit: LIMIT,
        comparison: '<=' as const,
        holds: ratio <= LIMIT,
        detail: `median of ${ROUNDS} rounds; the last: ${readyMs.toFixed(0)} ms against ${floorMs.toFixed(0)} ms`,
      },
      {
        metric: `services of ${HUNDRED} that are ready`,
        value: hundred.ready,
        limit: HUNDRED,
        comparison: '>=' as const,
        holds: hundred.ready >= HUNDRED,
        detail: `${hundred.readyMs.toFixed(0)} ms`,
      },
    ],
  };
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await manyNodes(), null, 2));
