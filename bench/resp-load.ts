import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Queue, Worker } from 'bullmq';
import { connectResp } from '../engine/wire/resp/client.ts';

const run = promisify(execFile);

/** The redis-benchmark of this machine, or null. */
export function findBenchmark(): string | null {
  for (const directory of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const file = join(directory, 'redis-benchmark');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this one.
    }
  }
  return null;
}

/** Requests per second as redis-benchmark tells them, with its 50 connections and its values of 3 bytes. */
export async function benchmarkRate(
  file: string,
  options: { port: number; command: string; depth: number; requests: number },
): Promise<number> {
  const { port, command, depth, requests } = options;
  const args = ['-p', String(port), '-P', String(depth), '-n', String(requests), '-t', command, '--csv'];
  const { stdout } = await run(file, args);
  const line = stdout.split('\n').find((each) => each.startsWith(`"${command.toUpperCase()}`)) ?? '';
  return Number(line.split(',')[1]?.replaceAll('"', ''));
}

/** Jobs per second from the first that is added to the last that is done. */
export async function jobRate(port: number, jobs: number): Promise<number> {
  const connection = { host: '127.0.0.1', port };
  const queue = new Queue(`bench ${port} ${jobs}`, { connection });
  const worker = new Worker(queue.name, async () => null, { connection, concurrency: 50, autorun: false });
  try {
    await queue.waitUntilReady();
    await worker.waitUntilReady();
    const done = new Promise<void>((resolve) => {
      let left = jobs;
      worker.on('completed', () => {
        left -= 1;
        if (left === 0) resolve();
      });
    });
    void worker.run();
    const fromMs = performance.now();
    const adders = Array.from({ length: 50 }, async (_, i) => {
      for (let n = i; n < jobs; n += 50) await queue.add('job', { n });
    });
    await Promise.all(adders);
    await done;
    return (jobs * 1000) / (performance.now() - fromMs);
  } finally {
    await worker.close();
    await queue.obliterate({ force: true });
    await queue.close();
  }
}

/** Runs the work, and tells how long a PING of another connection took at the longest meanwhile. */
export async function longestPauseMs(port: number, work: () => Promise<void>): Promise<number> {
  const client = await connectResp({ port });
  let [longest, isOver] = [0, false];
  const watching = (async () => {
    while (!isOver) {
      const fromMs = performance.now();
      await client.send(['PING']);
      longest = Math.max(longest, performance.now() - fromMs);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  await work();
  isOver = true;
  await watching;
  client.destroy();
  return longest;
}
