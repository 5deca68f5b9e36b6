import type { LogLine, NodeState, TopologyState } from '../api/types.ts';
import type { KindDefinition } from '../model/definition.ts';
import type { ArchipelDocument, ArchipelNode } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { startLayers } from '../model/graph.ts';
import type { ProcessFrame, WiredEdge } from '../process-kit/protocol.ts';
import { firstReplicasOf, nodeById, replicasOf, sameConfig, sameProgram } from './desired.ts';
import type { Environment } from './environment.ts';
import type { Guardian } from './guardian/guardian.ts';
import type { Links } from './links/links.ts';
import type { Replica } from './replica.ts';
import { createRunningReplica, type RunningReplica } from './running-replica.ts';
import { createWiring, type Wiring } from './wiring.ts';

const DRAIN_MS = 5_000;
const CHECK_INTERVAL_MS = 250;

export interface TopologyOptions {
  environment: Environment;
  links: Links;
  guardian: Guardian;
  kinds: readonly KindDefinition[];
  /** Private to this topology, and empty; the caller removes it. */
  directory: string;
  ports: { allocate(): Promise<number>; free(port: number): void };
  onChange(): void;
  onFrame(nodeId: string, replica: number, pid: number, frame: ProcessFrame): void;
  onGone(nodeId: string, replica: number, pid: number): void;
  onLines(lines: LogLine[]): void;
  /** Share of the requests that a new process samples. */
  traceRatio?(): number | null;
}

interface RunningNode {
  node: ArchipelNode;
  replicas: Map<number, RunningReplica>;
  /** Why a replica could not even be prepared. */
  problem: string | null;
}

/** From least to most worrying; a node shows its worst replica. */
const severity: NodeState[] = ['stopped', 'ready', 'starting', 'stopping', 'paused', 'degraded', 'dead'];

/** What runs of one document: starts it, changes it while it runs, stops it. Changes happen one after the other. */
export class Topology {
  readonly #options: TopologyOptions;
  readonly #nodes = new Map<string, RunningNode>();
  readonly #wiring: Wiring;
  readonly #abort = new AbortController();
  #document: ArchipelDocument;
  #state: TopologyState = 'starting';
  #queue: Promise<unknown> = Promise.resolve();
  #incarnations = 0;
  readonly #checks: NodeJS.Timeout;

  constructor(document: ArchipelDocument, options: TopologyOptions) {
    this.#document = document;
    this.#options = options;
    this.#wiring = createWiring({
      links: options.links,
      replicasOf: (nodeId, inDocument) => replicasOf(nodeById(inDocument, nodeId)),
      protocolOf: (nodeId, inDocument) => this.#kind(nodeById(inDocument, nodeId)).accepts,
      loginOf: (nodeId) => loginOf(this.#nodes.get(nodeId)),
    });
    this.#checks = setInterval(() => {
      for (const { replicas } of this.#nodes.values()) for (const { process } of replicas.values()) process.check();
    }, CHECK_INTERVAL_MS);
    this.#checks.unref();
  }

  get state(): TopologyState {
    return this.#state;
  }

  get document(): ArchipelDocument {
    return this.#document;
  }

  /** Starts everything, callees first. When a part does not start, all of it is stopped again. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#reconcile(this.#document);
        this.#setState('running');
      } catch (error) {
        // Whatever broke off because of the stop says so, and nothing else.
        if (this.#state !== 'starting')
          throw new ArchipelError('stopped', 'The topology was stopped while it started.', 'Start it again.', {
            cause: error,
          });
        await this.#stopAll(0, null);
        throw error;
      }
    });
  }

  /** Makes the running topology that of `document`. What stays the same goes on undisturbed. */
  apply(document: ArchipelDocument): Promise<void> {
    return this.#inTurn(() => {
      if (this.#state !== 'running')
        throw new ArchipelError('wrong-state', 'the topology does not run', 'Start it first.');
      return this.#reconcile(document);
    });
  }

  /** Stops everything, callers first. Also ends a start that is under way. */
  stop(): Promise<void> {
    if (this.#state === 'stopped') return Promise.resolve();
    const starting = this.#state === 'starting';
    this.#setState('stopping');
    this.#abort.abort();
    if (starting)
      for (const { process } of this.#allReplicas())
        if (process.state === 'starting') void process.kill('stopped while it started');
    return this.#inTurn(() => this.#stopAll(DRAIN_MS, 'stopped'));
  }

  /** Ends a process and starts another in its place, or starts one where none is. */
  restart(nodeId: string, replica: number): Promise<void> {
    return this.#inTurn(async () => {
      const { process } = this.#replica(nodeId, replica);
      await process.stop(DRAIN_MS, 'restarting');
      await process.start();
    });
  }

  replica(nodeId: string, replica: number): Replica {
    return this.#replica(nodeId, replica).process;
  }

  /** Ports through which a caller reaches the target of an edge. */
  edge(edgeId: string): WiredEdge {
    const edge = this.#document.edges.find(({ id }) => id === edgeId);
    const wired = edge && this.#wiring.edgesOf(edge.source, this.#document).find(({ id }) => id === edgeId);
    if (!wired)
      throw new ArchipelError('not-found', `no edge "${edgeId}" runs`, 'Name an edge of the running document.');
    return wired;
  }

  nodes(): { node: ArchipelNode; state: NodeState; reason: string | null; replicas: Replica[] }[] {
    return [...this.#nodes.values()].map(({ node, replicas, problem }) => {
      const processes = [...replicas.values()].map(({ process }) => process);
      const worst = processes.reduce<Replica | null>(
        (found, process) =>
          !found || severity.indexOf(process.state) > severity.indexOf(found.state) ? process : found,
        null,
      );
      if (problem !== null) return { node, state: 'dead', reason: problem, replicas: processes };
      const waits = this.#state === 'starting' && !worst && replicasOf(node) > 0;
      if (waits)
        return {
          node,
          state: 'starting',
          reason: 'is being prepared, or waits for what it calls',
          replicas: processes,
        };
      return { node, state: worst?.state ?? 'stopped', reason: worst?.status().reason ?? null, replicas: processes };
    });
  }

  logLines(nodeId?: string): LogLine[] {
    return this.#allReplicas()
      .filter(({ process }) => nodeId === undefined || process.options.nodeId === nodeId)
      .flatMap(({ log }) => log.lines())
      .sort((a, b) => a.atMs - b.atMs);
  }

  async #reconcile(next: ArchipelDocument): Promise<void> {
    const before = this.#document;
    if (this.#state === 'starting') {
      for (const node of next.nodes) this.#nodes.set(node.id, { node, replicas: new Map(), problem: null });
      this.#options.onChange();
    }
    await this.#wiring.openLanes(next);
    const failures: unknown[] = [];
    for (const layer of startLayers(next)) {
      if (this.#abort.signal.aborted)
        throw new ArchipelError('stopped', 'The topology was stopped while it changed.', 'Start it again.');
      const started = await Promise.allSettled(layer.map((id) => this.#startMissing(nodeById(next, id), next)));
      failures.push(...started.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
      if (failures.length > 0 && this.#state === 'starting') throw failures[0];
    }
    this.#document = next;
    for (const running of this.#nodes.values()) this.#update(running, before, next);
    await this.#stopSuperfluous(next);
    await this.#wiring.closeLanes(next);
    this.#options.onChange();
    if (failures.length > 0) throw failures[0];
  }

  async #startMissing(node: ArchipelNode, document: ArchipelDocument): Promise<void> {
    let running = this.#nodes.get(node.id);
    if (running && this.#mustBeReplaced(running.node, node)) {
      await this.#stopNode(running, 'its config changed');
      running = undefined;
    }
    if (!running) {
      running = { node, replicas: new Map(), problem: null };
      this.#nodes.set(node.id, running);
    }
    running.problem = null;
    const missing = Array.from({ length: replicasOf(node) }, (_, replica) => replica).filter(
      (replica) => !running.replicas.has(replica),
    );
    const first = firstReplicasOf(node);
    for (const together of [
      missing.filter((replica) => replica < first),
      missing.filter((replica) => replica >= first),
    ]) {
      const results = await Promise.allSettled(
        together.map((replica) => this.#startReplica(running, node, replica, document)),
      );
      const failure = results.find((result) => result.status === 'rejected');
      if (failure) throw failure.reason;
    }
  }

  /** A change of kind, or of a config that its processes cannot take up while they run. */
  #mustBeReplaced(before: ArchipelNode, after: ArchipelNode): boolean {
    if (before.kind !== after.kind) return true;
    return this.#kind(after).applyConfig === 'restart' && !sameProgram(before, after);
  }

  async #startReplica(
    running: RunningNode,
    node: ArchipelNode,
    replica: number,
    document: ArchipelDocument,
  ): Promise<void> {
    const { guardian, onChange, onFrame, onGone } = this.#options;
    const prepared = await createRunningReplica(node, replica, {
      ...this.#options,
      incarnation: this.#incarnations++,
      scope: running,
      signal: this.#abort.signal,
      config: () => running.node.config,
      edges: () => this.#wiring.edgesOf(node.id, hasNode(this.#document, node.id) ? this.#document : document),
      onSpawn: (pid, signal) => guardian.watch(pid, { signal }),
      onGone: (pid) => {
        guardian.release(pid);
        onGone(node.id, replica, pid);
      },
      onFrame: (pid, frame) => onFrame(node.id, replica, pid, frame),
      onAddress: (address) => this.#wiring.setAddress(node.id, replica, address),
    }).catch((error: unknown) => {
      running.problem = error instanceof Error ? error.message : String(error);
      throw error;
    });
    running.replicas.set(replica, prepared);
    onChange();
    await prepared.process.start();
  }

  /** Hands changed edges and config to running processes, in an order in which no request meets half of the change. */
  #update(running: RunningNode, before: ArchipelDocument, next: ArchipelDocument): void {
    const node = next.nodes.find(({ id }) => id === running.node.id);
    if (!node) return;
    const edges = this.#wiring.edgesOf(node.id, next);
    const old = hasNode(before, node.id) ? this.#wiring.edgesOf(node.id, before) : [];
    const removed = old.filter((edge) => !edges.some(({ id }) => id === edge.id));
    const configChanged = !sameConfig(running.node, node);
    running.node = node;
    for (const { process } of running.replicas.values()) {
      process.send({ type: 'wire', edges: [...edges, ...removed] });
      if (configChanged) process.send({ type: 'configure', config: node.config });
      if (removed.length > 0) process.send({ type: 'wire', edges });
    }
  }

  async #stopSuperfluous(next: ArchipelDocument): Promise<void> {
    await Promise.all(
      [...this.#nodes.values()].map(async (running) => {
        const node = next.nodes.find(({ id }) => id === running.node.id);
        if (!node) {
          await this.#stopNode(running, 'removed');
          this.#nodes.delete(running.node.id);
          return;
        }
        const extra = [...running.replicas].filter(([replica]) => replica >= replicasOf(node));
        await Promise.all(extra.map(([replica]) => this.#stopReplica(running, replica, DRAIN_MS, 'scaled down')));
      }),
    );
  }

  async #stopNode(running: RunningNode, reason: string): Promise<void> {
    await Promise.all(
      [...running.replicas.keys()].map((replica) => this.#stopReplica(running, replica, DRAIN_MS, reason)),
    );
  }

  async #stopReplica(running: RunningNode, replica: number, drainMs: number, reason: string): Promise<void> {
    const found = running.replicas.get(replica);
    if (!found) return;
    await found.process.stop(drainMs, reason);
    found.release();
    running.replicas.delete(replica);
  }

  /** With a reason, what ran is forgotten; without, the dead stay to be looked at. */
  async #stopAll(drainMs: number, reason: string | null): Promise<void> {
    this.#abort.abort();
    clearInterval(this.#checks);
    const layers = startLayers(this.#document).reverse();
    for (const layer of layers)
      await Promise.all(
        layer.map(async (id) => {
          const running = this.#nodes.get(id);
          for (const [, found] of running?.replicas ?? []) {
            if (found.process.pid !== null)
              await found.process.stop(drainMs, reason ?? 'stopped, because another part did not start');
            found.release();
          }
        }),
      );
    await this.#wiring.closeLanes({ ...this.#document, edges: [] });
    if (reason !== null) this.#nodes.clear();
    this.#setState('stopped');
  }

  #replica(nodeId: string, replica: number): RunningReplica {
    const found = this.#nodes.get(nodeId)?.replicas.get(replica);
    if (!found)
      throw new ArchipelError(
        'not-found',
        `no replica ${replica} of "${nodeId}" runs`,
        'Name a node of the running document, and one of its replicas.',
      );
    return found;
  }

  #allReplicas(): RunningReplica[] {
    return [...this.#nodes.values()].flatMap(({ replicas }) => [...replicas.values()]);
  }

  #kind(node: ArchipelNode): KindDefinition {
    const kind = this.#options.kinds.find((candidate) => candidate.kind === node.kind);
    if (!kind) throw new ArchipelError('document-invalid', `unknown kind "${node.kind}"`, 'Validate the document.');
    return kind;
  }

  #setState(state: TopologyState): void {
    this.#state = state;
    this.#options.onChange();
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(change);
    this.#queue = turn.catch(() => {});
    return turn;
  }
}

const hasNode = (document: ArchipelDocument, nodeId: string): boolean => document.nodes.some(({ id }) => id === nodeId);

const loginOf = (running: RunningNode | undefined): WiredEdge['login'] => {
  const launch = running?.replicas.values().next().value?.launch;
  return launch && launch.type !== 'node' ? launch.login : undefined;
};
