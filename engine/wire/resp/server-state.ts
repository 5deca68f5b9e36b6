import type { CommandTable } from './command.ts';
import type { Keyspace } from './keyspace.ts';
import type { Session } from './session.ts';

/** What commands know of the server besides its keys. */
export interface ServerState {
  readonly keyspace: Keyspace;
  readonly commands: CommandTable;
  readonly sessions: ReadonlyMap<number, Session>;
  readonly stats: { commands: number; connections: number; netInBytes: number; netOutBytes: number };
  /** Empty: everybody may in. */
  readonly password: string;
  /** Null before it listens. */
  readonly port: number | null;
  /** Longest string that a key may hold; Redis' `proto-max-bulk-len`. */
  readonly maxStringBytes: number;
  readonly startedAtMs: number;
  readonly runId: string;
}

/** The version of Redis whose behaviour this is. */
export const REDIS_VERSION = '7.0.15';
