import type { ErrorName } from '../protocol/errors.ts';

export interface Protocol {
  name: string;
  metadata: Buffer;
}

/** What JoinGroup answers. */
export interface Joined {
  error: ErrorName;
  memberId: string;
  generationId: number;
  protocolType: string | null;
  protocolName: string | null;
  leader: string;
  skipAssignment?: boolean;
  members: { memberId: string; groupInstanceId: string | null; metadata: Buffer }[];
}

/** What SyncGroup answers. */
export interface Synced {
  error: ErrorName;
  protocolType: string | null;
  protocolName: string | null;
  assignment: Buffer;
}

/** A consumer in its group. */
export class Member {
  id: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: Protocol[];
  assignment: Buffer = Buffer.alloc(0);
  /** Its request waits for the others. */
  joining: ((joined: Joined) => void) | null = null;
  syncing: ((synced: Synced) => void) | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: {
    id: string;
    instanceId: string | null;
    clientId: string;
    clientHost: string;
    sessionTimeoutMs: number;
    rebalanceTimeoutMs: number;
    protocols: Protocol[];
  }) {
    this.id = options.id;
    this.instanceId = options.instanceId;
    this.clientId = options.clientId;
    this.clientHost = options.clientHost;
    this.sessionTimeoutMs = options.sessionTimeoutMs;
    this.rebalanceTimeoutMs = options.rebalanceTimeoutMs;
    this.protocols = options.protocols;
  }

  hasProtocols(protocols: readonly Protocol[]): boolean {
    return (
      protocols.length === this.protocols.length &&
      protocols.every(({ name, metadata }, i) => {
        const own = this.protocols[i] as Protocol;
        return own.name === name && own.metadata.equals(metadata);
      })
    );
  }

  metadataFor(protocol: string | null): Buffer {
    return this.protocols.find(({ name }) => name === protocol)?.metadata ?? Buffer.alloc(0);
  }

  /** Its session begins anew. */
  heard(expired: () => void): void {
    this.unwatch();
    this.#timer = setTimeout(expired, this.sessionTimeoutMs).unref();
  }

  unwatch(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  answerJoin(joined: Joined): void {
    this.joining?.(joined);
    this.joining = null;
  }

  answerSync(synced: Synced): void {
    this.syncing?.(synced);
    this.syncing = null;
  }
}
