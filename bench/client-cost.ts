import { edgeTo, startClient } from '../engine/kinds/client/client.fixture.ts';
import { startWebProcess } from '../engine/kinds/client/web.fixture.ts';
import { constantCurve } from '../engine/model/curve.ts';
import { runAutocannon } from './client-cost-autocannon.ts';
import { runBareSockets } from './client-cost-bare.ts';
import { median } from './figures.ts';

const ROUNDS = 5;
const CONNECTIONS = 32;
const WARM_UP_MS = 1000;
const DURATION_MS = 2000;

/** Processor time of the whole client process for each answer, between two frames under full load. */
async function clientCost(port: number) {
  const client = await startClient({
    edges: [edgeTo([port], { maxConnections: CONNECTIONS })],
    frameIntervalMs: 100,
  });
  try {
    await client.start({
      // A user for each connection, as autocannon has it: each sends again as soon as its answer is there.
      plan: { type: 'vus', vus: constantCurve(CONNECTIONS), gracefulRampDownMs: 0 },
      durationMs: WARM_UP_MS + DURATION_MS,
      gracefulStopMs: 0,
    });
    await client.done();
    const under = client.frames.filter(({ traffic }) => traffic && traffic.scheduled > 0 && !traffic.done);
    const last = under.at(-1);
    const first = under.find(({ atMs }) => last && last.atMs - atMs <= DURATION_MS);
    if (!first || !last || first === last) throw new Error('the client sent no frames under load');
    const answers = last.requests - first.requests;
    return {
      usPerRequest: (last.cpuUs - first.cpuUs) / answers,
      perSec: (answers / (last.atMs - first.atMs)) * 1000,
      failed: client.received().counters.failed,
    };
  } finally {
    await client.stop();
  }
}

/** The client against autocannon, both against the same server, in turns; the client traces, measures and records each request as it always does. */
export default async function clientCostBench() {
  const web = await startWebProcess();
  const rounds: { ratio: number; text: string; bareRatio: number }[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const ours = await clientCost(web.port);
      const theirs = await runAutocannon({
        url: `http://127.0.0.1:${web.port}/`,
        connections: CONNECTIONS,
        warmUpMs: WARM_UP_MS,
        durationMs: DURATION_MS,
      });
      const theirUs = theirs.cpuUs / theirs.requests;
      const bareUs = await runBareSockets({
        port: web.port,
        connections: CONNECTIONS,
        warmUpMs: WARM_UP_MS,
        durationMs: DURATION_MS,
      });
      rounds.push({
        ratio: ours.usPerRequest / theirUs,
        bareRatio: bareUs / theirUs,
        text: `${ours.usPerRequest.toFixed(1)} µs at ${Math.round(ours.perSec)}/s (${ours.failed} failed) against ${theirUs.toFixed(1)} µs at ${Math.round(theirs.requests / (DURATION_MS / 1000))}/s (${theirs.errors} failed)`,
      });
    }
  } finally {
    await web.stop();
  }
  const value = median(rounds.map(({ ratio }) => ratio));
  const least = median(rounds.map(({ bareRatio }) => bareRatio));
  const limit = 0.55;
  return {
    name: 'client-cost',
    results: [
      {
        metric: 'CPU for each request at full load, client / autocannon',
        value,
        limit,
        comparison: '<=' as const,
        holds: value <= limit,
        detail: `median of ${ROUNDS} rounds, ${CONNECTIONS} connections; a bare loop of sockets that measures and records nothing: ${least}; ${rounds.map(({ text }) => text).join(' | ')}`,
      },
    ],
  };
}

if (import.meta.main) console.log(JSON.stringify(await clientCostBench(), null, 2));
