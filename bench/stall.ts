import { edgeTo, startClient } from '../engine/kinds/client/client.fixture.ts';
import { startWebProcess } from '../engine/kinds/client/web.fixture.ts';
import { percentileMs } from '../engine/metrics/histogram.ts';

const ROUNDS = 3;
/** What is on its way when the server stops is late by any measure: fewer requests than p99.9 lets through. */
const CONNECTIONS = 8;
const RATE_PER_SEC = 2000;
const DURATION_MS = 10_000;
const STALL_MS = 500;
const BEFORE_MS = 4000;

const wait = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

/** One run in which the server stands still once. */
async function measure() {
  const web = await startWebProcess();
  const client = await startClient({ edges: [edgeTo([web.port], { maxConnections: CONNECTIONS })] });
  try {
    await client.start({ ratePerSec: RATE_PER_SEC, arrivals: 'poisson', durationMs: DURATION_MS });
    await wait(BEFORE_MS);
    const stoppedMs = performance.now();
    web.child.kill('SIGSTOP');
    await wait(STALL_MS);
    web.child.kill('SIGCONT');
    const stallMs = performance.now() - stoppedMs;
    await client.done('traffic', DURATION_MS + 5000);
    const latency = client.received().latency();
    const uncorrected = client.received().uncorrected();
    const { ok, failed, dropped } = client.received().counters;
    return {
      p99: percentileMs(latency, 99) ?? 0,
      p999: percentileMs(latency, 99.9) ?? 0,
      uncorrectedP99: percentileMs(uncorrected, 99) ?? 0,
      uncorrectedP999: percentileMs(uncorrected, 99.9) ?? 0,
      stallMs,
      ok,
      failed,
      dropped,
    };
  } finally {
    await client.stop();
    await web.stop();
  }
}

/** With one stall in a run the truth is arithmetic: 5 % of the requests arrive during it, and wait for what is left of it. */
export default async function stall() {
  const runs: Awaited<ReturnType<typeof measure>>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await measure());
  const middle = (field: 'p99' | 'p999' | 'uncorrectedP99' | 'uncorrectedP999'): number =>
    runs.map((run) => run[field]).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
  const detail = runs
    .map(
      ({ p99, p999, uncorrectedP99, uncorrectedP999, stallMs, ok, failed, dropped }) =>
        `p99 ${p99.toFixed(0)}, p99.9 ${p999.toFixed(0)}, uncorrected ${uncorrectedP99.toFixed(0)} and ${uncorrectedP999.toFixed(0)} of ${ok} ok, ${failed} failed, ${dropped} dropped; stopped for ${stallMs.toFixed(1)} ms`,
    )
    .join(' | ');
  const result = (metric: string, value: number, limit: number, comparison: '<=' | '>=') => ({
    metric,
    value: Number(value.toFixed(1)),
    limit,
    comparison,
    holds: comparison === '<=' ? value <= limit : value >= limit,
    detail,
  });
  return {
    name: 'stall',
    results: [
      result('p99 with one stall of 500 ms in 10 s (ms)', middle('p99'), 400, '>='),
      result('p99 with one stall of 500 ms in 10 s (ms)', middle('p99'), 450, '<='),
      result('p99.9 with one stall of 500 ms in 10 s (ms)', middle('p999'), 490, '>='),
      result('p99.9 with one stall of 500 ms in 10 s (ms)', middle('p999'), 520, '<='),
      result('uncorrected p99, from the actual start, which omits the stall (ms)', middle('uncorrectedP99'), 50, '<='),
      result('uncorrected p99.9 (ms)', middle('uncorrectedP999'), STALL_MS / 2, '<='),
    ],
  };
}

if (import.meta.main) console.log(JSON.stringify(await stall(), null, 2));
