import { readFileSync } from 'node:fs';
import { createEngine } from '../engine/api/create-engine.ts';
import { catalogue } from '../engine/catalogue.ts';
import { parseDocument } from '../engine/model/parse.ts';

/** The claim is about an hour; `ARCHIPEL_SOAK_MINUTES=60` takes it. The default shows what grows fast. */
const MINUTES = Number(process.env.ARCHIPEL_SOAK_MINUTES ?? 4);
const RATE_PER_SEC = 30;
const SAMPLE_MS = 1000;
/** Of the least that was in use in a part of the time: what the garbage collector has not come to yet is no growth. */
const MAX_GROWTH = 0.1;

/**
 * The least in each of ten parts of the samples, and how much the mean of the last two is above that of the sixth and seventh: traces, records and
 * windows that are kept for a while fill up before, and then must stay as they are.
 */
function growthOf(samples: readonly number[]): { growth: number; text: string } {
  const length = Math.floor(samples.length / 10);
  const least = Array.from({ length: 10 }, (_, part) => Math.min(...samples.slice(part * length, (part + 1) * length)));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [before, after] = [mean(least.slice(5, 7)), mean(least.slice(8))];
  const inMb = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  return { growth: after / before - 1, text: `${inMb(before)} → ${inMb(after)} MB; ${least.map(inMb).join(', ')}` };
}

/** The split shop under steady traffic, with everything on that watches it: what it needs stays what it was. */
export default async function soak() {
  const parsed = parseDocument(
    JSON.parse(readFileSync(new URL('../examples/shop-microservices.archipel.json', import.meta.url), 'utf8')),
    catalogue,
  );
  if (!parsed.ok) throw new Error('the example is not valid');
  const [scenario] = parsed.document.scenarios;
  if (!scenario) throw new Error('the example has no scenario');
  const traffic = scenario.traffic.map((source) => ({ ...source, ratePerSec: RATE_PER_SEC }));
  const engine = await createEngine();
  const samples = { engine: [] as number[], processes: [] as number[] };
  try {
    await engine.startTopology(parsed.document);
    await engine.startTraffic({ scenario: { ...scenario, traffic } as typeof scenario, durationMs: null });
    const untilMs = performance.now() + MINUTES * 60_000;
    while (performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
      // What V8 and the allocator hold in reserve beside it comes and goes with the load of the machine.
      const { heapUsed, external } = process.memoryUsage();
      samples.engine.push(heapUsed + external);
      const nodes = Object.values(engine.frame().nodes);
      samples.processes.push(
        nodes.flatMap(({ replicas }) => replicas).reduce((sum, { rssBytes }) => sum + rssBytes, 0),
      );
    }
    const { traffic: counts, conservation } = await engine.stopTraffic();
    return {
      name: 'soak',
      results: [
        ...Object.entries(samples).map(([what, values]) => {
          const { growth, text } = growthOf(values);
          return {
            metric: `growth of the memory in use, ${what}`,
            value: growth,
            limit: MAX_GROWTH,
            comparison: '<=' as const,
            holds: growth <= MAX_GROWTH,
            detail: `${MINUTES} minutes at ${RATE_PER_SEC} requests/s, least of each tenth: ${text}`,
          };
        }),
        {
          metric: 'requests that do not add up',
          value: conservation.holds ? 0 : 1,
          limit: 0,
          comparison: '<=' as const,
          holds: conservation.holds,
          detail: `${counts.issued} issued, ${counts.failed} failed`,
        },
      ],
    };
  } finally {
    await engine.close();
  }
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await soak(), null, 2));
