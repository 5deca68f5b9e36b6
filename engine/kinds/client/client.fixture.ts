import { fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHistogram, type Histogram, mergeSparse, type SparseHistogram } from '../../metrics/histogram.ts';
import { constantCurve } from '../../model/curve.ts';
import { defaultEdgeConfig } from '../../model/edge.ts';
import type {
  HostMessage,
  ProcessFrame,
  ProcessMessage,
  StartTraffic,
  TrafficFrame,
  TrafficSlice,
  WiredEdge,
} from '../../process-kit/protocol.ts';

export const clientBundle = join(dirname(fileURLToPath(import.meta.url)), '../../../dist/engine/client.cjs');

/** The only edge of most tests. */
export const edgeTo = (ports: number[], config: Partial<WiredEdge['config']> = {}): WiredEdge => ({
  id: 'front-shop',
  targetId: 'shop',
  protocol: 'http',
  config: { ...defaultEdgeConfig, ...config },
  ports,
});

type TestRoute = StartTraffic['routes'][number];

export const plainRoute: TestRoute = {
  method: 'GET',
  path: '/',
  weight: 1,
  edge: 'front-shop',
  parameters: [],
  bodyBytes: { type: 'fixed', sizeBytes: 0 },
};

export const singleRequest: StartTraffic['session'] = {
  order: 'mix',
  requests: 1,
  thinkTime: { type: 'fixed', valueMs: 0 },
};

interface TestTraffic extends Partial<Omit<StartTraffic, 'routes'>> {
  ratePerSec?: number;
  arrivals?: 'poisson' | 'uniform';
  routes?: Partial<TestRoute>[];
}

/** All that one traffic sent: the newest of each slice, and the newest counters. */
export interface Received {
  counters: Omit<TrafficFrame, 'slices' | 'lateness'>;
  slices: Map<string, TrafficSlice>;
  latency(): Histogram;
  uncorrected(): Histogram;
  /** How late requests began. */
  lateness(): Histogram;
  /** Failed requests by `reason@hop`. */
  failed(): Record<string, number>;
  sum(field: 'issued' | 'ok' | 'dropped'): number;
}

function createReceived(): Received & { add(frame: TrafficFrame): void } {
  const slices = new Map<string, TrafficSlice>();
  const lateness = new Map<number, SparseHistogram>();
  const merged = (histograms: Iterable<SparseHistogram>): Histogram => {
    const histogram = createHistogram();
    for (const sparse of histograms) mergeSparse(histogram, sparse);
    return histogram;
  };
  const received = {
    counters: {} as Received['counters'],
    slices,
    add({ slices: changed, lateness: late, ...counters }: TrafficFrame) {
      received.counters = counters;
      for (const slice of changed) slices.set(`${slice.slice}/${slice.route}`, slice);
      for (const { slice, histogram } of late) lateness.set(slice, histogram);
    },
    latency: () => merged([...slices.values()].map(({ latency }) => latency)),
    uncorrected: () => merged([...slices.values()].map(({ uncorrected }) => uncorrected)),
    lateness: () => merged(lateness.values()),
    failed() {
      const sums: Record<string, number> = {};
      for (const { failed } of slices.values())
        for (const [key, count] of Object.entries(failed)) sums[key] = (sums[key] ?? 0) + count;
      return sums;
    },
    sum: (field: 'issued' | 'ok' | 'dropped') => [...slices.values()].reduce((sum, slice) => sum + slice[field], 0),
  };
  return received;
}

/** The real client program in a process of its own, spoken to as the host does. */
export async function startClient(options: { edges: WiredEdge[]; maxQueued?: number; frameIntervalMs?: number }) {
  const child = fork(clientBundle, { execPath: process.env.ARCHIPEL_NODE ?? process.execPath, execArgv: [] });
  const frames: ProcessFrame[] = [];
  const traffics = new Map<string, ReturnType<typeof createReceived>>();
  const watchers = new Set<() => void>();
  const replies = new Map<number, (message: ProcessMessage & { type: 'reply' }) => void>();
  let calls = 0;
  let port: number | undefined;

  const received = (trafficId: string) => {
    const known = traffics.get(trafficId) ?? createReceived();
    traffics.set(trafficId, known);
    return known;
  };

  child.on('message', (message: ProcessMessage) => {
    if (message.type === 'listening') port = message.port;
    else if (message.type === 'reply') replies.get(message.id)?.(message);
    else if (message.type === 'frame') {
      frames.push(message.frame);
      if (message.frame.traffic) received(message.frame.traffic.trafficId).add(message.frame.traffic);
    }
    for (const watcher of watchers) watcher();
  });

  /** Resolves once the condition holds; it is looked at with each message. */
  function until(what: string, holds: () => boolean, deadlineMs = 15_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        watchers.delete(look);
        clearTimeout(deadline);
      };
      const look = (): void => {
        if (!holds()) return;
        end();
        resolve();
      };
      const deadline = setTimeout(() => {
        end();
        reject(new Error(`${what}: not within ${deadlineMs} ms`));
      }, deadlineMs);
      watchers.add(look);
      look();
    });
  }

  const send = (message: HostMessage): void => {
    child.send(message);
  };
  const call = (name: string, payload: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      calls += 1;
      const id = calls;
      replies.set(id, (reply) => {
        replies.delete(id);
        if (reply.ok) resolve(reply.value);
        else reject(new Error(reply.message));
      });
      send({ type: 'call', id, name, payload });
    });

  const { edges, maxQueued = 100_000, frameIntervalMs = 50 } = options;
  send({ type: 'start', nodeId: 'browser', replica: 0, config: { maxQueued }, edges, frameIntervalMs });
  await until('client listens', () => port !== undefined);

  return {
    child,
    port: port as number,
    frames,
    call,
    until,
    received: (trafficId = 'traffic'): Received => received(trafficId),
    wire: (next: WiredEdge[]): void => send({ type: 'wire', edges: next }),
    configure: (config: { maxQueued: number }): void => send({ type: 'configure', config }),
    /** By default a constant rate of single requests. */
    start: ({ ratePerSec = 200, arrivals = 'uniform', routes, ...traffic }: TestTraffic): Promise<unknown> =>
      call('start-traffic', {
        trafficId: 'traffic',
        seed: 1,
        startTimeMs: 0,
        durationMs: 1000,
        gracefulStopMs: 3000,
        plan: { type: 'arrivals', arrivals, ratePerSec: constantCurve(ratePerSec), maxVUs: null },
        session: singleRequest,
        routes: (routes ?? [{}]).map((route) => ({ ...plainRoute, ...route })),
        recordArrivals: false,
        ...traffic,
      } satisfies StartTraffic),
    done: (trafficId = 'traffic', deadlineMs?: number): Promise<void> =>
      until(`traffic "${trafficId}" is done`, () => received(trafficId).counters.done === true, deadlineMs),
    /** Asks it to stop, and resolves when the process is gone. */
    async stop(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      send({ type: 'stop', drainMs: 1000 });
      const deadline = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(deadline);
    },
  };
}

export type TestClient = Awaited<ReturnType<typeof startClient>>;
