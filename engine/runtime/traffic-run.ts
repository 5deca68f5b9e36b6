import { createRecording, type Recording } from '../metrics/recording.ts';
import { ArchipelError } from '../model/error.ts';
import type { TracedArrival } from '../model/executors/plan.ts';
import type { Scenario } from '../model/scenario.ts';
import type { TraceEntry } from '../model/trace.ts';
import type { ProcessFrame } from '../process-kit/protocol.ts';
import type { Topology } from './topology.ts';
import { planTraffic } from './traffic-plan.ts';

/** One scenario being played on the clients of a running topology. */
export interface TrafficRun {
  id: string;
  scenario: Scenario;
  seed: number;
  startedAtMs: number;
  durationMs: number | null;
  state(): 'running' | 'stopping' | 'done';
  recording: Recording;
  /** Takes a client's frame; also those of other traffic, which it passes over. */
  addFrame(client: string, frame: ProcessFrame): void;
  /** The client's process has ended. */
  clientEnded(client: string): void;
  /** Ends the arrivals, and waits for what is in flight as long as the scenario says. */
  stop(): Promise<void>;
  /** Resolves when every client is done or gone. */
  done: Promise<void>;
  /** The requests as they began, where they were to be kept; by client, in the order of their starts. Empties the clients' memory. */
  takeArrivals(): Promise<RecordedArrivals>;
}

export interface RecordedArrivals {
  clients: { client: string; arrivals: TraceEntry[] }[];
  /** Those that came after the last one that was kept. */
  leftOut: number;
}

/** Beyond the graceful stop, how long to wait for a client that does not say that it is done. */
const DONE_MARGIN_MS = 2_000;

export async function startTrafficRun(options: {
  id: string;
  topology: Topology;
  scenario: Scenario;
  seed: number;
  durationMs: number | null;
  /** Keeps each request as it began, for `takeArrivals`. */
  recordArrivals: boolean;
  /** Called before any client is told: its frames can be added from then on. */
  onCreated(run: TrafficRun): void;
}): Promise<TrafficRun> {
  const { id, topology, scenario, seed, durationMs } = options;
  const sources = planTraffic({
    ...options,
    edgeOf: (client) => topology.document.edges.find((edge) => edge.source === client)?.id ?? '',
  }).map((planned) => ({ ...planned, client: planned.source.client, trafficId: planned.start.trafficId }));
  const recording = createRecording(sources.map((planned) => planned.recording));

  const open = new Set(sources.map(({ trafficId }) => trafficId));
  const longestStopMs = Math.max(...sources.map(({ start }) => start.gracefulStopMs));
  let state: 'running' | 'stopping' | 'done' = 'running';
  let finish: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const close = (trafficId: string): void => {
    open.delete(trafficId);
    if (open.size > 0) return;
    state = 'done';
    finish();
  };

  const startedAtMs = Date.now();
  const run: TrafficRun = {
    id,
    scenario,
    seed,
    startedAtMs,
    durationMs,
    recording,
    state: () => state,
    done,
    addFrame(client, frame) {
      if (!frame.traffic) return;
      recording.add(client, frame.traffic, frame.atMs);
      if (frame.traffic.done && open.has(frame.traffic.trafficId)) close(frame.traffic.trafficId);
    },
    clientEnded(client) {
      recording.clientEnded(client);
      for (const source of sources) if (source.client === client && open.has(source.trafficId)) close(source.trafficId);
    },
    async takeArrivals() {
      const taken: RecordedArrivals = { clients: [], leftOut: 0 };
      for (const { client, trafficId, source } of sources) {
        const { arrivals, leftOut } = (await topology.replica(client, 0).call('recorded-arrivals', { trafficId })) as {
          arrivals: TracedArrival[];
          leftOut: number;
        };
        const entries = arrivals.map(([atMs, route, path, bodyBytes]) => {
          const { method = 'GET' } = source.routes[route] ?? {};
          return { atMs, method, path, bodyBytes };
        });
        const known = taken.clients.find((other) => other.client === client);
        if (known) known.arrivals = known.arrivals.concat(entries);
        else taken.clients.push({ client, arrivals: entries });
        taken.leftOut += leftOut;
      }
      for (const { arrivals } of taken.clients) arrivals.sort((a, b) => a.atMs - b.atMs);
      return taken;
    },
    async stop() {
      if (state === 'done') return;
      state = 'stopping';
      for (const { client, trafficId } of sources)
        if (open.has(trafficId))
          topology
            .replica(client, 0)
            .call('stop-traffic', { trafficId })
            .catch(() => {
              // It cannot be asked any more; the deadline below decides.
            });
      const deadline = setTimeout(() => {
        for (const trafficId of [...open]) {
          const client = sources.find((candidate) => candidate.trafficId === trafficId)?.client;
          if (client) recording.clientEnded(client);
          close(trafficId);
        }
      }, longestStopMs + DONE_MARGIN_MS);
      await done;
      clearTimeout(deadline);
    },
  };

  options.onCreated(run);
  const started = await Promise.allSettled(
    sources.map(({ client, start }) => topology.replica(client, 0).call('start-traffic', start)),
  );
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    await run.stop();
    throw new ArchipelError(
      'start-failed',
      `The traffic did not start: ${String(failure.reason?.message ?? failure.reason)}`,
      'Look at the log of the client.',
      {
        cause: failure.reason,
      },
    );
  }
  return run;
}
