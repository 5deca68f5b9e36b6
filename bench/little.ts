import { edgeTo, startClient } from '../engine/kinds/client/client.fixture.ts';
import { startWeb } from '../engine/kinds/client/web.fixture.ts';
import { batchMean } from '../engine/metrics/batch-means.ts';
import { createHistogram, meanMs, mergeSparse } from '../engine/metrics/histogram.ts';
import { littlesLaw } from '../engine/metrics/queueing.ts';
import { constantCurve } from '../engine/model/curve.ts';
import { SLICE_MS } from '../engine/process-kit/protocol.ts';

const DURATION_MS = 15_000;
const BATCH_MS = 500;
/** Left out at the beginning, when all users begin at once. */
const WARM_UP_BATCHES = 2;
/** Of all comparisons together: each has its share of what may go wrong by chance (Bonferroni). */
const CONFIDENCE = 0.99;

const points = [
  { vus: 5, thinkMs: 100, answerMs: 5 },
  { vus: 20, thinkMs: 100, answerMs: 20 },
  { vus: 50, thinkMs: 200, answerMs: 50 },
  { vus: 30, thinkMs: 20, answerMs: 30 },
];

/** One closed-model run against a server that answers after a time; exponential think times. */
async function measure({ vus, thinkMs, answerMs }: (typeof points)[number]) {
  const web = await startWeb((_, response) => void setTimeout(() => response.end(), answerMs));
  const client = await startClient({ edges: [edgeTo([web.port], { maxConnections: vus })] });
  try {
    await client.start({
      plan: { type: 'vus', vus: constantCurve(vus), gracefulRampDownMs: 0 },
      session: { order: 'mix', requests: 1, thinkTime: { type: 'exponential', meanMs: thinkMs } },
      durationMs: DURATION_MS,
    });
    await client.done('traffic', DURATION_MS + 10_000);
    const slices = [...client.received().slices.values()];
    const batches = Array.from({ length: DURATION_MS / BATCH_MS - WARM_UP_BATCHES }, (_, index) => {
      const latency = createHistogram();
      for (const slice of slices)
        if (Math.floor((slice.slice * SLICE_MS) / BATCH_MS) === index + WARM_UP_BATCHES)
          mergeSparse(latency, slice.latency);
      const perSec = (latency.total * 1000) / BATCH_MS;
      return { sum: littlesLaw(perSec, (meanMs(latency) ?? 0) + thinkMs), count: 1 };
    });
    return batchMean(batches, 1 - (1 - CONFIDENCE) / points.length);
  } finally {
    await client.stop();
    await web.stop();
  }
}

/** Little's law, N = X · (R + Z): users from measured throughput and response time and the mean think time, against those that there are. */
export default async function little() {
  const results = [];
  for (const point of points) {
    const { value, low, high } = await measure(point);
    results.push({
      metric: `N = X·(R + Z) of ${point.vus} users, think time ${point.thinkMs} ms, answers after ${point.answerMs} ms`,
      value: Number(value.toFixed(2)),
      limit: point.vus,
      comparison: 'within',
      holds: low <= point.vus && point.vus <= high,
      detail: `interval [${low.toFixed(2)}, ${high.toFixed(2)}], residual ${(value - point.vus).toFixed(2)}; ${CONFIDENCE * 100} % for all ${points.length} together, means of batches of ${BATCH_MS} ms over ${DURATION_MS} ms`,
    });
  }
  return { name: 'little', results };
}

if (import.meta.main) console.log(JSON.stringify(await little(), null, 2));
