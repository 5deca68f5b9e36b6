import type { DeployStatus } from '../../api/types.ts';
import type { Analysis, Strategy, Version } from '../../model/deploy.ts';
import { ArchipelError } from '../../model/error.ts';
import type { ProcessFrame } from '../../process-kit/protocol.ts';
import type { Member } from '../running-node.ts';
import type { Topology } from '../topology.ts';
import { type LeastShare, notGoodEnough, surelyBad } from './analysis.ts';
import { createReplicas } from './replicas.ts';
import type { Rollout } from './rollout.ts';
import { rollOut } from './strategies/index.ts';
import { createVersionMeter } from './version-meter.ts';

const LOOK_MS = 200;

export type RollbackBy = NonNullable<DeployStatus['rollback']>['by'];

/** Why a deploy is rolled back; what makes a step of it throw. */
class Rollback extends Error {
  readonly by: RollbackBy;

  constructor(by: RollbackBy, reason: string) {
    super(reason);
    this.by = by;
  }
}

export interface Exposure {
  /** Its first process. */
  fromMs: number;
  /** It was taken back by then; null while it was not. */
  toMs: number | null;
  /** It had taken over by then; null while it had not. */
  tookOverAtMs: number | null;
}

/** One new version on its way to its users, and, if need be, back. */
export interface Deploy {
  status(): Omit<DeployStatus, 'impact'>;
  /** Takes the frames of all processes of its node. */
  addFrame(replica: number, pid: number, frame: ProcessFrame): void;
  /** How long users can meet it; null before its first process. */
  exposure(): Exposure | null;
  /** Resolves when the version before serves again. Does nothing to one that is rolled back already. */
  rollBack(by: RollbackBy, reason: string): Promise<void>;
  /** Resolves when it is over one way or the other; never rejects. */
  done: Promise<void>;
}

export interface DeployOptions {
  id: string;
  topology: Topology;
  nodeId: string;
  from: Version;
  version: Version;
  strategy: Strategy;
  minReadyMs: number;
  pipeline: DeployStatus['pipeline'];
  leastShare: LeastShare;
  onChange(): void;
}

export function startDeploy(options: DeployOptions): Deploy {
  const { id, topology, nodeId, from, version, strategy } = options;
  const replicas = createReplicas(topology, nodeId, version);
  const meter = createVersionMeter();
  const abort = new AbortController();
  const status: Omit<DeployStatus, 'impact'> = {
    ...{ id, node: nodeId, version: version.name, from: from.name, strategy: strategy.type },
    ...{ state: 'building', phase: 'builds and tests', pipeline: options.pipeline },
    ...{ startedAtMs: Date.now(), rolloutAtMs: null, endedAtMs: null, leadTimeMs: null },
    ...{ processes: replicas.counted, analysis: null, rollback: null, error: null },
  };
  let exposureEndedAtMs: number | null = null;
  let tookOverAtMs: number | null = null;

  const change = (changed: Partial<typeof status>): void => {
    Object.assign(status, changed);
    options.onChange();
  };

  const goOn = (): void => {
    topology.signal.throwIfAborted();
    abort.signal.throwIfAborted();
  };

  const wait = async (durationMs: number): Promise<void> => {
    const untilMs = Date.now() + durationMs;
    for (goOn(); Date.now() < untilMs; goOn())
      await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, untilMs - Date.now())));
  };

  const mustLive = (members: readonly Member[]): void => {
    for (const { running, replica } of members) {
      const process = running?.process;
      if (process && process.state !== 'dead') continue;
      throw new Rollback(
        'failure',
        `replica ${replica} of it died: ${process?.status().reason ?? 'it has no process'}`,
      );
    }
  };

  const rollout: Rollout = {
    get desired() {
      return replicas.desired;
    },
    old: replicas.old,
    fresh: replicas.fresh,
    async start(count) {
      goOn();
      const started = await replicas.start(count, version).catch((error: unknown) => {
        goOn();
        throw new Rollback('failure', error instanceof Error ? error.message : String(error));
      });
      await wait(options.minReadyMs);
      mustLive(started);
      return started;
    },
    async join(members) {
      goOn();
      await replicas.assign([members, 'live']);
    },
    async canary(share) {
      goOn();
      await replicas.canary(share);
    },
    async shadow() {
      goOn();
      await replicas.assign([replicas.fresh(), 'shadow']);
    },
    async switchOver() {
      goOn();
      await replicas.assign([replicas.fresh(), 'live'], [replicas.old(), 'none']);
    },
    async retire(members) {
      goOn();
      await replicas.retire(members, `replaced by version ${version.name}`);
    },
    observe: (analysis, durationMs) => observe(analysis, durationMs),
    phase: (phase) => change({ phase }),
  };

  async function observe(analysis: Analysis, durationMs: number): Promise<void> {
    meter.restart();
    const untilMs = Date.now() + durationMs;
    const look = (): ReturnType<typeof meter.figures> => {
      const figures = meter.figures();
      const { requests, errors, p99Ms } = figures;
      change({ analysis: { requests, errorRatio: requests > 0 ? errors / requests : null, p99Ms } });
      return figures;
    };
    while (Date.now() < untilMs) {
      await wait(Math.min(LOOK_MS, Math.max(1, untilMs - Date.now())));
      mustLive(replicas.fresh());
      const bad = surelyBad(look(), analysis, options.leastShare);
      if (bad) throw new Rollback('analysis', bad);
    }
    const doubt = notGoodEnough(look(), analysis);
    if (doubt) throw new Rollback('analysis', doubt);
  }

  /** Users first: whoever of the version before still runs takes over at once. Then the missing are started. */
  async function restore({ by, message }: Rollback): Promise<void> {
    const fromMs = Date.now();
    change({
      state: 'rolling-back',
      phase: `rolls back: ${message}`,
      rollback: { reason: message, by, durationMs: null },
    });
    try {
      await replicas.hold(true);
      await replicas.settleOn(from);
      const able = replicas.old().filter(({ running }) => running?.process.state === 'ready');
      if (able.length > 0) await replicas.assign([able, 'live'], [replicas.fresh(), 'none']);
      const missing = await replicas.start(Math.max(0, replicas.desired - replicas.old().length), from);
      await replicas.assign([missing, 'live'], [replicas.fresh(), 'none']);
      exposureEndedAtMs = Date.now();
      await replicas.retire(replicas.fresh(), 'rolled back');
      await replicas.hold(false);
      const durationMs = Date.now() - fromMs;
      change({ state: 'rolled-back', phase: `rolled back: ${message}`, rollback: { reason: message, by, durationMs } });
    } catch (error) {
      fail(error, 'the rollback failed');
    }
  }

  function fail(error: unknown, what: string): void {
    const why = topology.signal.aborted
      ? 'the topology was stopped'
      : error instanceof Error
        ? error.message
        : String(error);
    exposureEndedAtMs ??= Date.now();
    change({ state: 'failed', phase: what, error: `${what}: ${why}` });
    void replicas.hold(false).catch(() => {});
  }

  async function run(): Promise<void> {
    try {
      await wait(options.pipeline.waitedMs);
      await replicas.hold(true);
      change({ state: 'rolling-out', phase: 'begins', rolloutAtMs: Date.now() });
      const tookOver = replicas.desired === 0 || (await rollOut(rollout, strategy));
      if (tookOver) await replicas.settleOn(version);
      else {
        await replicas.retire(replicas.fresh(), 'was only tried');
        exposureEndedAtMs = Date.now();
      }
      await replicas.hold(false);
      if (tookOver) tookOverAtMs = Date.now();
      change({
        state: 'done',
        phase: tookOver ? `${version.name} has taken over` : `${version.name} was good, and is gone again`,
        leadTimeMs: tookOver ? Date.now() - status.startedAtMs : null,
      });
    } catch (error) {
      const reason = abort.signal.aborted ? abort.signal.reason : error;
      if (topology.signal.aborted || !(reason instanceof Rollback)) fail(reason, 'the deploy broke off');
      else if (status.rolloutAtMs === null) cancelBuild(reason);
      else await restore(reason);
    }
    change({ endedAtMs: Date.now() });
  }

  function cancelBuild({ by, message }: Rollback): void {
    change({
      state: 'rolled-back',
      phase: `ended before anything was rolled out: ${message}`,
      rollback: { reason: message, by, durationMs: 0 },
    });
  }

  let over = run();

  return {
    status: () => ({ ...status, processes: { ...replicas.counted } }),
    addFrame(replica, pid, frame) {
      if (replicas.fresh().some((member) => member.replica === replica)) meter.add(pid, frame);
    },
    exposure: () =>
      status.rolloutAtMs === null ? null : { fromMs: status.rolloutAtMs, toMs: exposureEndedAtMs, tookOverAtMs },
    async rollBack(by, reason) {
      const rollback = new Rollback(by, reason);
      if (status.state === 'building' || status.state === 'rolling-out') {
        abort.abort(rollback);
        for (const { running } of replicas.fresh())
          if (running?.process.state === 'starting') void running.process.kill('rolled back');
      } else if (status.state === 'done' && replicas.fresh().length > 0) {
        over = restore(rollback).then(() => change({ endedAtMs: Date.now() }));
      } else if (status.state !== 'rolling-back' && status.state !== 'rolled-back')
        throw new ArchipelError(
          'wrong-state',
          `version ${version.name} of "${nodeId}" does not run: ${status.phase}`,
          'Deploy a version first.',
        );
      await over;
      if (status.error !== null) throw new ArchipelError('start-failed', status.error, 'Look at the log of the node.');
    },
    get done() {
      return over;
    },
  };
}
