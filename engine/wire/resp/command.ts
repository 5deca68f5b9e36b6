import type { Database } from './database.ts';
import { unknownSubcommand, wrongArity } from './errors.ts';
import type { Keyspace } from './keyspace.ts';
import type { Reply } from './reply.ts';
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

export interface CommandContext {
  server: ServerState;
  session: Session;
  /** The one that the connection has selected. */
  database: Database;
}

export type CommandFlag =
  | 'write'
  | 'readonly'
  /** Refused when there is no memory left. */
  | 'denyoom'
  | 'admin'
  | 'fast'
  /** Answered before the client has said who it is. */
  | 'no_auth';

/** An entry of the command table. COMMAND, the check of arguments and the making of room derive from it. */
export interface Command {
  /** In lower case. */
  name: string;
  /** Words of the command with its name: exactly so many, or, if negative, at least so many. */
  arity: number;
  flags: readonly CommandFlag[];
  /** Where its keys stand: first, last (negative: from the end) and step; zeros: it has none. */
  keys: readonly [first: number, last: number, step: number];
  /**
   * `args` begin with the name, as it was written. A thrown `RespError` is answered. Further requests of the connection
   * wait for a promise.
   */
  run(args: readonly string[], context: CommandContext): Reply | Promise<Reply>;
}

export type CommandTable = ReadonlyMap<string, Command>;

export const ONE_KEY = [1, 1, 1] as const;
export const ALL_KEYS = [1, -1, 1] as const;
export const NO_KEYS = [0, 0, 0] as const;

export const hasArity = (arity: number, words: number): boolean => (arity >= 0 ? words === arity : words >= -arity);

interface Subcommand {
  /** Counts command and subcommand too. */
  arity: number;
  run: Command['run'];
}

/** A command whose second word says what it does, such as CONFIG GET. */
export function container(
  name: string,
  flags: readonly CommandFlag[],
  subcommands: Record<string, Subcommand>,
): Command {
  return {
    name,
    arity: -2,
    flags,
    keys: NO_KEYS,
    run(args, context) {
      const given = args[1] as string;
      const subcommand = Object.hasOwn(subcommands, given.toLowerCase())
        ? (subcommands[given.toLowerCase()] as Subcommand)
        : null;
      if (!subcommand) throw unknownSubcommand(name, given.slice(0, 128));
      if (!hasArity(subcommand.arity, args.length)) throw wrongArity(`${name}|${given.toLowerCase()}`);
      return subcommand.run(args, context);
    },
  };
}
