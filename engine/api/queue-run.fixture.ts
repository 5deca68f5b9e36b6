import { createHistogram, mergeSparse, type SparseHistogram } from '../metrics/histogram.ts';
import { figuresOf, type Queue, type WaitFigures } from '../metrics/played-queue.fixture.ts';
import type { ProcessFrame } from '../process-kit/protocol.ts';
import { startTrafficRun, type TrafficRun } from '../runtime/traffic-run.ts';
import { documentOf, edge, node, route } from './fixtures.ts';
import { withLiveTopology } from './live.fixture.ts';

/** What a service said of its queue in one frame. */
export interface QueueFrame {
  atMs: number;
  waits: SparseHistogram;
  waitedMs: number;
  started: number;
}

export interface QueueRun {
  frames: QueueFrame[];
  figures: WaitFigures;
  /** As the service itself counted them over the same time. */
  ratePerSec: number;
  meanServiceMs: number;
  /** Requests in the queue on average over time. */
  meanQueued: number;
  failed: number;
  /** The longest that the event loop of client or service stood still: then the computer was too busy to tell anything. */
  longestLagMs: number;
}

/** Runs each queue as a client and a service of their own, all side by side, and takes what follows on the warm-up. */
export async function runQueues<Name extends string>(
  queues: Readonly<Record<Name, Queue>>,
  { warmUpMs, durationMs, seed }: { warmUpMs: number; durationMs: number; seed: number },
): Promise<Record<Name, QueueRun>> {
  const named = Object.entries<Queue>(queues);
  const document = documentOf({
    nodes: named.flatMap(([name, { slots, service, meanServiceMs }]) => {
      const duration =
        service === 'fixed'
          ? { type: 'fixed', valueMs: meanServiceMs }
          : { type: 'exponential', meanMs: meanServiceMs };
      return [
        node(`${name}-client`, 'client'),
        node(name, 'service', {
          concurrency: slots,
          queue: { limit: 1_000_000 },
          routes: [route('/', { do: 'wait', duration })],
        }),
      ];
    }),
    edges: named.map(([name]) => edge(`${name}-client`, name, { timeoutMs: 60_000, maxConnections: 1024 })),
    scenarios: [
      {
        name: 'steady',
        seed,
        durationMs: warmUpMs + durationMs,
        gracefulStopMs: 60_000,
        traffic: named.map(([name, { ratePerSec }]) => ({
          executor: 'constant-arrival-rate',
          client: `${name}-client`,
          ratePerSec,
          arrivals: 'poisson',
          routes: [{ path: '/' }],
        })),
      },
    ],
  });
  const [scenario] = document.scenarios;
  if (!scenario) throw new Error('no scenario');

  const frames = new Map<string, ProcessFrame[]>(document.nodes.map(({ id }) => [id, []]));
  let run: TrafficRun | undefined;
  const onFrame = (nodeId: string, frame: ProcessFrame): void => {
    frames.get(nodeId)?.push(frame);
    run?.addFrame(nodeId, frame);
  };
  return withLiveTopology(document, onFrame, async ({ topology }) => {
    const { startedAtMs, done, recording } = await startTrafficRun({
      id: 'queues',
      topology,
      scenario,
      seed,
      durationMs: scenario.durationMs,
      recordArrivals: false,
      onCreated(created) {
        run = created;
      },
    });
    await done;
    const failed = recording.sources().map((source) => source.counters()?.failed ?? 0);
    return Object.fromEntries(
      named.map(([name], index) => [
        name,
        {
          ...summarize(frames.get(name) ?? [], startedAtMs + warmUpMs, durationMs),
          failed: failed[index],
          longestLagMs: Math.max(...[name, `${name}-client`].map((nodeId) => longestLag(frames.get(nodeId) ?? []))),
        },
      ]),
    ) as Record<Name, QueueRun>;
  });
}

function summarize(
  frames: readonly ProcessFrame[],
  fromMs: number,
  durationMs: number,
): Omit<QueueRun, 'failed' | 'longestLagMs'> {
  const within = frames.filter(({ atMs }) => atMs > fromMs && atMs <= fromMs + durationMs);
  const before = frames.filter(({ atMs }) => atMs <= fromMs).at(-1);
  const last = within.at(-1);
  if (!before || !last) throw new Error('the service sent no frames');
  const grown = (name: string, now = last, since = before): number =>
    (now.counters?.[name] ?? 0) - (since.counters?.[name] ?? 0);
  const waits = createHistogram();
  for (const frame of within) mergeSparse(waits, frame.histograms?.waiting ?? []);
  const elapsedMs = last.atMs - before.atMs;
  return {
    frames: within.map((frame, index) => ({
      atMs: frame.atMs,
      waits: frame.histograms?.waiting ?? [],
      waitedMs: grown('waitedMs', frame, within[index - 1] ?? before),
      started: grown('started', frame, within[index - 1] ?? before),
    })),
    figures: figuresOf(waits, grown('waitedMs')),
    ratePerSec: (grown('started') * 1000) / elapsedMs,
    meanServiceMs: grown('busySlotMs') / grown('started'),
    meanQueued: grown('queuedMs') / grown('limitedMs'),
  };
}

function longestLag(frames: readonly ProcessFrame[]): number {
  let longestMs = 0;
  let before = 0;
  for (const { eventLoop } of frames) {
    longestMs = Math.max(longestMs, (eventLoop?.lateMs ?? 0) - before);
    before = eventLoop?.lateMs ?? before;
  }
  return longestMs;
}
