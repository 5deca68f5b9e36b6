import { median } from './figures.ts';
import { dial, pingPong, quantile, startEcho, startLink } from './link-set-up.ts';

const LATENCY_MS = 20;
const ROUNDS = 12;
const PINGS = 30;

/**
 * How far an injected latency is off, on a connection that was open before the fault. Without the fault the same
 * connection is asked at the same pace: a processor that sleeps 20 ms between two messages takes longer to wake, with a
 * fault or without. Each round measures both; the median of the rounds counts, because other work on the machine comes
 * in bursts.
 */
export default async function linkLatency() {
  const echo = await startEcho();
  const link = await startLink(echo.port);
  const socket = await dial(link.port);
  const plainMs: number[] = [];
  const offMs: Record<'p50' | 'p90', number[]> = { p50: [], p90: [] };

  try {
    await pingPong(socket, 2000);
    for (let round = 0; round < ROUNDS; round += 1) {
      const plain: number[] = [];
      for (let i = 0; i < PINGS; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, LATENCY_MS));
        plain.push(...(await pingPong(socket, 1)));
      }
      const plainP50Ms = median(plain);
      plainMs.push(plainP50Ms);
      const direction = round % 2 === 0 ? 'upstream' : 'downstream';
      await link.links.setFault('edge', {
        id: 'latency',
        fault: 'latency',
        parameters: { latencyMs: LATENCY_MS, jitterMs: 0, direction },
        seed: round,
        expiresAtMs: Date.now() + 60_000,
      });
      // The very first wakes the timer of the link process.
      if (round === 0) await pingPong(socket, 3);
      const off = (await pingPong(socket, PINGS))
        .map((time) => Math.abs(time - plainP50Ms - LATENCY_MS))
        .sort((a, b) => a - b);
      offMs.p50.push(quantile(off, 0.5));
      offMs.p90.push(quantile(off, 0.9));
      await link.links.clearFault('edge', 'latency');
    }
  } finally {
    socket.destroy();
    await link.stop();
    await echo.stop();
  }

  const result = (percentile: 'p50' | 'p90', limit: number) => {
    const value = Number(median(offMs[percentile]).toFixed(3));
    return {
      metric: `injected ${LATENCY_MS} ms, off by at ${percentile} (ms)`,
      value,
      limit,
      comparison: '<=' as const,
      holds: value <= limit,
      detail: `${ROUNDS} rounds of ${PINGS}, up to ${Math.max(...offMs[percentile]).toFixed(2)} ms in one; round trip without the fault ${median(plainMs).toFixed(3)} ms`,
    };
  };
  return { name: 'link-latency', results: [result('p50', 0.3), result('p90', 1)] };
}

if (import.meta.main) console.log(JSON.stringify(await linkLatency(), null, 2));
