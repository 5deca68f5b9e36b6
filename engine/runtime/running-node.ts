import { type Version, versionsOf } from '../model/deploy.ts';
import type { ArchipelDocument, ArchipelNode } from '../model/document.ts';
import { autoscalingOf } from '../model/scaling.ts';
import { firstReplicasOf, replicasOf } from './desired.ts';
import type { Replica } from './replica.ts';
import { createRunningReplica, type RunningReplica } from './running-replica.ts';
import type { StartConditions } from './start-conditions.ts';
import type { TopologyOptions } from './topology-options.ts';
import type { WarmPool } from './warm-pool.ts';
import type { TrafficRole, WiredNode, Wiring } from './wiring.ts';

export const DRAIN_MS = 5_000;

/** A place for a replica: its number, what it runs, and what callers have to do with it. */
export interface Member {
  readonly replica: number;
  readonly version: Version;
  role: TrafficRole;
  /** Null until it is prepared. */
  running: RunningReplica | null;
}

/** What the nodes of one topology share. */
export interface NodeGround {
  options: TopologyOptions;
  wiring: Wiring;
  /** Ends when the topology stops. */
  signal: AbortSignal;
  takeWarm: WarmPool['take'];
  /** What faults do to starts. */
  conditions: StartConditions;
  /** Distinguishes a replica from earlier ones in the same place. */
  nextIncarnation(): number;
  document(): ArchipelDocument;
  /** Tells the callers of a node which replicas there are, and resolves when they know. */
  tellCallersOf(nodeId: string): Promise<void>;
}

/** One node as it runs: how many replicas it should have, those that it has, and what becomes of each. */
export class RunningNode implements WiredNode {
  node: ArchipelNode;
  /** What replicas start with from now on. */
  version: Version;
  /** How many replicas should run, those of a deploy that is under way not counted. */
  desired: number;
  canaryShare = 0;
  /** Why a replica could not even be prepared. */
  problem: string | null = null;
  /** Set while a deploy decides which replicas there are. */
  deploying = false;
  readonly #members = new Map<number, Member>();
  readonly #ground: NodeGround;

  constructor(node: ArchipelNode, ground: NodeGround) {
    this.node = node;
    this.#ground = ground;
    this.version = versionsOf(node.config)[0] as Version;
    this.desired = withinLimits(node, replicasOf(node));
  }

  get members(): Member[] {
    return [...this.#members.values()].sort((a, b) => a.replica - b.replica);
  }

  /** For the wiring. */
  get replicas(): readonly Member[] {
    return this.members;
  }

  get doors(): number {
    const definition = this.#ground.options.kinds.find(({ kind }) => kind === this.node.kind);
    return definition?.doors?.(this.node.config as never) ?? 1;
  }

  get wakeUp(): WiredNode['wakeUp'] {
    const autoscaling = autoscalingOf(this.node.config);
    return autoscaling?.minReplicas === 0 && autoscaling.wakeUp.maxWaiting > 0 ? autoscaling.wakeUp : null;
  }

  get processes(): Replica[] {
    return this.members.flatMap(({ running }) => (running ? [running.process] : []));
  }

  /** Takes up a changed node. Where its document says another number of replicas than before, that number counts. */
  take(node: ArchipelNode): void {
    const counted = replicasOf(node) !== replicasOf(this.node);
    const freed = autoscalingOf(this.node.config) !== null && autoscalingOf(node.config) === null;
    this.node = node;
    this.desired = withinLimits(node, counted || freed ? replicasOf(node) : this.desired);
    // A version that is still known is taken as it is now; processes that run keep what they were started with.
    this.version = versionsOf(node.config).find(({ name }) => name === this.version.name) ?? this.version;
  }

  /** Adds places, with the lowest numbers that are free. Nothing is started yet. */
  add(count: number, role: TrafficRole, version = this.version): Member[] {
    return Array.from({ length: count }, () => {
      let replica = 0;
      while (this.#members.has(replica)) replica += 1;
      const member: Member = { replica, version, role, running: null };
      this.#members.set(replica, member);
      return member;
    });
  }

  /** Starts the processes of these places, each as soon as it may. Rejects with the first failure once all are settled. */
  async start(members: readonly Member[], document = this.#ground.document()): Promise<void> {
    this.problem = null;
    const first = firstReplicasOf(this.node);
    for (const together of [
      members.filter(({ replica }) => replica < first),
      members.filter(({ replica }) => replica >= first),
    ]) {
      const results = await Promise.allSettled(together.map((member) => this.#startOne(member, document)));
      const failure = results.find((result) => result.status === 'rejected');
      if (failure) throw failure.reason;
    }
  }

  /** Adds replicas of a version and starts them, without any traffic yet. */
  async launch(count: number, version: Version): Promise<Member[]> {
    const added = this.add(count, 'none', version);
    await this.#openLanes();
    await this.start(added);
    return added;
  }

  /** Gives these replicas another role; resolves when their callers know. */
  route(members: readonly Member[], role: TrafficRole, canaryShare?: number): Promise<void> {
    return this.assign(new Map(members.map((member) => [member, role])), canaryShare);
  }

  /** Gives several replicas their roles in one step for each caller; resolves when the callers know. */
  async assign(roles: ReadonlyMap<Member, TrafficRole>, canaryShare = this.canaryShare): Promise<void> {
    for (const [member, role] of roles) member.role = role;
    this.canaryShare = canaryShare;
    await this.#ground.wiring.leadWaiting(this.node.id);
    await this.#ground.tellCallersOf(this.node.id);
  }

  /** Takes replicas away without losing a request: callers know first, then each finishes what it has. */
  async retire(members: readonly Member[], reason: string, drainMs = DRAIN_MS): Promise<void> {
    if (members.length === 0) return;
    if (members.some(({ role }) => role !== 'none')) await this.route(members, 'none');
    await this.end(members, reason, drainMs);
    await this.#ground.wiring.closeLanes(this.#ground.document());
  }

  /** Ends these replicas and forgets them. Their lanes stay open until somebody closes them. */
  async end(members: readonly Member[], reason: string, drainMs = DRAIN_MS): Promise<void> {
    await Promise.all(
      members.map(async (member) => {
        const launch = member.running?.launch;
        if (launch?.type === 'command' && launch.dropsRequests && member.role === 'none')
          await this.#ground.wiring.untilUnused(this.node.id, member.replica, drainMs);
        await member.running?.process.stop(drainMs, reason);
        member.running?.release();
        member.running = null;
        this.#members.delete(member.replica);
      }),
    );
    this.#ground.options.onChange();
  }

  /** Adds or takes away replicas until there are as many as desired. */
  async settle(reason: string): Promise<void> {
    const failures: unknown[] = [];
    while (!this.deploying && !this.#ground.signal.aborted && failures.length === 0) {
      const missing = this.desired - this.#members.size;
      if (missing > 0) await this.#grow(this.add(missing, 'none')).catch((error: unknown) => failures.push(error));
      else if (missing < 0) await this.retire(this.superfluous(), reason);
      else return;
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Those that go when there are too many: what does not work first, then what came last. */
  superfluous(): Member[] {
    const works = ({ running }: Member): number => (running?.process.state === 'ready' ? 1 : 0);
    return this.members
      .sort((a, b) => works(a) - works(b) || b.replica - a.replica)
      .slice(0, Math.max(0, this.#members.size - this.desired));
  }

  /** Each takes requests as soon as it is ready. */
  async #grow(added: readonly Member[]): Promise<void> {
    await this.#openLanes();
    const first = firstReplicasOf(this.node);
    if (added.some(({ replica }) => replica < first)) {
      await this.start(added);
      return this.route(added, 'live');
    }
    const results = await Promise.allSettled(
      added.map(async (member) => {
        await this.start([member]);
        await this.route([member], 'live');
      }),
    );
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  #openLanes(): Promise<void> {
    const { wiring, document } = this.#ground;
    return wiring.openLanes(document().edges.filter(({ target }) => target === this.node.id));
  }

  async #startOne(member: Member, document: ArchipelDocument): Promise<void> {
    const { options, wiring, signal, nextIncarnation } = this.#ground;
    const { guardian, onChange, onFrame, onGone } = options;
    const { id } = this.node;
    const { replica, version } = member;
    const known = (): ArchipelDocument =>
      this.#ground.document().nodes.some((node) => node.id === id) ? this.#ground.document() : document;
    member.running = await createRunningReplica(this.node, replica, {
      ...options,
      incarnation: nextIncarnation(),
      scope: this,
      signal,
      version,
      config: () => this.node.config,
      edges: () => wiring.edgesOf(id, known()),
      onSpawn: (pid, end) => guardian.watch(pid, { signal: end }),
      onGone: (pid) => {
        guardian.release(pid);
        onGone(id, replica, pid);
      },
      onFrame: (pid, frame) => onFrame(id, replica, pid, frame),
      onAddress: (address) => wiring.setAddress(id, replica, address),
      takeWarm: this.#ground.takeWarm,
      conditions: () => this.#ground.conditions.of(id, replica),
    }).catch((error: unknown) => {
      this.problem = error instanceof Error ? error.message : String(error);
      throw error;
    });
    onChange();
    await member.running.process.start();
  }
}

/** An autoscaler never leaves its limits, whatever the document says. */
function withinLimits({ config }: ArchipelNode, replicas: number): number {
  const autoscaling = autoscalingOf(config);
  if (!autoscaling) return replicas;
  return Math.min(autoscaling.maxReplicas, Math.max(autoscaling.minReplicas, replicas));
}
