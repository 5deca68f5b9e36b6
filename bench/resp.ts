import { readFileSync } from 'node:fs';
import { connectResp } from '../engine/wire/resp/client.ts';
import { findReal, startReal } from '../engine/wire/resp/contract.fixture.ts';
import { startBroker } from './broker-process.ts';
import { type Figure, figure, median } from './figures.ts';
import { benchmarkRate, findBenchmark, jobRate, longestPauseMs } from './resp-load.ts';

const ROUNDS = 7;
const JOBS = 3000;
/**
 * Until the compilers of V8 have nothing more to do: they take a second or two of full load, on the processors that server and
 * client need. redis-server needs none, and gets the same.
 */
const WARM_UP_ROUNDS = { commands: 6, jobs: 20 };
const MILLION = 1_000_000;

/** Both in turns; the median of the rounds after those that warm up. */
async function compare(
  ports: { ours: number; real: number },
  warmUpRounds: number,
  measure: (port: number) => Promise<number>,
): Promise<{ ours: number; real: number }> {
  const rates = { ours: [] as number[], real: [] as number[] };
  for (let round = -warmUpRounds; round < ROUNDS; round += 1)
    for (const who of ['ours', 'real'] as const) {
      const rate = await measure(ports[who]);
      if (round >= 0) rates[who].push(rate);
    }
  return { ours: median(rates.ours), real: median(rates.real) };
}

async function startUps(): Promise<Figure[]> {
  const upsMs: number[] = [];
  const results: Figure[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await startBroker('redis');
    upsMs.push(ours.upMs);
    if (round === ROUNDS - 1 && process.platform === 'linux') {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const maps = readFileSync(`/proc/${ours.pid}/smaps_rollup`, 'utf8');
      const kilobytes = [...maps.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+)/gm)].reduce(
        (sum, [, kb]) => sum + Number(kb),
        0,
      );
      results.push(
        figure('private memory of the idle server, MB', kilobytes / 1024, '<=', 35, 'a second after its start'),
      );
    }
    await ours.stop();
  }
  results.push(
    figure('ms until it is ready', median(upsMs), '<=', 150, `median of ${ROUNDS} starts of archipel broker redis`),
  );
  return results;
}

async function pauses(): Promise<Figure[]> {
  const ours = await startBroker('redis');
  const client = await connectResp({ port: ours.port });
  const fill = (request: (n: number) => string[]) => async (): Promise<void> => {
    for (let n = 0; n < MILLION; n += 500) await client.send(...Array.from({ length: 500 }, (_, i) => request(n + i)));
  };
  try {
    const results: Figure[] = [];
    for (const [what, request] of [
      ['a million keys', (n: number) => ['SET', `key:${n}`, `value ${n}`]],
      [
        'a sorted set of a million members',
        (n: number) => ['ZADD', 'scores', String((n * 7919) % MILLION), `member:${n}`],
      ],
    ] as const)
      results.push(
        figure(
          `longest wait of another client while ${what} are written, ms`,
          await longestPauseMs(ours.port, fill(request)),
          '<=',
          100,
          'PING every 2 ms beside pipelines of 500',
        ),
      );
    return results;
  } finally {
    client.destroy();
    await ours.stop();
  }
}

/** Jobs and streams of the embedded Redis, against those of the `redis-server` of this computer. */
export default async function resp() {
  const name = 'the embedded Redis against redis-server';
  const file = findReal();
  const benchmark = findBenchmark();
  const results = [...(await startUps()), ...(await pauses())];
  if (!file || !benchmark)
    return { name, results, skipped: 'there is no redis-server with redis-benchmark on PATH to compare speed with' };
  const ours = await startBroker('redis');
  const real = await startReal(file);
  const ports = { ours: ours.port, real: real.port };
  try {
    for (const [depth, limit, requests] of [
      [1, 0.6, 30_000],
      [16, 0.7, 300_000],
    ] as const)
      for (const command of ['set', 'get', 'zadd']) {
        const rates = await compare(ports, WARM_UP_ROUNDS.commands, (port) =>
          benchmarkRate(benchmark, { port, command, depth, requests }),
        );
        results.push(
          figure(
            `${command.toUpperCase()} per second, -P ${depth}: ours / redis-server`,
            rates.ours / rates.real,
            '>=',
            limit,
            `redis-benchmark: ${Math.round(rates.ours)} / ${Math.round(rates.real)} per second, medians of ${ROUNDS} rounds of ${requests} in turns`,
          ),
        );
      }
    const jobs = await compare(ports, WARM_UP_ROUNDS.jobs, (port) => jobRate(port, JOBS));
    results.push(
      figure(
        'BullMQ jobs added and processed per second: ours / redis-server',
        jobs.ours / jobs.real,
        '>=',
        0.9,
        `${Math.round(jobs.ours)} / ${Math.round(jobs.real)} per second, medians of ${ROUNDS} rounds of ${JOBS} jobs in turns, after ${WARM_UP_ROUNDS.jobs} that warm up; queue and worker in one process`,
      ),
    );
    return { name, results };
  } finally {
    await ours.stop();
    await real.stop();
  }
}
