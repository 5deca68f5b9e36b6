import type { FaultStatus, RunResult } from '../api/types.ts';
import { joinRecordings } from '../metrics/joined-recording.ts';
import { createRecording, type Recording } from '../metrics/recording.ts';
import {
  createScriptedClient,
  type Outcome,
  plannedAt,
  type ScriptedRequest,
} from '../metrics/scripted-client.fixture.ts';
import { summarizeRun } from '../metrics/summary.ts';
import { countsOf } from '../metrics/tally.ts';
import { type ArchipelDocument, documentSchema } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { type Experiment, experimentSchema } from '../model/experiment.ts';
import { routeName } from '../model/scenario.ts';
import type { TrafficFrame } from '../process-kit/protocol.ts';
import { matching } from './within-time.ts';
import type { ExperimentWorld } from './world.ts';

export const START_MS = 1_700_000_000_000;
const FRAME_MS = 100;

/** What the system looks like to a request. Times are epoch milliseconds; the newest fault counts. */
export interface SystemState {
  nowMs: number;
  trafficStartedAtMs: number;
  /** When the fault began to act. */
  brokenAtMs: number | null;
  /** When it no longer acted: some time after its removal began. */
  mendedAtMs: number | null;
}

export interface Script {
  ratePerSec?: number;
  outcome?(request: ScriptedRequest, system: SystemState): Outcome | null;
  /** How long the removal of a fault takes to act. */
  mendingMs?: number;
  effect?: { holds: boolean } | 'failed' | 'throws';
  removal?: { holds: boolean } | 'none' | 'throws';
  startTopology?: 'throws';
  /** The fault comes off by itself so long after its effect. */
  leaseEndsAfterMs?: number;
  /** Changes what the client tells. */
  tamper?(frame: TrafficFrame): TrafficFrame;
  hostBusy?: ExperimentWorld['hostBusy'];
  scale?: 'throws';
  configure?: 'throws';
  logs?(system: { brokenAtMs: number | null }): { atMs: number; text: string }[];
  /** What probes see instead. */
  sight?(world: ScriptedWorld): Partial<ExperimentWorld['sight']>;
  deploy?: { buildMs?: number; rollsBackAfterMs?: number; neverRollsOut?: boolean };
  /** Runs once when the clock reaches this time after the start. */
  at?: { ms: number; run(world: ScriptedWorld): void };
}

export interface ScriptedWorld extends ExperimentWorld {
  /** Calls that change the system, in order. */
  calls: string[];
  faultsOn(): number;
  client: { end(): void };
}

export const isBroken = ({ atMs }: ScriptedRequest, { brokenAtMs, mendedAtMs }: SystemState): boolean =>
  brokenAtMs !== null && atMs >= brokenAtMs && (mendedAtMs === null || atMs < mendedAtMs);

/** A process that is killed: what it was working on is reset, then every connection is refused. */
export function killed(latencyMs = 5) {
  return (request: ScriptedRequest, system: SystemState): Outcome => {
    if (isBroken(request, system)) return { type: 'failed', failure: 'refused@shop', afterMs: 1 };
    const hit =
      system.brokenAtMs !== null && request.atMs < system.brokenAtMs && request.atMs + latencyMs > system.brokenAtMs;
    return hit
      ? { type: 'failed', failure: 'reset@shop', afterMs: (system.brokenAtMs ?? 0) - request.atMs }
      : { type: 'ok', latencyMs };
  };
}

export function createScriptedWorld(document: ArchipelDocument, script: Script): ScriptedWorld {
  const { mendingMs = 300, outcome = killed(), tamper = (frame: TrafficFrame) => frame } = script;
  const faults = new Map<string, FaultStatus>();
  const calls: string[] = [];
  let nowMs = START_MS;
  let at = script.at;
  let scaled = 1;
  let sending = '';
  const configs: Record<string, Record<string, unknown>> = {};
  let deployedAtMs: number | null = null;
  let rolledBackAtMs: number | null = null;
  let recording: Recording = createRecording([]);
  const recordings: Recording[] = [];
  let client: ReturnType<typeof createScriptedClient> | null = null;
  let clientAlive = true;
  const system = { trafficStartedAtMs: 0, brokenAtMs: null as number | null, mendedAtMs: null as number | null };

  const tell = (): void => {
    if (client && clientAlive) recording.add('visitors', tamper(client.frameAt(nowMs)), nowMs);
  };

  interface Sleeper {
    dueMs: number;
    wake(): void;
  }
  let sleepers: Sleeper[] = [];
  let isPumping = false;

  /** Moves the clock to a time, with a frame of the client at every tenth of a second. False when somebody woke up meanwhile. */
  function advance(untilMs: number): boolean {
    const waiting = sleepers.length;
    while (nowMs < untilMs) {
      nowMs = Math.min(untilMs, nowMs - ((nowMs - START_MS) % FRAME_MS) + FRAME_MS);
      if ((nowMs - START_MS) % FRAME_MS === 0) tell();
      if (at && nowMs - START_MS >= at.ms) {
        const { run } = at;
        at = undefined;
        run(world);
      }
      if (sleepers.length < waiting) return false;
    }
    return true;
  }

  /** When everybody waits, the one that is due first is woken: so several may wait side by side. */
  function pump(): void {
    if (isPumping) return;
    isPumping = true;
    setImmediate(() => {
      isPumping = false;
      const next = sleepers.reduce<Sleeper | null>(
        (first, one) => (first && first.dueMs <= one.dueMs ? first : one),
        null,
      );
      if (!next) return;
      if (advance(next.dueMs)) next.wake();
      pump();
    });
  }

  function pass(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        dueMs: nowMs + durationMs,
        wake() {
          sleepers = sleepers.filter((other) => other !== sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      if (signal?.aborted) return resolve();
      sleepers.push(sleeper);
      signal?.addEventListener('abort', sleeper.wake);
      pump();
    });
  }

  const isDown = (): boolean => system.brokenAtMs !== null && (system.mendedAtMs === null || nowMs < system.mendedAtMs);
  const failure = (what: string): ArchipelError =>
    new ArchipelError('start-failed', `${what} broke.`, 'Look at the log.');

  const world: ScriptedWorld = {
    calls,
    faultsOn: () => [...faults.values()].filter(({ state }) => state === 'on').length,
    client: {
      end() {
        clientAlive = false;
        recording.clientEnded('visitors');
      },
    },
    now: () => nowMs,
    async wait(durationMs, signal) {
      await pass(durationMs, signal);
      signal.throwIfAborted();
    },
    async startTopology() {
      calls.push('start topology');
      if (script.startTopology === 'throws') throw failure('The database');
      await pass(400);
    },
    async stopTopology() {
      calls.push('stop topology');
    },
    async startTraffic({ scenario, seed }) {
      calls.push(`start traffic with seed ${seed}`);
      system.trafficStartedAtMs = nowMs;
      sending = scenario.name;
      const source = scenario.traffic[0];
      if (source?.executor !== 'constant-arrival-rate') throw failure('The scenario');
      client = createScriptedClient({
        trafficId: `traffic-${recordings.length + 1}`,
        startedAtMs: nowMs,
        ratePerSec: script.ratePerSec ?? source.ratePerSec,
        routes: source.routes.map(routeName),
        outcome: (request, seenAtMs) => outcome(request, { ...system, nowMs: seenAtMs }),
      });
      const started = createRecording([{ ...client.source, planned: plannedAt(source.ratePerSec) }]);
      recordings.push(started);
      recording = joinRecordings(recordings);
    },
    sends: () => (client ? sending : null),
    async stopTraffic() {
      if (!client) return;
      calls.push('stop traffic');
      client.stop(nowMs);
      await pass(3000);
      client = null;
    },
    recording: () => recording,
    summary: (): RunResult =>
      summarizeRun(recording, {
        document: document.name,
        scenario: 'day',
        seed: 1,
        startedAtMs: system.trafficStartedAtMs,
        endedAtMs: nowMs,
        nodesBefore: {},
        nodesNow: {},
        measures: {},
        host: {
          cores: 2,
          memoryBytes: 1,
          platform: 'any',
          cpuModel: 'any',
          versions: { archipel: '0', node: '0', postgres: null },
        },
      }),
    async injectFault({ fault, target, parameters, leaseMs }) {
      calls.push(`inject ${fault}`);
      const { effect = { holds: true } } = script;
      if (effect === 'throws') throw failure('The injector');
      await pass(20);
      if (effect !== 'failed') Object.assign(system, { brokenAtMs: nowMs, mendedAtMs: null });
      await pass(50);
      const status: FaultStatus = {
        id: `${fault}-${faults.size + 1}`,
        fault,
        target,
        parameters,
        course: { probability: 1 },
        seed: 1,
        active: false,
        activations: 1,
        nextAtMs: null,
        state: effect === 'failed' ? 'failed' : 'on',
        startedAtMs: nowMs - 50,
        expiresAtMs: nowMs - 50 + leaseMs,
        endedAtMs: null,
        endedBy: null,
        proofOfEffect: effect === 'failed' ? null : { holds: effect.holds, evidence: 'no such process', atMs: nowMs },
        proofOfRemoval: null,
        error: effect === 'failed' ? 'there is no such process' : null,
      };
      faults.set(status.id, status);
      return { ...status };
    },
    async renewFault({ id, leaseMs }) {
      const status = faults.get(id);
      if (!status) throw failure('The renewal');
      status.expiresAtMs = nowMs + leaseMs;
      return { ...status };
    },
    async clearFault(id) {
      calls.push(`clear ${id}`);
      const status = faults.get(id);
      if (!status || script.removal === 'throws') throw failure('The removal');
      if (status.state === 'failed') return { ...status };
      if (script.leaseEndsAfterMs !== undefined) {
        status.endedAtMs = (status.proofOfEffect?.atMs ?? 0) + script.leaseEndsAfterMs;
        status.endedBy = 'lease';
        system.mendedAtMs = status.endedAtMs;
      } else {
        // Requests that are open see the end of the fault as soon as it is known.
        system.mendedAtMs = nowMs + mendingMs;
        await pass(mendingMs);
        Object.assign(status, { endedAtMs: nowMs, endedBy: 'cleared' });
      }
      const { removal = { holds: true } } = script;
      await pass(20);
      status.state = 'off';
      status.proofOfRemoval =
        removal === 'none' ? null : { holds: removal.holds, evidence: 'health check answered', atMs: nowMs };
      return { ...status };
    },
    async clearAllFaults() {
      calls.push('clear all faults');
      for (const status of faults.values()) if (status.state === 'on') status.state = 'off';
    },
    async scale({ node, replicas }) {
      calls.push(`scale ${node} to ${replicas}`);
      if (script.scale === 'throws') throw failure('The scaling');
      await pass(200);
      const before = scaled;
      scaled = replicas;
      return before;
    },
    async rewind({ group }) {
      calls.push(`rewind ${group}`);
      return 1;
    },
    async deploy({ node, version }) {
      calls.push(`deploy ${node} ${version}`);
      deployedAtMs = nowMs;
    },
    deployOf(node) {
      if (deployedAtMs === null) return null;
      const { buildMs = 300, rollsBackAfterMs = null, neverRollsOut = false } = script.deploy ?? {};
      const rolloutAtMs = neverRollsOut || nowMs < deployedAtMs + buildMs ? null : deployedAtMs + buildMs;
      const ownEndMs = rollsBackAfterMs === null || rolloutAtMs === null ? null : rolloutAtMs + rollsBackAfterMs;
      const brokeOff = neverRollsOut && nowMs >= deployedAtMs + buildMs;
      const endedAtMs = rolledBackAtMs ?? (ownEndMs !== null && nowMs >= ownEndMs ? ownEndMs : brokeOff ? nowMs : null);
      if (rolloutAtMs !== null) system.brokenAtMs ??= rolloutAtMs;
      if (endedAtMs !== null) system.mendedAtMs ??= endedAtMs;
      const isBack = endedAtMs !== null;
      return {
        ...{ id: 'deploy-1', node, version: 'v2', from: 'v1', strategy: 'rolling', startedAtMs: deployedAtMs },
        state: brokeOff ? 'failed' : isBack ? 'rolled-back' : rolloutAtMs === null ? 'building' : 'done',
        phase: isBack ? 'rolled back' : 'goes on',
        ...{ rolloutAtMs, endedAtMs, leadTimeMs: isBack || rolloutAtMs === null ? null : 400, analysis: null },
        ...{
          pipeline: { modules: 1, modelledMs: 0, waitedMs: 0 },
          processes: { started: 1, stopped: 1 },
          impact: null,
        },
        rollback: isBack ? { reason: 'it was bad', by: 'experiment', durationMs: 100 } : null,
        error: brokeOff ? 'nothing was built' : null,
      };
    },
    async rollBack(node) {
      calls.push(`roll back ${node}`);
      await pass(100);
      rolledBackAtMs = nowMs;
    },
    configOf: (target) => configs['node' in target ? target.node : target.edge] ?? { replicas: 1 },
    async configure({ target, config }) {
      const name = 'node' in target ? target.node : target.edge;
      calls.push(`configure ${name} ${JSON.stringify(config)}`);
      if (script.configure === 'throws') throw failure('The change');
      await pass(100);
      configs[name] = config;
    },
    sight: {
      costs: () => ({}),
      now: () => nowMs,
      async http() {
        await pass(5);
        if (isDown()) throw new Error('connection refused');
        return { status: 200, body: { ok: true }, latencyMs: 5 };
      },
      async query() {
        await pass(5);
        return [{ count: recording.tally().ok }];
      },
      picture: () => ({
        nodes: {
          shop: {
            state: isDown() ? 'dead' : 'ready',
            replicas: [{ replica: 0, state: isDown() ? 'dead' : 'ready', pid: isDown() ? null : 42 }],
            figures: { cpu: isDown() ? 0 : 0.5, requests: recording.tally().ok, errors: 0 },
          },
        },
        edges: {},
        traffic: { ok: recording.tally().ok },
      }),
      messages: async () => [],
      logs: (nodeId, { fromMs, toMs }) =>
        (script.logs?.(system) ?? [])
          .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
          .map((line) => ({ nodeId, replica: 0, stream: 'stdout', ...line })),
      traffic: () => ({
        ...countsOf(recording.tally()),
        routes: Object.fromEntries(recording.routes().map((route) => [route, countsOf(recording.tally({ route }))])),
        conservation: world.summary().conservation,
      }),
      matching,
    },
    hostBusy: script.hostBusy ?? (() => null),
  };
  Object.assign(world.sight, script.sight?.(world));
  return world;
}

/** A shop with two routes; killing it takes both of them down. */
export const shop: ArchipelDocument = documentSchema.parse({
  format: 1,
  name: 'Shop',
  nodes: [
    { id: 'visitors', kind: 'client', name: 'Visitors', position: { x: 0, y: 0 } },
    { id: 'shop', kind: 'server', name: 'Shop', position: { x: 300, y: 0 } },
  ],
  edges: [{ id: 'visitors-shop', source: 'visitors', target: 'shop', config: { timeoutMs: 1000 } }],
  scenarios: [
    {
      name: 'day',
      seed: 42,
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'visitors',
          ratePerSec: 100,
          arrivals: 'uniform',
          routes: [{ path: '/orders' }, { path: '/users' }],
        },
      ],
    },
  ],
});

export const killExperiment = (changes: Partial<Experiment> = {}): Experiment => ({
  ...experimentSchema.parse({
    name: 'kill',
    title: 'Kill the shop under load',
    statement: 'One process is a single point of failure.',
    scenario: 'day',
    warmUpMs: 1000,
    steadyStateMs: 3000,
    steadyStateHypothesis: {
      title: 'Everybody is served',
      probes: [{ name: 'all served', measure: { type: 'success-ratio' }, tolerance: { min: 0.99 } }],
    },
    method: [{ type: 'fault', fault: 'kill', target: { node: 'shop' }, durationMs: 3000 }],
    during: [
      { name: 'no orders', measure: { type: 'success-ratio', route: 'GET /orders' }, tolerance: { max: 0.01 } },
      { name: 'no users', measure: { type: 'success-ratio', route: 'GET /users' }, tolerance: { max: 0.01 } },
    ],
    recoveryWithinMs: 4000,
  }),
  ...changes,
});
