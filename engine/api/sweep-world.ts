import { createRecording } from '../metrics/recording.ts';
import { ArchipelError } from '../model/error.ts';
import type { SweepWorld } from '../sweeps/world.ts';
import type { SweepGround } from './sweep-ground.ts';

const PROOF_POLL_MS = 20;

/** The engine as a sweep sees it: its own topology, and traffic that goes on until it is stopped. */
export function sweepWorld(ground: SweepGround): SweepWorld {
  /** What was measured before this sweep is none of its business. */
  let trafficStarted = false;
  const clients = (): string[] =>
    ground
      .live()
      .topology.document.nodes.filter(({ kind }) => kind === 'client')
      .map(({ id }) => id);
  const withoutClients = <Value>(byNode: Record<string, Value>): [string, Value][] => {
    const left = clients();
    return Object.entries(byNode).filter(([id]) => !left.includes(id));
  };

  return {
    now: () => Date.now(),
    wait: ground.wait,
    check: (document) => void ground.checked(document),
    startTopology: (document, directory) => ground.startTopology(document, { directory }),
    applyDocument: ground.applyDocument,
    scale: ({ node, replicas }) => ground.scale({ node, replicas, by: 'experiment' }),
    stopTopology: ground.stopTopology,
    async startTraffic(options) {
      trafficStarted = true;
      await ground.startTraffic({ ...options, durationMs: null });
    },
    stopTraffic: async () => (trafficStarted && ground.hasTraffic() ? ground.stopTraffic() : null),
    recording: () => (trafficStarted ? ground.recording() : createRecording([])),
    takeArrivals: ground.takeArrivals,

    totals() {
      const { totals, edgeTotals } = ground.live();
      return {
        cpuUs: withoutClients(totals()).reduce((sum, [, { cpuUs }]) => sum + cpuUs, 0),
        sources: ground
          .recording()
          .sources()
          .map((source) => {
            const { ok = 0, inFlight = 0, waiting = 0 } = source.counters() ?? {};
            return { ok, backlog: inFlight + waiting, atMs: source.toldAtMs() ?? Date.now() };
          }),
        edges: Object.fromEntries(
          Object.entries(edgeTotals()).flatMap(([id, { counters }]) =>
            counters.policedRequests === undefined
              ? []
              : [[id, { requests: counters.policedRequests, attempts: counters.attempts ?? 0 }] as const],
          ),
        ),
      };
    },
    rssBytes: () => withoutClients(ground.live().totals()).reduce((sum, [, { rssBytes }]) => sum + rssBytes, 0),
    limits: () =>
      Object.fromEntries(
        Object.values(ground.live().nodes()).flatMap(({ id, limit }) => (limit ? [[id, limit] as const] : [])),
      ),
    inFlight: () => withoutClients(ground.live().nodes()).reduce((sum, [, { inFlight }]) => sum + inFlight, 0),
    hostBusy: ground.hostBusy,

    async injectFault(request) {
      const { faults } = ground.live();
      const { id } = await faults.inject(request);
      for (;;) {
        const fault = faults.get(id);
        if (!fault)
          throw new ArchipelError('internal', `The fault ${id} is not known any more.`, 'Run the sweep again.');
        if (fault.proofOfEffect || fault.state !== 'on') return fault;
        await new Promise((resolve) => setTimeout(resolve, PROOF_POLL_MS));
      }
    },
    clearFault: (id) => ground.live().faults.clear(id),
    async clearAllFaults() {
      if (!ground.isIdle()) await ground.live().faults.clearAll('stop');
    },

    async runExperiment(options, signal) {
      const stop = (): void => void ground.experiments.stop();
      await ground.experiments.start(options);
      signal.addEventListener('abort', stop, { once: true });
      try {
        if (signal.aborted) stop();
        return await ground.experiments.done();
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}
