import { createRecording, type Recording } from '../metrics/recording.ts';
import { ArchipelError } from '../model/error.ts';
import { routeName, type Scenario, type TrafficSource } from '../model/scenario.ts';
import type { ProcessFrame, StartTraffic } from '../process-kit/protocol.ts';
import type { Topology } from './topology.ts';

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
}

/** Beyond the graceful stop, how long to wait for a client that does not say that it is done. */
const DONE_MARGIN_MS = 2_000;

export async function startTrafficRun(options: {
  id: string;
  topology: Topology;
  scenario: Scenario;
  seed: number;
  durationMs: number | null;
  /** Called before any client is told: its frames can be added from then on. */
  onCreated(run: TrafficRun): void;
}): Promise<TrafficRun> {
  const { id, topology, scenario, seed, durationMs } = options;
  const sources = scenario.traffic.map((source, index) => ({ source, trafficId: `${id}-${index}` }));
  const recording = createRecording(
    sources.map(({ source, trafficId }) => ({
      client: source.client,
      trafficId,
      ratePerSec: source.ratePerSec,
      routes: source.routes.map(routeName),
    })),
  );

  const open = new Set(sources.map(({ trafficId }) => trafficId));
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

  const start = (source: TrafficSource, trafficId: string, index: number): Promise<unknown> => {
    const outgoing = topology.document.edges.filter((edge) => edge.source === source.client);
    const payload: StartTraffic = {
      trafficId,
      // Each source draws its own arrivals.
      seed: (seed + index * 0x9e3779b9) >>> 0,
      durationMs,
      gracefulStopMs: scenario.gracefulStopMs,
      ratePerSec: source.ratePerSec,
      arrivals: source.arrivals,
      routes: source.routes.map(({ method, path, weight, edge }) => ({
        method,
        path,
        weight,
        edge: edge ?? outgoing[0]?.id ?? '',
      })),
    };
    return topology.replica(source.client, 0).call('start-traffic', payload);
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
      for (const { source, trafficId } of sources)
        if (source.client === client && open.has(trafficId)) close(trafficId);
    },
    async stop() {
      if (state === 'done') return;
      state = 'stopping';
      for (const { source, trafficId } of sources)
        if (open.has(trafficId))
          topology
            .replica(source.client, 0)
            .call('stop-traffic', { trafficId })
            .catch(() => {
              // It cannot be asked any more; the deadline below decides.
            });
      const deadline = setTimeout(() => {
        for (const trafficId of [...open]) {
          const client = sources.find((candidate) => candidate.trafficId === trafficId)?.source.client;
          if (client) recording.clientEnded(client);
          close(trafficId);
        }
      }, scenario.gracefulStopMs + DONE_MARGIN_MS);
      await done;
      clearTimeout(deadline);
    },
  };

  options.onCreated(run);
  const started = await Promise.allSettled(
    sources.map(({ source, trafficId }, index) => start(source, trafficId, index)),
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
