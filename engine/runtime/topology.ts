import type { LogLine, NodeState, TopologyState } from '../api/types.ts';
import type { KindDefinition } from '../model/definition.ts';
import { dialled } from '../model/dialling.ts';
import type { ArchipelDocument, ArchipelNode } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { startLayers } from '../model/graph.ts';
import type { WiredEdge } from '../process-kit/protocol.ts';
import { hasNode, nodeById, sameProgram } from './desired.ts';
import { handOver, tellCallers } from './hand-over.ts';
import { stateOf } from './node-state.ts';
import type { Replica } from './replica.ts';
import { DRAIN_MS, type Member, type NodeGround, RunningNode } from './running-node.ts';
import type { RunningReplica } from './running-replica.ts';
import { createStartConditions } from './start-conditions.ts';
import type { TopologyOptions } from './topology-options.ts';
import { createTurns } from './turns.ts';
import { createWiring, type WiredNode, type Wiring } from './wiring.ts';

const CHECK_INTERVAL_MS = 250;

/** What Archipel knows of a running node. */
export interface NodePicture {
  node: ArchipelNode;
  state: NodeState;
  reason: string | null;
  replicas: Replica[];
  members: readonly Member[];
  desired: number;
  version: string;
  deploying: boolean;
}

/** What runs of one document: starts it, changes it while it runs, stops it. */
export class Topology {
  /** What faults do to the starts of its processes. */
  readonly startConditions = createStartConditions();
  readonly #options: TopologyOptions;
  readonly #nodes = new Map<string, RunningNode>();
  readonly #wiring: Wiring;
  readonly #ground: NodeGround;
  readonly #abort = new AbortController();
  readonly #turns = createTurns();
  #document: ArchipelDocument;
  #asDialled: { of: ArchipelDocument; dialled: ArchipelDocument } | null = null;
  #state: TopologyState = 'starting';
  readonly #checks: NodeJS.Timeout;

  constructor(document: ArchipelDocument, options: TopologyOptions) {
    this.#document = document;
    this.#options = options;
    this.#wiring = createWiring({
      links: options.links,
      nodeOf: (nodeId) => this.#nodes.get(nodeId) ?? nothing,
      protocolOf: (nodeId, inDocument) => this.#kind(nodeById(inDocument, nodeId)).accepts,
      loginOf: (nodeId) => loginOf(this.#nodes.get(nodeId)),
      healthPathOf: (nodeId, inDocument) => {
        const node = nodeById(inDocument, nodeId);
        return this.#kind(node).healthPath?.(node.config);
      },
      destinationsOf: (nodeId, inDocument) => {
        const node = nodeById(inDocument, nodeId);
        return this.#kind(node).destinations?.(node.config);
      },
    });
    let incarnations = 0;
    this.#ground = {
      options,
      wiring: this.#wiring,
      signal: this.#abort.signal,
      takeWarm: (program) => options.warmPool?.take(program) ?? null,
      conditions: this.startConditions,
      nextIncarnation: () => incarnations++,
      document: () => this.dialled(),
      tellCallersOf: async (nodeId) => {
        await tellCallers({ nodes: this.#nodes, wiring: this.#wiring, document: this.dialled(), nodeId });
        options.onChange();
      },
    };
    this.#checks = setInterval(() => {
      for (const { processes } of this.#nodes.values()) for (const process of processes) process.check();
    }, CHECK_INTERVAL_MS);
    this.#checks.unref();
  }

  get state(): TopologyState {
    return this.#state;
  }

  get document(): ArchipelDocument {
    return this.#document;
  }

  /** The running document with its edges from who dials to who is dialled. */
  dialled(document = this.#document): ArchipelDocument {
    if (this.#asDialled?.of !== document)
      this.#asDialled = { of: document, dialled: dialled(document, this.#options.kinds) };
    return this.#asDialled.dialled;
  }

  /** Ends when the topology stops. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Starts everything, callees first. When a part does not start, all of it is stopped again. */
  start(): Promise<void> {
    return this.#turns.alone(async () => {
      this.#options.warmPool?.hold();
      try {
        for (const node of this.#document.nodes) this.#nodes.set(node.id, new RunningNode(node, this.#ground));
        this.#options.onChange();
        await this.#reconcile(this.#document);
        this.#setState('running');
        this.#options.warmPool?.keep(this.#options.warmProcesses ?? 0, 'when quiet');
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
    return this.#turns.alone(() => {
      this.#mustRun();
      return this.#reconcile(document);
    });
  }

  /** Stops everything, callers first. Also ends a start that is under way. */
  stop(): Promise<void> {
    if (this.#state === 'stopped') return Promise.resolve();
    this.#setState('stopping');
    this.#abort.abort();
    for (const process of this.#processes())
      if (process.state === 'starting') void process.kill('stopped while it started');
    return this.#turns.alone(() => this.#stopAll(DRAIN_MS, 'stopped'));
  }

  /** Ends a process and starts another in its place, or starts one where none is. */
  restart(nodeId: string, replica: number): Promise<void> {
    return this.#turns.of(nodeId, async () => {
      const member = this.#member(nodeId, replica);
      const { process } = member.running as RunningReplica;
      await process.stop(DRAIN_MS, 'restarting');
      await process.start();
      const running = this.#node(nodeId);
      if (member.role === 'none' && !running.deploying) await running.route([member], 'live');
    });
  }

  /**
   * Sets how many replicas a node should have, and resolves when it has them. Several calls in a row are one change to
   * what the last of them says.
   */
  async scale(nodeId: string, replicas: number, reason = 'scaled down'): Promise<void> {
    this.#mustRun();
    const running = this.#node(nodeId);
    running.desired = replicas;
    this.#options.onChange();
    await this.changeNode(nodeId, () => running.settle(reason));
  }

  /** A change to one node in its turn. Others may change at the same time. */
  changeNode<T>(nodeId: string, change: (running: RunningNode) => Promise<T>): Promise<T> {
    return this.#turns.of(nodeId, () => {
      this.#mustRun();
      return change(this.#node(nodeId));
    });
  }

  replica(nodeId: string, replica: number): Replica {
    return (this.#member(nodeId, replica).running as RunningReplica).process;
  }

  /** Leads the callers of a replica to another one of its node, or with null to itself again. */
  lead(nodeId: string, replica: number, to: number | null): Promise<void> {
    return this.#wiring.lead(nodeId, replica, to);
  }

  /** Ports through which a caller reaches the target of an edge. */
  edge(edgeId: string): WiredEdge {
    const document = this.dialled();
    const edge = document.edges.find(({ id }) => id === edgeId);
    const wired = edge && this.#wiring.edgesOf(edge.source, document).find(({ id }) => id === edgeId);
    if (!wired)
      throw new ArchipelError('not-found', `no edge "${edgeId}" runs`, 'Name an edge of the running document.');
    return wired;
  }

  nodes(): NodePicture[] {
    return [...this.#nodes.values()].map((running) => ({
      node: running.node,
      replicas: running.processes,
      members: running.members,
      desired: running.desired,
      version: running.version.name,
      deploying: running.deploying,
      ...stateOf(running, this.#state),
    }));
  }

  logLines(nodeId?: string): LogLine[] {
    return [...this.#nodes.values()]
      .filter(({ node }) => nodeId === undefined || node.id === nodeId)
      .flatMap(({ members }) => members.flatMap(({ running }) => running?.log.lines() ?? []))
      .sort((a, b) => a.atMs - b.atMs);
  }

  async #reconcile(nextDocument: ArchipelDocument): Promise<void> {
    const before = this.dialled();
    const next = this.dialled(nextDocument);
    const starting = this.#state === 'starting';
    for (const node of next.nodes) {
      const running = this.#nodes.get(node.id);
      if (running && this.#mustBeReplaced(running.node, node)) {
        await running.end(running.members, 'its config changed');
        this.#nodes.set(node.id, new RunningNode(node, this.#ground));
      } else if (running) running.take(node);
      else this.#nodes.set(node.id, new RunningNode(node, this.#ground));
      const planned = this.#node(node.id);
      if (planned.deploying) continue;
      // Before anybody knows the node, its callers may as well wait for it at the ports that they will use.
      const role = planned.members.length === 0 ? 'live' : 'none';
      planned.add(Math.max(0, planned.desired - planned.members.length), role);
    }
    await this.#wiring.openLanes(next.edges);
    const failures: unknown[] = [];
    for (const layer of startLayers(next)) {
      if (this.#abort.signal.aborted)
        throw new ArchipelError('stopped', 'The topology was stopped while it changed.', 'Start it again.');
      const started = await Promise.allSettled(
        layer.map((id) => {
          const running = this.#node(id);
          const missing = running.members.filter((member) => !member.running);
          return running.deploying ? undefined : running.start(missing, next);
        }),
      );
      const failed = started.flatMap((result, index) =>
        result.status === 'rejected' ? [{ nodeId: layer[index] as string, reason: result.reason as unknown }] : [],
      );
      failures.push(...failed.map(({ reason }) => reason));
      const fatal = failed.find(({ nodeId }) => !this.#kind(nodeById(next, nodeId)).failsAlone);
      if (fatal && starting) throw fatal.reason;
    }
    this.#document = nextDocument;
    await handOver({ nodes: this.#nodes, wiring: this.#wiring, before, next });
    await this.#endSuperfluous(next);
    await this.#wiring.closeLanes(next);
    this.#options.onChange();
    if (failures.length > 0 && !starting) throw failures[0];
  }

  /** A change of kind, or of a config that its processes cannot take up while they run. */
  #mustBeReplaced(before: ArchipelNode, after: ArchipelNode): boolean {
    if (before.kind !== after.kind) return true;
    return this.#kind(after).applyConfig === 'restart' && !sameProgram(before, after);
  }

  async #endSuperfluous(next: ArchipelDocument): Promise<void> {
    await Promise.all(
      [...this.#nodes.values()].map(async (running) => {
        if (hasNode(next, running.node.id)) {
          if (!running.deploying) await running.end(running.superfluous(), 'scaled down');
          return;
        }
        await running.end(running.members, 'removed');
        this.#nodes.delete(running.node.id);
      }),
    );
  }

  /** With a reason, what ran is forgotten; without, the dead stay to be looked at. */
  async #stopAll(drainMs: number, reason: string | null): Promise<void> {
    this.#abort.abort();
    clearInterval(this.#checks);
    this.#options.warmPool?.hold();
    for (const layer of startLayers(this.dialled()).reverse())
      await Promise.all(
        layer.map(async (id) => {
          for (const { running } of this.#nodes.get(id)?.members ?? []) {
            if (!running) continue;
            if (running.process.pid !== null)
              await running.process.stop(drainMs, reason ?? 'stopped, because another part did not start');
            running.release();
          }
        }),
      );
    await this.#wiring.closeLanes({ ...this.#document, edges: [] });
    if (reason !== null) this.#nodes.clear();
    this.#setState('stopped');
  }

  #mustRun(): void {
    if (this.#state !== 'running')
      throw new ArchipelError('wrong-state', 'the topology does not run', 'Start it first.');
  }

  #node(nodeId: string): RunningNode {
    const running = this.#nodes.get(nodeId);
    if (!running)
      throw new ArchipelError('not-found', `no node "${nodeId}" runs`, 'Name a node of the running document.');
    return running;
  }

  #member(nodeId: string, replica: number): Member {
    const { members } = this.#node(nodeId);
    const found = members.find((member) => member.replica === replica);
    if (found?.running) return found;
    const numbers = members.map((member) => member.replica);
    throw new ArchipelError(
      'not-found',
      `no replica ${replica} of "${nodeId}" runs`,
      numbers.length > 0 ? `Name one of its replicas: ${numbers.join(', ')}.` : 'Give the node a replica first.',
    );
  }

  #processes(): Replica[] {
    return [...this.#nodes.values()].flatMap(({ processes }) => processes);
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
}

const nothing: WiredNode = { replicas: [], doors: 1, canaryShare: 0, wakeUp: null };

const loginOf = (running: RunningNode | undefined): WiredEdge['login'] => {
  const launch = running?.members.find((member) => member.running)?.running?.launch;
  return launch && launch.type !== 'node' ? launch.login : undefined;
};
