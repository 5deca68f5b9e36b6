import { randomUUID } from 'node:crypto';
import type { KafkaError } from '../protocol/errors.ts';
import { type Joined, Member, type Protocol, type Synced } from './member.ts';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

export interface JoinRequest {
  memberId: string;
  instanceId: string | null;
  clientId: string;
  clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocolType: string;
  protocols: Protocol[];
  /** A new member is told its id first, and joins with that (from version 4 on). */
  mustKnowId: boolean;
  canSkipAssignment: boolean;
}

const NOTHING = Buffer.alloc(0);

const refused = (error: Joined['error'], memberId: string): Joined => ({
  error,
  memberId,
  generationId: -1,
  protocolType: null,
  protocolName: null,
  leader: '',
  members: [],
});

const notSynced = (error: Synced['error']): Synced => ({
  error,
  protocolType: null,
  protocolName: null,
  assignment: NOTHING,
});

/**
 * A consumer group with the classic protocol: members join, one of them, the leader, assigns, all fetch what they were assigned.
 * Whether members give back everything first (eager) or only what moves (cooperative) is theirs to say; to the group it is the same.
 */
export class Group {
  readonly id: string;
  readonly #initialDelayMs: number;
  readonly #persist: (done: (error: KafkaError | null) => void) => void;
  readonly #now: () => number;
  readonly members = new Map<string, Member>();
  readonly #byInstance = new Map<string, Member>();
  /** Ids that were given out and not yet joined with. */
  readonly #pending = new Map<string, NodeJS.Timeout>();
  state: GroupState = 'Empty';
  generation = 0;
  protocolType: string | null = null;
  protocol: string | null = null;
  leader: string | null = null;
  /** Epoch milliseconds. */
  changedAtMs: number;
  #joinTimer: NodeJS.Timeout | null = null;
  #isInitial = false;
  #syncTimer: NodeJS.Timeout | null = null;

  /** `persist` writes the group as it is then and calls back when that is safe. */
  constructor(options: {
    id: string;
    initialDelayMs: number;
    persist(done: (error: KafkaError | null) => void): void;
    now: () => number;
  }) {
    this.id = options.id;
    this.#initialDelayMs = options.initialDelayMs;
    this.#persist = options.persist;
    this.#now = options.now;
    this.changedAtMs = options.now();
  }

  join(request: JoinRequest, answer: (joined: Joined) => void): void {
    const { memberId, instanceId } = request;
    if (this.state === 'Dead') answer(refused('COORDINATOR_NOT_AVAILABLE', memberId));
    else if (!this.#isCompatible(request)) answer(refused('INCONSISTENT_GROUP_PROTOCOL', memberId));
    else if (memberId !== '') this.#rejoin(request, answer);
    else if (instanceId !== null && this.#byInstance.has(instanceId)) this.#replaceStatic(request, answer);
    else {
      const id = `${instanceId ?? request.clientId}-${randomUUID()}`;
      if (!request.mustKnowId || instanceId !== null) this.#add(id, request, answer);
      else {
        this.#pending.set(id, setTimeout(() => this.#forgetPending(id), request.sessionTimeoutMs).unref());
        answer(refused('MEMBER_ID_REQUIRED', id));
      }
    }
  }

  #rejoin(request: JoinRequest, answer: (joined: Joined) => void): void {
    const { memberId, instanceId } = request;
    const pending = this.#pending.get(memberId);
    if (pending) {
      clearTimeout(pending);
      this.#pending.delete(memberId);
      this.#add(memberId, request, answer);
      return;
    }
    const problem = this.#problemWith(memberId, instanceId);
    const member = this.members.get(memberId);
    if (problem || !member) {
      answer(refused(problem ?? 'UNKNOWN_MEMBER_ID', memberId));
      return;
    }
    const isSame = member.hasProtocols(request.protocols);
    const mayStay =
      isSame && (this.state === 'CompletingRebalance' || (this.state === 'Stable' && memberId !== this.leader));
    if (mayStay) {
      this.#heard(member);
      answer(this.#joined(member));
      return;
    }
    // Its request before this one will not be heard of any more.
    member.answerJoin(refused('UNKNOWN_MEMBER_ID', memberId));
    member.protocols = request.protocols;
    member.sessionTimeoutMs = request.sessionTimeoutMs;
    member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
    this.#await(member, answer);
  }

  sync(
    request: {
      memberId: string;
      instanceId: string | null;
      generationId: number;
      protocolType: string | null;
      protocolName: string | null;
      assignments: readonly { memberId: string; assignment: Buffer }[];
    },
    answer: (synced: Synced) => void,
  ): void {
    const { memberId, instanceId, generationId, protocolType, protocolName } = request;
    const problem = this.#problemWith(memberId, instanceId);
    const member = this.members.get(memberId);
    if (problem || !member) answer(notSynced(problem ?? 'UNKNOWN_MEMBER_ID'));
    else if (generationId !== this.generation) answer(notSynced('ILLEGAL_GENERATION'));
    else if (
      (protocolType !== null && protocolType !== this.protocolType) ||
      (protocolName !== null && protocolName !== this.protocol)
    )
      answer(notSynced('INCONSISTENT_GROUP_PROTOCOL'));
    else if (this.state === 'PreparingRebalance') answer(notSynced('REBALANCE_IN_PROGRESS'));
    else if (this.state === 'Stable') {
      this.#heard(member);
      answer(this.#synced(member));
    } else if (this.state === 'CompletingRebalance') {
      member.syncing = answer;
      member.unwatch();
      if (memberId === this.leader) this.#assign(request.assignments);
    } else answer(notSynced('UNKNOWN_MEMBER_ID'));
  }

  heartbeat(memberId: string, instanceId: string | null, generationId: number): Joined['error'] {
    const problem = this.#problemWith(memberId, instanceId);
    const member = this.members.get(memberId);
    if (problem || !member) return problem ?? 'UNKNOWN_MEMBER_ID';
    if (generationId !== this.generation) return 'ILLEGAL_GENERATION';
    if (!member.joining && !member.syncing) this.#heard(member);
    return this.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE';
  }

  /** A static member may be named by its instance alone. */
  leave(memberId: string, instanceId: string | null): Joined['error'] {
    if (this.#pending.has(memberId)) {
      this.#forgetPending(memberId);
      return 'NONE';
    }
    const id = memberId === '' && instanceId !== null ? this.#byInstance.get(instanceId)?.id : memberId;
    const problem = id === undefined ? 'UNKNOWN_MEMBER_ID' : this.#problemWith(id, instanceId);
    if (problem) return problem;
    this.#remove(this.members.get(id as string) as Member);
    return 'NONE';
  }

  /** Why offsets cannot be committed in the name of the member; null if they can. */
  problemWithCommit(memberId: string, instanceId: string | null, generationId: number): Joined['error'] | null {
    // Somebody who is in no group only keeps offsets here, whatever they call themselves.
    if (generationId < 0 && (this.state === 'Empty' || this.state === 'Dead')) return null;
    if (generationId < 0 && memberId === '' && instanceId === null) return 'UNKNOWN_MEMBER_ID';
    const problem = this.#problemWith(memberId, instanceId);
    if (problem) return problem;
    if (generationId !== this.generation) return 'ILLEGAL_GENERATION';
    if (this.state === 'CompletingRebalance') return 'REBALANCE_IN_PROGRESS';
    const member = this.members.get(memberId) as Member;
    if (!member.joining) this.#heard(member);
    return null;
  }

  /** As it was written down. */
  restore(options: {
    generation: number;
    protocolType: string;
    protocol: string | null;
    leader: string | null;
    changedAtMs: number;
    members: readonly { member: Member; assignment: Buffer }[];
  }): void {
    const { generation, protocolType, protocol, leader, changedAtMs, members } = options;
    Object.assign(this, { generation, protocol, leader, changedAtMs, protocolType: protocolType || null });
    for (const { member, assignment } of members) {
      member.assignment = assignment;
      this.#put(member);
      this.#heard(member);
    }
    this.state = this.members.size > 0 ? 'Stable' : 'Empty';
  }

  /** Everybody who waits is told; the group is no more, or somebody else's. */
  end(error: Joined['error']): void {
    this.state = 'Dead';
    this.#stopTimers();
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
    for (const member of this.members.values()) {
      member.unwatch();
      member.answerJoin(refused(error, member.id));
      member.answerSync(notSynced(error));
    }
    this.members.clear();
    this.#byInstance.clear();
  }

  #problemWith(memberId: string, instanceId: string | null): Joined['error'] | null {
    if (instanceId !== null) {
      const known = this.#byInstance.get(instanceId);
      if (!known) return 'UNKNOWN_MEMBER_ID';
      if (known.id !== memberId) return 'FENCED_INSTANCE_ID';
    }
    return this.members.has(memberId) ? null : 'UNKNOWN_MEMBER_ID';
  }

  #isCompatible({ protocolType, protocols }: JoinRequest): boolean {
    if (protocolType === '' || protocols.length === 0) return false;
    if (this.members.size === 0) return true;
    return protocolType === this.protocolType && protocols.some(({ name }) => this.#isKnownToAll(name));
  }

  #isKnownToAll(protocol: string): boolean {
    return [...this.members.values()].every(({ protocols }) => protocols.some(({ name }) => name === protocol));
  }

  #put(member: Member): void {
    this.members.set(member.id, member);
    if (member.instanceId !== null) this.#byInstance.set(member.instanceId, member);
  }

  #add(id: string, request: JoinRequest, answer: (joined: Joined) => void): void {
    if (this.members.size === 0) this.protocolType = request.protocolType;
    const member = new Member({ ...request, id });
    this.#put(member);
    this.leader ??= id;
    this.#await(member, answer);
  }

  /** The same instance under a new id; who still speaks under the old one is told so. */
  #replaceStatic(request: JoinRequest, answer: (joined: Joined) => void): void {
    const { instanceId, canSkipAssignment } = request;
    const old = this.#byInstance.get(instanceId as string) as Member;
    const id = `${instanceId}-${randomUUID()}`;
    old.unwatch();
    old.answerJoin(refused('FENCED_INSTANCE_ID', old.id));
    old.answerSync(notSynced('FENCED_INSTANCE_ID'));
    this.members.delete(old.id);
    const member = new Member({ ...request, id });
    member.assignment = old.assignment;
    this.#put(member);
    const wasLeader = this.leader === old.id;
    if (wasLeader) this.leader = id;
    if (this.state !== 'Stable' || !old.hasProtocols(request.protocols)) {
      this.#await(member, answer);
      return;
    }
    // Nothing has changed for the others, so nobody has to join again.
    this.#heard(member);
    this.#persist((error) => {
      if (error) answer(refused(error.error, id));
      else if (wasLeader && canSkipAssignment) answer({ ...this.#joined(member), skipAssignment: true });
      else answer({ ...this.#joined(member), members: [], leader: wasLeader ? old.id : (this.leader ?? '') });
    });
  }

  #await(member: Member, answer: (joined: Joined) => void): void {
    member.joining = answer;
    member.unwatch();
    if (this.state === 'PreparingRebalance') this.#tryToComplete();
    else this.#prepareRebalance();
  }

  #prepareRebalance(): void {
    const wasEmpty = this.state === 'Empty';
    for (const member of this.members.values()) {
      if (!member.syncing) continue;
      member.answerSync(notSynced('REBALANCE_IN_PROGRESS'));
      this.#heard(member);
    }
    this.#stopTimers();
    this.#become('PreparingRebalance');
    this.#isInitial = wasEmpty && this.#initialDelayMs > 0;
    this.#joinTimer = setTimeout(
      () => this.#complete(),
      this.#isInitial ? this.#initialDelayMs : this.#rebalanceTimeoutMs(),
    ).unref();
    this.#tryToComplete();
  }

  #rebalanceTimeoutMs(): number {
    return Math.max(0, ...[...this.members.values()].map(({ rebalanceTimeoutMs }) => rebalanceTimeoutMs));
  }

  #tryToComplete(): void {
    if (this.state !== 'PreparingRebalance' || this.#isInitial || this.#pending.size > 0) return;
    for (const member of this.members.values()) if (!member.joining) return;
    this.#complete();
  }

  /** Who has not joined again is out; the others are a new generation. */
  #complete(): void {
    this.#stopTimers();
    this.#isInitial = false;
    for (const member of [...this.members.values()])
      if (!member.joining && member.instanceId === null) this.#forget(member);
    this.generation += 1;
    if (this.members.size === 0) {
      this.#empty();
      return;
    }
    if (!this.members.get(this.leader ?? '')?.joining)
      this.leader = [...this.members.values()].find(({ joining }) => joining)?.id ?? this.leader;
    this.protocol = this.#elect();
    this.#become('CompletingRebalance');
    for (const member of this.members.values()) {
      this.#heard(member);
      member.answerJoin(this.#joined(member));
    }
    this.#syncTimer = setTimeout(() => this.#removeUnsynced(), this.#rebalanceTimeoutMs()).unref();
  }

  #empty(): void {
    this.protocol = null;
    this.leader = null;
    this.#become('Empty');
    this.#persist(() => {});
  }

  /** Each member votes for the first of its protocols that all know. */
  #elect(): string {
    const votes = new Map<string, number>();
    for (const { protocols } of this.members.values()) {
      const vote = protocols.find(({ name }) => this.#isKnownToAll(name))?.name;
      if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
    }
    let [best, most] = ['', 0];
    for (const [name, count] of votes) if (count > most) [best, most] = [name, count];
    return best;
  }

  #assign(assignments: readonly { memberId: string; assignment: Buffer }[]): void {
    const { generation } = this;
    for (const member of this.members.values())
      member.assignment = Buffer.from(
        assignments.find(({ memberId }) => memberId === member.id)?.assignment ?? NOTHING,
      );
    this.#persist((error) => {
      if (this.state !== 'CompletingRebalance' || this.generation !== generation) return;
      if (error) {
        for (const member of this.members.values()) member.answerSync(notSynced(error.error));
        this.#prepareRebalance();
        return;
      }
      this.#become('Stable');
      for (const member of this.members.values()) {
        if (!member.syncing) continue;
        member.answerSync(this.#synced(member));
        this.#heard(member);
      }
    });
  }

  /** The leader, or somebody else, has not fetched what it was assigned. */
  #removeUnsynced(): void {
    if (this.state !== 'CompletingRebalance') return;
    for (const member of [...this.members.values()]) if (!member.syncing) this.#forget(member);
    this.#prepareRebalance();
  }

  #heard(member: Member): void {
    member.heard(() => this.#remove(member));
  }

  #remove(member: Member): void {
    if (this.members.get(member.id) !== member) return;
    this.#forget(member);
    if (this.state === 'Stable' || this.state === 'CompletingRebalance') this.#prepareRebalance();
    else this.#tryToComplete();
  }

  #forget(member: Member): void {
    member.unwatch();
    member.answerJoin(refused('UNKNOWN_MEMBER_ID', member.id));
    member.answerSync(notSynced('UNKNOWN_MEMBER_ID'));
    this.members.delete(member.id);
    if (member.instanceId !== null) this.#byInstance.delete(member.instanceId);
    if (this.leader === member.id) this.leader = this.members.keys().next().value ?? null;
  }

  #forgetPending(id: string): void {
    const timer = this.#pending.get(id);
    if (timer) clearTimeout(timer);
    this.#pending.delete(id);
    this.#tryToComplete();
  }

  #joined(member: Member): Joined {
    const isLeader = member.id === this.leader;
    return {
      error: 'NONE',
      memberId: member.id,
      generationId: this.generation,
      protocolType: this.protocolType,
      protocolName: this.protocol,
      leader: this.leader ?? '',
      members: isLeader
        ? [...this.members.values()].map((each) => ({
            memberId: each.id,
            groupInstanceId: each.instanceId,
            metadata: each.metadataFor(this.protocol),
          }))
        : [],
    };
  }

  #synced(member: Member): Synced {
    const { protocolType, protocol: protocolName } = this;
    return { error: 'NONE', protocolType, protocolName, assignment: member.assignment };
  }

  #become(state: GroupState): void {
    this.state = state;
    this.changedAtMs = this.#now();
  }

  #stopTimers(): void {
    if (this.#joinTimer) clearTimeout(this.#joinTimer);
    if (this.#syncTimer) clearTimeout(this.#syncTimer);
    this.#joinTimer = null;
    this.#syncTimer = null;
  }
}
