import { randomUUID } from 'node:crypto';
import { catalogue } from '../catalogue.ts';
import { createTrust } from '../documents/trust.ts';
import { runWarnings } from '../experiments/guards.ts';
import { postgresVersion } from '../kinds/database/version.ts';
import { joinRecordings } from '../metrics/joined-recording.ts';
import { createRecording, type Recording } from '../metrics/recording.ts';
import { summarizeRun, trafficCounts } from '../metrics/summary.ts';
import { failuresIn } from '../metrics/tally.ts';
import { codeIn } from '../model/code.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { parseDocument } from '../model/parse.ts';
import { makeTopologyDirectory } from '../runtime/directory.ts';
import { createEnvironment } from '../runtime/environment.ts';
import { createHostWatch } from '../runtime/host-watch.ts';
import { createLogger } from '../runtime/logger.ts';
import { processesOfOurs } from '../runtime/processes-of-ours.ts';
import { FRAME_INTERVAL_MS as PROCESS_FRAME_INTERVAL_MS } from '../runtime/replica.ts';
import { traceText, withTraces } from '../runtime/trace-file.ts';
import { startTrafficRun, type TrafficRun } from '../runtime/traffic-run.ts';
import { type WarmPool, warmProcesses } from '../runtime/warm-pool.ts';
import { createChangeCalls } from './change-calls.ts';
import { createImpactMeter } from './deploy-impact.ts';
import { createDocumentCalls } from './document-calls.ts';
import type { Engine } from './engine.ts';
import { createExchangeCalls } from './exchange-calls.ts';
import { createExperiments, type ExperimentGround } from './experiments.ts';
import { createGroundKeeper } from './ground.ts';
import { hostInfo } from './host-info.ts';
import { createJobs, type JobsGround } from './jobs.ts';
import { createLiveTopology, type LiveTopology } from './live-topology.ts';
import { createLogFeed } from './log-feed.ts';
import { createNewest } from './newest-frame.ts';
import { createObservation } from './observation.ts';
import { startOverheadMeter } from './overhead.ts';
import { peekMessages } from './peek-messages.ts';
import { createRecordCalls } from './record-calls.ts';
import { createRequestCalls } from './request-calls.ts';
import { createRunRecorder } from './run-recorder.ts';
import { createSweeps } from './sweeps.ts';
import type { EngineFrame, RunResult, TrafficStatus } from './types.ts';
import { waitUntil } from './wait.ts';

const FRAME_INTERVAL_MS = 100;
/** What was left behind goes on when the window is up. */
const TAKE_UP_AFTER_MS = 1500;

/** What was counted before the traffic began. */
type Before = Pick<
  Parameters<typeof summarizeRun>[1],
  'nodesBefore' | 'edgesBefore' | 'messagesBefore' | 'brokersBefore' | 'startedAtMs'
>;

type Summed = Pick<Traffic, 'run' | 'recording' | 'before'>;

interface Traffic {
  run: TrafficRun;
  /** Its own, or that of all traffic that is counted together. */
  recording: Recording;
  before: Before;
  overhead: ReturnType<typeof startOverheadMeter>;
  /** Summed up when the traffic is over; the nodes may be gone by the time somebody asks. */
  result: Promise<RunResult>;
  finished: RunResult | null;
}

/** One engine: at most one topology, one traffic and one experiment at a time. */
export async function createEngine({ door = 'command' }: Partial<Pick<JobsGround, 'door'>> = {}): Promise<Engine> {
  const environment = createEnvironment(randomUUID());
  const logger = createLogger(environment.runId);
  const host = hostInfo(await postgresVersion());
  const hostWatch = createHostWatch();
  const logs = createLogFeed();

  let live: LiveTopology | null = null;
  let problem: string | null = null;
  let traffic: Traffic | null = null;
  const trust = createTrust();
  let lastRun: RunResult | null = null;
  let trafficCount = 0;
  /** Processes of the document that may be run next. */
  let prepared = 0;
  let warmPool: WarmPool | null = null;

  const keeper = createGroundKeeper(environment, (reason) => {
    logger.error({ reason }, 'link process lost');
    problem = `The link process ${reason}. No edge carries anything any more: stop the topology and start it again.`;
    changed();
  });
  // Ready when the first topology comes; what keeps it from being laid is told then.
  keeper.ground().catch((error: unknown) => logger.error({ err: error }, 'the ground was not laid'));

  const observation = createObservation({
    host,
    live: () => live,
    frame,
    onProblem(message) {
      logger.error({ message }, 'traces');
      problem = message;
      changed();
    },
  });

  const recorder = createRunRecorder({
    host,
    frame,
    logLines: () => (isStopped() ? [] : (live?.topology.logLines() ?? [])),
    recording: () => traffic?.recording ?? createRecording([]),
    traces: () => tracesOfRun(),
    soFar: () => experiments.soFar() ?? (traffic && summary(traffic)),
    onProblem(message) {
      logger.error({ message }, 'record');
      problem = message;
      changed();
    },
  });

  const impact = createImpactMeter(
    () => traffic && { recording: traffic.recording, startedAtMs: traffic.run.startedAtMs },
  );

  const newest = createNewest<EngineFrame>(frame, FRAME_INTERVAL_MS);
  const changed = (): void => newest.changed();

  function frame(): EngineFrame {
    return {
      atMs: Date.now(),
      topology: live?.topology.state ?? 'stopped',
      problem,
      nodes: live?.nodes() ?? {},
      idleProcesses: warmPool?.ready ?? 0,
      edges: live?.edges() ?? {},
      faults: live?.faults.list() ?? [],
      traffic: traffic && trafficStatus(traffic.run),
      experiment: experiments.status(),
      sweep: sweeps.status(),
      jobs: jobs.picture(),
    };
  }

  const running = (): LiveTopology => {
    if (live && live.topology.state !== 'stopped') return live;
    throw new ArchipelError('wrong-state', 'No topology runs.', 'Start one first.');
  };

  /** Code runs only when the user has said so, whichever front door asks. */
  const trusted = (document: ArchipelDocument): ArchipelDocument => {
    if (trust.covers(document)) return document;
    const nodes = [...new Set(codeIn(document, catalogue).map(({ nodeId }) => `"${nodeId}"`))];
    throw new ArchipelError(
      'document-untrusted',
      `The document holds code that you have not trusted, in ${nodes.join(', ')}. Nothing of it was run.`,
      'Read the code. If it may run on your machine, trust the document: in the window, or with `archipel trust FILE`.',
    );
  };

  /** The document with its defaults. A topology runs whatever is unfinished in the scenarios and experiments beside it. */
  const checked = (document: ArchipelDocument, scope: 'topology' | 'all'): ArchipelDocument => {
    const parsed = parseDocument(document, catalogue);
    if (parsed.ok) return trusted(parsed.document);
    const errors = parsed.errors.filter(
      ({ path }) => scope === 'all' || !/^\$\.(scenarios|experiments|sweeps)/.test(path),
    );
    if (errors.length === 0 && parsed.draft) return trusted(parsed.draft);
    throw new ArchipelError(
      'document-invalid',
      `The document has ${errors.length} ${errors.length === 1 ? 'problem' : 'problems'}: ${errors.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
      errors[0]?.nextStep ?? 'Mend it and try again.',
      { errors },
    );
  };

  /** Runs a change and keeps what went wrong for the frames. */
  const attempt = async (what: string, change: () => Promise<void>): Promise<void> => {
    problem = null;
    const fromMs = performance.now();
    try {
      await change();
      logger.info({ durationMs: Math.round(performance.now() - fromMs) }, what);
    } catch (error) {
      if (error instanceof ArchipelError && error.code === 'stopped') throw error;
      logger.error({ err: error }, `${what} failed`);
      problem = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      changed();
    }
  };

  const changesIn = (range: { fromMs: number; toMs: number }): Pick<RunResult, 'scaling' | 'deploys'> => ({
    scaling: live?.scaling.figures(range) ?? {},
    deploys: (live?.deployStatuses() ?? []).filter(
      ({ startedAtMs, endedAtMs }) => startedAtMs <= range.toMs && (endedAtMs ?? range.toMs) >= range.fromMs,
    ),
  });

  const summary = ({ run, recording, before }: Summed, endedAtMs = Date.now()): RunResult =>
    summarizeRun(recording, {
      document: live?.topology.document.name ?? '',
      scenario: run.scenario.name,
      seed: run.seed,
      endedAtMs,
      ...before,
      nodesNow: live?.totals() ?? {},
      edgesNow: live?.edgeTotals() ?? {},
      messagesNow: live?.messages.balances() ?? [],
      brokersNow: live?.brokers() ?? {},
      measures: live?.measures() ?? {},
      balances: live?.balances() ?? {},
      kinds: live?.billed() ?? {},
      prices: live?.topology.document.prices,
      overhead: traffic?.overhead.read(),
      edges: live?.topology.dialled().edges ?? [],
      host,
      record: recorder.current(),
      ...changesIn({ fromMs: before.startedAtMs, toMs: endedAtMs }),
    });

  const startTopology: Engine['startTopology'] = (document, { directory: documentDirectory = null } = {}) =>
    attempt('start topology', async () => {
      const valid = checked(document, 'topology');
      if (live && live.topology.state !== 'stopped')
        throw new ArchipelError('wrong-state', 'A topology runs already.', 'Stop it, or apply the document to it.');
      traffic = null;
      const ground = await keeper.ground();
      ({ warmPool } = ground);
      const directory = await makeTopologyDirectory(ground.directory);
      const starting = createLiveTopology(valid, {
        ...ground,
        directory,
        documentDirectory,
        environment,
        onChange: changed,
        onFault: (status) => recorder.fault(status),
        onLines(lines) {
          logs.push(lines);
          recorder.log(lines);
        },
        traceRatio: () => observation.traces.settings().ratio,
        impactOf: impact.of,
        onFrame(nodeId, processFrame, source) {
          traffic?.run.addFrame(nodeId, processFrame);
          observation.takeFrame(source, processFrame);
        },
        onProcessGone: (nodeId) => traffic?.run.clientEnded(nodeId),
      });
      live = starting;
      impact.clear();
      observation.restart();
      changed();
      try {
        await starting.topology.start();
      } catch (error) {
        await starting.stop();
        throw error;
      }
    });

  const stopTraffic = async (): Promise<RunResult> => {
    if (!traffic) throw new ArchipelError('wrong-state', 'No traffic runs.', 'Start some first.');
    await traffic.run.stop();
    return traffic.result;
  };

  const stopTopology = async (): Promise<void> => {
    if (!live) return;
    if (traffic && !traffic.finished) await stopTraffic();
    await live.stop();
    keepPrepared();
    changed();
  };

  const isStopped = (): boolean => !live || live.topology.state === 'stopped';

  /** Beside a topology that runs, the pool is the topology's business. */
  const keepPrepared = (): void => {
    if (isStopped()) warmPool?.keep(prepared, 'at once');
  };

  const startTraffic: ExperimentGround['startTraffic'] & Engine['startTraffic'] = async ({
    scenario,
    seed = scenario.seed,
    durationMs = scenario.durationMs,
    directory = null,
    recordArrivals = false,
    continues = false,
  }: Parameters<ExperimentGround['startTraffic']>[0]) => {
    const { topology, totals, edgeTotals, messages, brokers, forgetPeaks } = running();
    if (topology.state !== 'running')
      throw new ArchipelError('wrong-state', 'The topology is not ready yet.', 'Wait until it runs.');
    if (traffic && traffic.run.state() !== 'done')
      throw new ArchipelError('wrong-state', 'Traffic runs already.', 'Stop it first.');
    const withTrace = await withTraces(scenario, directory);
    trafficCount += 1;
    const earlier = continues ? traffic : null;
    const counted = {
      ...{ nodesBefore: totals(), edgesBefore: edgeTotals() },
      ...{ messagesBefore: messages.balances(), brokersBefore: brokers() },
    };
    if (!earlier) forgetPeaks();
    const { links } = await keeper.ground();
    const overhead = startOverheadMeter({ live: running(), links, traces: observation.traces });
    const run = await startTrafficRun({
      id: `traffic-${trafficCount}`,
      topology,
      scenario: withTrace,
      seed,
      durationMs,
      recordArrivals,
      onCreated(created) {
        // Its first frames may come before its start is answered.
        const before: Before = earlier?.before ?? { ...counted, startedAtMs: created.startedAtMs };
        const recording = joinRecordings([...(earlier ? [earlier.recording] : []), created.recording]);
        const started: Traffic = {
          run: created,
          recording,
          before,
          overhead,
          finished: null,
          result: created.done.then(async () => {
            const endedAtMs = Date.now();
            // Until every node has told what it did up to the last request.
            await new Promise((resolve) => setTimeout(resolve, PROCESS_FRAME_INTERVAL_MS * 1.5));
            await live?.messages.settle();
            overhead.stop();
            const measured = {
              ...summary({ run: created, recording, before }, endedAtMs),
              warnings: runWarnings(recording, { fromMs: before.startedAtMs, toMs: endedAtMs }, hostWatch.problem),
            };
            const finished = await recorder.end('run', measured);
            started.finished = finished;
            lastRun = finished;
            changed();
            return finished;
          }),
        };
        traffic = started;
        recorder.begin({
          type: 'run',
          name: scenario.name,
          document: topology.document,
          scenario: scenario.name,
          seed,
          durationMs,
        });
      },
    });
    changed();
    return { trafficId: run.id };
  };

  const tracesOfRun: Engine['tracesOfRun'] = () =>
    traffic
      ? observation.traces.between({
          fromMs: traffic.run.startedAtMs,
          toMs: traffic.finished ? traffic.run.startedAtMs + traffic.finished.durationMs : Date.now(),
        })
      : [];

  const changes = createChangeCalls({
    running,
    checked: (document) => checked(document, 'topology'),
    attempt,
  });

  const applyDocument: Engine['applyDocument'] = (document) =>
    attempt('apply document', () => {
      const { scaling, topology } = running();
      return scaling.during(() => topology.apply(checked(document, 'topology')));
    });

  const experiments = createExperiments({
    onBegin: (experiment) => recorder.begin({ type: 'experiment', ...experiment }),
    onJournal: (entry) => recorder.journal(entry),
    onEnd: (result) => recorder.end('experiment', result),
    startTopology,
    stopTopology,
    startTraffic,
    stopTraffic,
    hostBusy: (range) => hostWatch.problem(range),
    scale: changes.scale,
    applyDocument,
    frame,
    checked: (document) => checked(document, 'all'),
    live: running,
    recording: () => traffic?.recording ?? createRecording([]),
    summary: () => traffic && (traffic.finished ?? summary(traffic)),
    isIdle: isStopped,
    changed,
    host,
  });

  const takeArrivals = () => {
    if (!traffic) throw new ArchipelError('wrong-state', 'No traffic was started.', 'Start some first.');
    return traffic.run.takeArrivals();
  };

  const sweeps = createSweeps({
    ...{ startTopology, stopTopology, applyDocument, startTraffic, stopTraffic, takeArrivals, experiments },
    wait: waitUntil,
    hasTraffic: () => traffic !== null,
    hostBusy: (range) => hostWatch.problem(range),
    scale: changes.scale,
    checked: (document) => checked(document, 'all'),
    live: running,
    recording: () => traffic?.recording ?? createRecording([]),
    isIdle: () => !live || live.topology.state === 'stopped',
    changed,
    host,
  });

  const jobs = createJobs({
    door,
    sweeps,
    trust: (document) => trust.trust({ path: null, document }),
    isFree() {
      const experiment = experiments.status();
      return isStopped() && sweeps.status()?.state !== 'running' && (!experiment || experiment.phase === 'done');
    },
    changed,
    onProblem: (error) => logger.error({ err: error }, 'jobs'),
  });
  const taking = setTimeout(() => {
    jobs.takeUp().catch((error: unknown) => logger.error({ err: error }, 'jobs were not taken up'));
  }, TAKE_UP_AFTER_MS);

  return {
    ...createDocumentCalls(trust),
    ...observation.calls,
    tracesOfRun,
    ...createExchangeCalls(),
    records: createRecordCalls(),
    info: async () => host,
    async prepareTopology(document) {
      prepared = document && warmProcesses() > 0 ? processesOfOurs(document, environment) : 0;
      ({ warmPool } = await keeper.ground());
      keepPrepared();
    },
    runningDocument: () => (live && !isStopped() ? live.topology.document : null),
    async startTopology(document, options) {
      sweeps.refuseWhileRunning();
      return startTopology(document, options);
    },
    applyDocument,
    stopTopology: async () => {
      await sweeps.abort('the topology was stopped');
      await experiments.abort('the topology was stopped');
      await stopTopology();
    },
    restartProcess: ({ node, replica }) => attempt('restart process', () => running().topology.restart(node, replica)),
    ...{ scaleNode: changes.scaleNode, deploy: changes.deploy, rollBack: changes.rollBack },
    async startTraffic(options) {
      sweeps.refuseWhileRunning();
      return startTraffic(options);
    },
    stopTraffic,
    trafficDone() {
      if (!traffic) throw new ArchipelError('wrong-state', 'No traffic was started.', 'Start some first.');
      return traffic.result;
    },
    lastRun: () => lastRun,
    async recordedTraffic() {
      const { clients, leftOut } = await takeArrivals();
      const traces = clients.map(({ client, arrivals }) => ({
        client,
        arrivals: arrivals.length,
        text: traceText(arrivals),
      }));
      return { traces, leftOut };
    },
    ...createRequestCalls({
      running,
      measured() {
        if (sweeps.status()?.state === 'running') return 'A sweep';
        const experiment = experiments.status();
        return experiment && experiment.phase !== 'done' ? 'An experiment' : null;
      },
    }),
    peekMessages: (of) => peekMessages(running(), of),
    injectFault: (request) => running().faults.inject(request),
    renewFault: (request) => running().faults.renew(request),
    clearFault: ({ id }) => running().faults.clear(id),
    clearAllFaults: async () => {
      const on = live?.faults.list().filter(({ endedAtMs }) => endedAtMs === null) ?? [];
      const cleared = (await live?.faults.clearAll()) ?? [];
      return cleared.filter(({ id }) => on.some((fault) => fault.id === id));
    },
    async startExperiment(options) {
      sweeps.refuseWhileRunning();
      return experiments.start(options);
    },
    stopExperiment: experiments.stop,
    experimentDone: experiments.done,
    lastExperiment: experiments.last,
    ...{ startSweep: sweeps.start, stopSweep: sweeps.stop, sweepDone: sweeps.done, lastSweep: sweeps.last },
    ...{ startJob: jobs.start, jobs: jobs.list, job: jobs.get, jobRequest: jobs.request, jobDone: jobs.done },
    ...{ cancelJob: jobs.cancel, resumeJob: jobs.resume, deleteJobs: jobs.delete },
    frame,
    frames: (signal) => newest.read(signal),
    logs: ({ node }, signal) => logs.read(node, live?.topology.logLines(node) ?? [], signal),
    async close() {
      clearTimeout(taking);
      await jobs.close();
      await sweeps.abort('the engine was closed');
      await experiments.abort('the engine was closed');
      await stopTopology();
      hostWatch.stop();
      await observation.traces.close();
      await keeper.clear();
    },
  };
}

function trafficStatus(run: TrafficRun): TrafficStatus {
  return {
    id: run.id,
    scenario: run.scenario.name,
    seed: run.seed,
    startedAtMs: run.startedAtMs,
    durationMs: run.durationMs,
    state: run.state(),
    counts: trafficCounts(run.recording),
    failures: failuresIn(run.recording.tally()),
    iterations: run.recording.iterations(),
    vus: run.recording.vus(),
    window: run.recording.window(1000, Date.now()),
  };
}
