import { catalogue } from '../catalogue.ts';
import { foreignParts } from '../experiments/probes-of.ts';
import { runExperiment } from '../experiments/runner.ts';
import type { EditTarget, ExperimentWorld } from '../experiments/world.ts';
import { createRecording, type Recording } from '../metrics/recording.ts';
import { summarizeRun } from '../metrics/summary.ts';
import type { ArchipelDocument, ArchipelEdge, ArchipelNode } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { replicaCounting } from '../model/replica-count.ts';
import type { ChangeCalls } from './change-calls.ts';
import type { Engine } from './engine.ts';
import type { LiveTopology } from './live-topology.ts';
import { createProbeSight } from './probe-sight.ts';
import type { ExperimentResult, ExperimentStatus, HostInfo, RunResult } from './types.ts';
import { waitUntil } from './wait.ts';

/** What experiments use of the engine around them. */
export interface ExperimentGround {
  startTopology: Engine['startTopology'];
  stopTopology(): Promise<void>;
  /** `continues`: it is counted with the traffic before. */
  startTraffic(options: Parameters<Engine['startTraffic']>[0] & { continues?: boolean }): Promise<unknown>;
  stopTraffic(): Promise<RunResult>;
  hostBusy: ExperimentWorld['hostBusy'];
  scale: ChangeCalls['scale'];
  applyDocument: Engine['applyDocument'];
  frame: Engine['frame'];
  /** The document with all defaults; throws when it is not valid. */
  checked(document: ArchipelDocument): ArchipelDocument;
  live(): LiveTopology;
  recording(): Recording;
  /** Null when no traffic was started. */
  summary(): RunResult | null;
  host: HostInfo;
  /** An experiment begins; nothing of it runs yet. */
  onBegin(experiment: { name: string; document: ArchipelDocument; scenario: string; seed: number }): void;
  /** Something of it has happened. */
  onJournal(entry: ExperimentResult['journal'][number]): void;
  /** It has ended, with everything undone. */
  onEnd(result: ExperimentResult): Promise<ExperimentResult>;
  isIdle(): boolean;
  changed(): void;
}

export interface Experiments {
  start: Engine['startExperiment'];
  stop: Engine['stopExperiment'];
  done: Engine['experimentDone'];
  last: Engine['lastExperiment'];
  status(): ExperimentStatus | null;
  /** What the one that runs would leave if it were cut off now; null while none runs. */
  soFar(): ExperimentResult | null;
  /** Ends one that runs, and waits until everything is undone. */
  abort(reason: string): Promise<void>;
}

const PROOF_POLL_MS = 20;

/** Runs experiments on the engine, one at a time, each on a topology of its own. */
export function createExperiments(ground: ExperimentGround): Experiments {
  let status: ExperimentStatus | null = null;
  let running: { abort: AbortController; result: Promise<ExperimentResult> } | null = null;
  let last: ExperimentResult | null = null;
  let soFar: (() => ExperimentResult) | null = null;

  const current = (): Promise<ExperimentResult> => {
    if (running) return running.result;
    if (last) return Promise.resolve(last);
    throw new ArchipelError('wrong-state', 'No experiment was started.', 'Start one first.');
  };

  return {
    async start({ document, name, seed, directory = null }) {
      const valid = ground.checked(document);
      const experiment =
        name === undefined ? valid.experiments[0] : valid.experiments.find((candidate) => candidate.name === name);
      if (!experiment)
        throw new ArchipelError(
          'not-found',
          name === undefined ? 'The document has no experiment.' : `The document has no experiment "${name}".`,
          valid.experiments.length > 0
            ? `Use one of ${valid.experiments.map((known) => `"${known.name}"`).join(', ')}.`
            : 'Add one to the document.',
        );
      const foreign = foreignParts(experiment);
      if (foreign.length > 0)
        throw new ArchipelError(
          'document-invalid',
          `The experiment "${experiment.name}" holds what cannot be run here: ${foreign.join(', ')}.`,
          'Put steps and probes of Archipel in their place, or take them out.',
        );
      if (running)
        throw new ArchipelError('wrong-state', 'An experiment runs already.', 'Wait for its verdict, or stop it.');
      if (!ground.isIdle())
        throw new ArchipelError(
          'wrong-state',
          'A topology runs already, and an experiment needs one of its own.',
          'Stop it first.',
        );
      const scenario = valid.scenarios.find((candidate) => candidate.name === experiment.scenario);
      ground.onBegin({
        name: experiment.name,
        document: valid,
        scenario: experiment.scenario,
        seed: seed ?? scenario?.seed ?? 0,
      });
      const abort = new AbortController();
      const result = runExperiment({
        document: valid,
        experiment,
        seed,
        world: experimentWorld(ground, valid, directory),
        signal: abort.signal,
        onJournal: (entry) => ground.onJournal(entry),
        onBegin(made) {
          soFar = made;
        },
        onStatus(changed) {
          status = changed;
          ground.changed();
        },
      }).then((finished) => {
        soFar = null;
        return ground.onEnd(finished);
      });
      running = { abort, result };
      void result
        .then((finished) => {
          last = finished;
        })
        .catch(() => {
          [status, soFar] = [null, null];
        })
        .finally(() => {
          running = null;
          ground.changed();
        });
    },
    stop() {
      running?.abort.abort(new ArchipelError('wrong-state', 'It was stopped by the user.', 'Start it again.'));
      return current();
    },
    done: async () => current(),
    last: () => last,
    status: () => status,
    soFar: () => soFar?.() ?? null,
    async abort(reason) {
      if (!running) return;
      running.abort.abort(new ArchipelError('wrong-state', `It ended because ${reason}.`, 'Start it again.'));
      await running.result.catch(() => {});
    },
  };
}

function experimentWorld(
  ground: ExperimentGround,
  document: ArchipelDocument,
  directory: string | null,
): ExperimentWorld {
  /** What was measured before this experiment is none of its business. */
  let trafficStarted = false;
  let sending: string | null = null;
  const recording = (): Recording => (trafficStarted ? ground.recording() : createRecording([]));
  const summary = (): RunResult => (trafficStarted ? ground.summary() : null) ?? nothingMeasured(document, ground.host);
  return {
    now: () => Date.now(),
    wait: waitUntil,
    startTopology: () => ground.startTopology(document, { directory }),
    stopTopology: () => ground.stopTopology(),
    async startTraffic({ scenario, seed }) {
      const continues = trafficStarted;
      trafficStarted = true;
      await ground.startTraffic({ scenario, seed, durationMs: null, directory, continues });
      sending = scenario.name;
    },
    sends: () => sending,
    async stopTraffic() {
      sending = null;
      if (trafficStarted && ground.summary()) await ground.stopTraffic();
    },
    recording,
    summary,
    sight: createProbeSight({ live: ground.live, frame: ground.frame, recording, summary }),
    configOf: (target) => structuredClone(partOf(ground.live().topology.document, target).config),
    configure: ({ target, config }) =>
      ground.applyDocument(withConfig(ground.live().topology.document, target, config)),
    async injectFault(request) {
      const { faults } = ground.live();
      const { id } = await faults.inject(request);
      for (;;) {
        const fault = faults.get(id);
        if (!fault)
          throw new ArchipelError('internal', `The fault ${id} is not known any more.`, 'Run the experiment again.');
        if (fault.proofOfEffect || fault.state !== 'on') return fault;
        await new Promise((resolve) => setTimeout(resolve, PROOF_POLL_MS));
      }
    },
    renewFault: (options) => ground.live().faults.renew(options),
    clearFault: (id) => ground.live().faults.clear(id),
    async clearAllFaults() {
      if (!ground.isIdle()) await ground.live().faults.clearAll('stop');
    },
    async scale({ node, replicas }) {
      const before = countOf(ground.live(), node);
      await ground.scale({ node, replicas, by: 'experiment' });
      return before;
    },
    rewind: (of) => ground.live().messages.rewind(of),
    async deploy(request) {
      ground.live().deploys.start(request);
    },
    deployOf: (node) => ground.live().nodes()[node]?.deploy ?? null,
    rollBack: (node) =>
      ground.live().deploys.rollBack({ node, by: 'experiment', reason: 'the experiment took it back' }),
    hostBusy: ground.hostBusy,
  };
}

/** The node or the edge in the running document. */
function partOf({ nodes, edges }: ArchipelDocument, target: EditTarget): ArchipelNode | ArchipelEdge {
  const found =
    'node' in target ? nodes.find(({ id }) => id === target.node) : edges.find(({ id }) => id === target.edge);
  if (found) return found;
  const name = 'node' in target ? `node "${target.node}"` : `edge "${target.edge}"`;
  throw new ArchipelError('not-found', `no ${name} runs`, 'Name one of the running document.');
}

function withConfig(document: ArchipelDocument, target: EditTarget, config: Record<string, unknown>): ArchipelDocument {
  const part = partOf(document, target);
  const changed = <Part extends { config: object }>(parts: Part[]): Part[] =>
    parts.map((other) => (Object.is(other, part) ? { ...other, config } : other));
  return { ...document, nodes: changed(document.nodes), edges: changed(document.edges) };
}

/** How many replicas a node should have, as its config counts them. */
function countOf(live: LiveTopology, nodeId: string): number {
  const { document } = live.topology;
  const kind = document.nodes.find(({ id }) => id === nodeId)?.kind;
  const { besides } = replicaCounting(catalogue.kinds.find((definition) => definition.kind === kind));
  return (live.nodes()[nodeId]?.desiredReplicas ?? besides) - besides;
}

function nothingMeasured(document: ArchipelDocument, host: HostInfo): RunResult {
  const nowMs = Date.now();
  return summarizeRun(createRecording([]), {
    document: document.name,
    scenario: '',
    seed: 0,
    startedAtMs: nowMs,
    endedAtMs: nowMs,
    nodesBefore: {},
    nodesNow: {},
    measures: {},
    host,
  });
}
