import { once } from 'node:events';
import { type Agent, request } from 'node:http';
import type { Engine } from '../engine/api/engine.ts';
import { documentOf, node } from '../engine/api/fixtures.ts';
import { type Figure, figure } from './figures.ts';

const FRAME_EVERY_MS = 100;
const FRAME_LATE_LIMIT_MS = 300;

/** GET / of a port of this computer. Resolves to the status when the answer is whole. */
export const ask = (port: number, agent: Agent | false): Promise<number> =>
  new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: '/', agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.on('error', reject).end();
  });

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const fromMs = performance.now();
  await work();
  return performance.now() - fromMs;
}

export const measure = (engine: Engine, id: string): number => engine.frame().nodes.fn?.measures[id] ?? 0;
export const portOf = (engine: Engine): number => engine.frame().nodes.fn?.replicas[0]?.port as number;

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Runs a topology of one function, `fn`. */
export async function startFunction(engine: Engine, kind: string, config: Record<string, unknown>): Promise<void> {
  const document = documentOf({ nodes: [node('fn', kind, config)] });
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document);
}

/** The last environment is gone, and its process with it. */
export async function untilNoneRuns(engine: Engine): Promise<void> {
  await until(() => measure(engine, 'environments') === 0);
  // What the last frame said may be older than the last environment.
  await new Promise((resolve) => setTimeout(resolve, 400));
}

/** So many requests at once to the function that runs, each of which needs an environment of its own. */
export async function burst(engine: Engine, requests: number, label: string): Promise<Figure[]> {
  const port = portOf(engine);
  const stop = new AbortController();
  let latestMs = 0;
  const watching = (async () => {
    let lastMs = performance.now();
    for await (const _ of engine.frames(stop.signal)) {
      latestMs = Math.max(latestMs, performance.now() - lastMs - FRAME_EVERY_MS);
      lastMs = performance.now();
    }
  })().catch(() => {});
  const statuses = await Promise.all(Array.from({ length: requests }, () => ask(port, false)));
  await until(() => measure(engine, 'coldStarts') === requests);
  stop.abort();
  await watching;
  const failed = statuses.filter((status) => status !== 200).length;
  const started = measure(engine, 'started');
  const initMs = measure(engine, 'initP99Ms');
  return [
    figure(
      `requests that failed in a burst of ${requests} cold starts${label}`,
      ...([failed, '<=', 0] as const),
      `all at once, on ${started} environments; INIT p99 ${initMs.toFixed(0)} ms`,
    ),
    figure(
      `latest frame during a burst of ${requests} cold starts${label}, ms`,
      ...([latestMs, '<=', FRAME_LATE_LIMIT_MS] as const),
      `frames of the engine are due every ${FRAME_EVERY_MS} ms`,
    ),
  ];
}

/** What a program that was started says first. */
export async function firstWords(stream: NodeJS.ReadableStream): Promise<string> {
  const [said] = (await once(stream, 'data')) as [Buffer];
  return said.toString();
}
