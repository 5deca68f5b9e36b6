import type { ProtocolVersion, Reply } from './reply.ts';

/** What MULTI has begun: requests that wait for EXEC. */
export interface Transaction {
  queued: (readonly string[])[];
  /** One of them could not even be queued. */
  failed: boolean;
}

/** What the server knows of one connection. */
export interface Session {
  readonly id: number;
  /** Address and port of the client, and of the server. */
  readonly address: string;
  readonly localAddress: string;
  readonly connectedAtMs: number;
  usedAtMs: number;
  protocol: ProtocolVersion;
  database: number;
  name: string;
  library: { name: string; version: string };
  authenticated: boolean;
  lastCommand: string;
  /** Set by QUIT: the connection ends when all is answered. */
  closing: boolean;
  transaction: Transaction | null;
  /** Keys of WATCH: database and name; `stale` once one of them is another. */
  readonly watched: { database: number; key: string; existed: boolean }[];
  stale: boolean;
  readonly channels: Set<string>;
  readonly patterns: Set<string>;
  readonly shardChannels: Set<string>;
  /** Ends its blocking command with a reply; null: none is under way. */
  unblock: ((reply: Reply) => void) | null;
  /** CLIENT REPLY: whether answers are sent; `skip`: all but the next one. */
  replies: 'on' | 'off' | 'skip';
  /** Sends what nobody asked for. */
  push(reply: Reply): void;
  /** Cuts the connection off. */
  kill(): void;
}

export const createSession = (
  known: Pick<Session, 'id' | 'address' | 'localAddress' | 'connectedAtMs' | 'authenticated'>,
): Session => ({
  ...known,
  usedAtMs: known.connectedAtMs,
  protocol: 2,
  database: 0,
  name: '',
  library: { name: '', version: '' },
  lastCommand: 'NULL',
  closing: false,
  transaction: null,
  watched: [],
  stale: false,
  channels: new Set(),
  patterns: new Set(),
  shardChannels: new Set(),
  unblock: null,
  replies: 'on',
  push: () => {},
  kill: () => {},
});

export const subscriptions = ({ channels, patterns }: Session): number => channels.size + patterns.size;
