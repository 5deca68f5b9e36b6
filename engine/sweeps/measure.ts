import type { Measurement, NodeLimit, RunResult } from '../api/types.ts';
import { percentileMs } from '../metrics/histogram.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import { failedIn } from '../metrics/tally.ts';
import type { ArchipelDocument } from '../model/document.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Course } from './course.ts';
import type { SweepWorld, Totals } from './world.ts';

/** How often it is looked which limits bind. */
const LOOK_MS = 500;
/** A client that begins more than 1 % of its requests later than this is a measure of itself. */
const MAX_LATENESS_P99_MS = 50;
/** So long the work that callers have given up may take to end before the next step begins. */
const DRAIN_MS = 10_000;
const DRAIN_POLL_MS = 100;

/** A stretch of running traffic, with what was seen of the nodes in it. */
export interface Stretch {
  range: TimeRange;
  before: Totals;
  after: Totals;
  rssBytes: number;
  limits: Record<string, NodeLimit>;
}

export interface Load {
  scenario: Scenario;
  seed: number;
  warmUpMs: number;
  measureMs: number;
  /** The edge whose attempts are of interest. */
  edge?: string;
  recordArrivals?: boolean;
}

/** Sends the load on what runs, and measures what follows on the warm-up. When it is over nothing is under way. */
export async function measure(course: Course, load: Load): Promise<Measurement> {
  const { world, signal, directory, document } = course;
  const scenario = { ...load.scenario, gracefulStopMs: longestRequestMs(document, load.scenario) };
  await world.startTraffic({ ...load, scenario, directory });
  await world.wait(load.warmUpMs, signal);
  const stretch = await observe(course, load.measureMs);
  const run = await world.stopTraffic();
  await drain(course);
  return measurementOf(course, stretch, run, load.edge);
}

/** Long enough for every request to be decided: none is left out that would have failed. */
export function longestRequestMs({ edges }: ArchipelDocument, { traffic, gracefulStopMs }: Scenario): number {
  const timeouts = edges
    .filter(({ source }) => traffic.some(({ client }) => client === source))
    .map(({ config }) => config.timeoutMs);
  return Math.min(60_000, Math.max(gracefulStopMs, ...timeouts.map((timeoutMs) => timeoutMs + 500)));
}

/** Watches what runs for so long. */
export async function observe({ world, signal }: Course, durationMs: number): Promise<Stretch> {
  const fromMs = world.now();
  const before = world.totals();
  const seen = new Map<string, { limit: NodeLimit; looks: number }>();
  let rssBytes = world.rssBytes();
  let looks = 0;
  for (let leftMs = durationMs; leftMs > 0; leftMs = fromMs + durationMs - world.now()) {
    await world.wait(Math.min(LOOK_MS, leftMs), signal);
    rssBytes = Math.max(rssBytes, world.rssBytes());
    looks += 1;
    for (const [node, limit] of Object.entries(world.limits())) {
      const key = `${node} ${limit.limit}`;
      seen.set(key, { limit, looks: (seen.get(key)?.looks ?? 0) + 1 });
    }
  }
  const limits = Object.fromEntries(
    [...seen].flatMap(([key, { limit, looks: times }]) =>
      2 * times >= looks ? [[key.slice(0, key.indexOf(' ')), limit] as const] : [],
    ),
  );
  return { range: { fromMs, toMs: world.now() }, before, after: world.totals(), rssBytes, limits };
}

/** Nodes may still work for callers that have gone: the next step must not wait behind that. */
async function drain({ world, signal }: Course): Promise<void> {
  const endMs = world.now() + DRAIN_MS;
  while (world.inFlight() > 0 && world.now() < endMs) await world.wait(DRAIN_POLL_MS, signal);
}

/** What was measured in a stretch, once its requests are decided. `run`: of the traffic around it, when that is over. */
export function measurementOf(
  { world, document }: Pick<Course, 'world' | 'document'>,
  { range, before, after, rssBytes, limits }: Stretch,
  run: RunResult | null,
  edge?: string,
): Measurement {
  const recording = world.recording();
  const tally = recording.tally({ range });
  const { arrivalsPerSec, okPerSec } = recording.rates({ range });
  const latency = recording.latency({ range });
  const { latenessMs } = recording.generator(range);
  const arrivals = tally.issued + tally.dropped;
  const told = grownIn(before, after);
  return {
    window: range,
    arrivals,
    ok: tally.ok,
    failed: failedIn(tally),
    dropped: tally.dropped,
    arrivalsPerSec,
    okPerSec,
    answeredPerSec: told.okPerSec,
    backlogGrowth: told.backlog,
    successRatio: arrivals === 0 ? null : tally.ok / arrivals,
    latencyMs: { p50: percentileMs(latency, 50), p95: percentileMs(latency, 95), p99: percentileMs(latency, 99) },
    latenessP99Ms: latenessMs.p99,
    cpuMsPerRequest: told.ok > 0 ? (after.cpuUs - before.cpuUs) / 1000 / told.ok : null,
    rssBytes,
    limits,
    attemptsPerRequest: edge === undefined ? null : attemptsPerRequest(before.edges[edge], after.edges[edge]),
    problems: [
      ...untrusted({ world, limits, document, range, latenessP99Ms: latenessMs.p99 }),
      ...(run && !run.conservation.holds ? [`The requests do not add up: ${run.conservation.equation}.`] : []),
      ...(arrivals === 0 ? ['No request became due.'] : []),
    ],
    record: run?.record ?? null,
  };
}

/** What the clients told of between two moments, each by the clock of its own frames. */
function grownIn(before: Totals, after: Totals): { ok: number; okPerSec: number; backlog: number } {
  const grown = { ok: 0, okPerSec: 0, backlog: 0 };
  for (const [index, { ok, backlog, atMs }] of after.sources.entries()) {
    const start = before.sources[index] ?? { ok: 0, backlog: 0, atMs };
    grown.ok += ok - start.ok;
    grown.okPerSec += atMs > start.atMs ? ((ok - start.ok) * 1000) / (atMs - start.atMs) : 0;
    grown.backlog += backlog - start.backlog;
  }
  return grown;
}

function attemptsPerRequest(
  before: Totals['edges'][string] | undefined,
  after: Totals['edges'][string] | undefined,
): number | null {
  if (!after) return null;
  const requests = after.requests - (before?.requests ?? 0);
  return requests > 0 ? (after.attempts - (before?.attempts ?? 0)) / requests : null;
}

/** Why the figures are those of the machine or of the client, and not of what was asked. */
function untrusted(facts: {
  world: SweepWorld;
  limits: Stretch['limits'];
  document: ArchipelDocument;
  range: TimeRange;
  latenessP99Ms: number | null;
}): string[] {
  const { world, limits, document, range, latenessP99Ms } = facts;
  const problems: string[] = [];
  if (latenessP99Ms !== null && latenessP99Ms > MAX_LATENESS_P99_MS)
    problems.push(
      `The client did not keep up: 1 % of its requests began more than ${latenessP99Ms.toFixed(0)} ms after their time (${MAX_LATENESS_P99_MS} are allowed).`,
    );
  for (const { id } of document.nodes.filter(({ kind }) => kind === 'client')) {
    const limit = limits[id];
    if (limit?.limit === 'cpu' || limit?.limit === 'event-loop')
      problems.push(`The client ${id} was the limit: ${limit.detail}.`);
  }
  for (const client of world.recording().lostClients()) problems.push(`The client ${client} ended in mid-run.`);
  const busy = world.hostBusy(range);
  if (busy) problems.push(`The machine was too busy to measure: ${busy}.`);
  return problems;
}
