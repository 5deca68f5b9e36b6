import { createEngine } from '../engine/api/create-engine.ts';
import { documentOf, node } from '../engine/api/fixtures.ts';
import { connectResp } from '../engine/wire/resp/client.ts';
import { findReal, type Subject, startReal } from '../engine/wire/resp/contract.fixture.ts';
import { median } from './figures.ts';

const ROUNDS = 7;
const CONNECTIONS = 8;
const VALUE = 'x'.repeat(256);

/** Requests per second of so many connections, each with `depth` requests under way in one write. */
async function rate(port: number, command: 'GET' | 'SET', depth: number, requests: number): Promise<number> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectResp({ port })));
  const request = (i: number): string[] =>
    command === 'GET' ? ['GET', `key:${i % 1000}`] : ['SET', `key:${i % 1000}`, VALUE];
  const fromMs = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (let i = 0; i < requests / CONNECTIONS; i += depth)
        await client.send(...Array.from({ length: depth }, (_, j) => request(i + j)));
    }),
  );
  const perSec = (requests * 1000) / (performance.now() - fromMs);
  for (const client of clients) client.destroy();
  return perSec;
}

/** The embedded cache, as a topology runs it. */
async function startOurs(): Promise<Subject> {
  const engine = await createEngine();
  await engine.startTopology(documentOf({ nodes: [node('cache', 'cache')] }));
  return { port: engine.frame().nodes.cache?.replicas[0]?.port as number, stop: () => engine.close() };
}

/** Commands of the embedded Redis, against those of the `redis-server` of this computer. */
export default async function cache() {
  const name = 'the embedded cache against redis-server, SET and GET of 256 bytes';
  const file = findReal();
  if (!file) return { name, skipped: 'there is no redis-server on PATH to compare with' };
  const ours = await startOurs();
  const real = await startReal(file);
  try {
    const results = [];
    for (const [depth, limit] of [
      [1, 0.6],
      [16, 0.4],
    ] as const)
      for (const command of ['SET', 'GET'] as const) {
        const perSec = { ours: [] as number[], real: [] as number[] };
        for (let round = 0; round <= ROUNDS; round += 1)
          for (const [who, { port }] of Object.entries({ ours, real }) as ['ours' | 'real', Subject][]) {
            const measured = await rate(port, command, depth, depth === 1 ? 8000 : 64_000);
            // The first round warms up.
            if (round > 0) perSec[who].push(measured);
          }
        const value = median(perSec.ours) / median(perSec.real);
        results.push({
          metric: `${command} per second, ${depth} in a write: ours / redis-server`,
          value: Number(value.toFixed(2)),
          comparison: '>=',
          limit,
          holds: value >= limit,
          detail: `${Math.round(median(perSec.ours))} / ${Math.round(median(perSec.real))} per second, medians of ${ROUNDS} rounds in turns, ${CONNECTIONS} connections; the driver, in Node, bounds both`,
        });
      }
    return { name, results };
  } finally {
    await ours.stop();
    await real.stop();
  }
}
