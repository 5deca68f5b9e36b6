import type { Blocking } from './blocking.ts';
import type { Database } from './database.ts';
import { unknownSubcommand, wrongArity } from './errors.ts';
import type { Keyspace } from './keyspace.ts';
import type { Notifier } from './notifications.ts';
import type { Log } from './persistence/log.ts';
import type { PubSub } from './pubsub.ts';
import type { Reply } from './reply.ts';
import type { Session } from './session.ts';
import type { Watches } from './watches.ts';

/** A script that is compiled. */
export interface Script {
  /** SHA1 of its text. */
  readonly sha: string;
}

/** The scripts of a server. */
export interface Scripts {
  /** A script that runs for longer is ended, for nobody could end it from outside; 0: never. */
  timeLimitMs: number;
  /** Throws a `RespError` for what is no script. */
  load(source: string): Script;
  find(sha: string): Script | undefined;
  clear(): void;
  run(script: Script, keys: string[], args: string[], context: CommandContext, readOnly: boolean): Reply;
}

/** A function as its library has registered it. */
export interface LibraryFunction {
  readonly name: string;
  readonly description: string | null;
  readonly flags: readonly string[];
}

export interface FunctionLibrary {
  readonly name: string;
  /** With its first line. */
  readonly source: string;
  readonly functions: readonly LibraryFunction[];
}

/** The libraries of functions of a server. */
export interface Functions {
  readonly libraries: readonly FunctionLibrary[];
  /** A library whose code runs for longer is not loaded; 0: never. */
  loadTimeLimitMs: number;
  /** Returns the name of the library. Throws a `RespError` for what is none, and leaves everything as it was. */
  load(source: string, replace: boolean): string;
  /** Whether there was one. */
  delete(name: string): boolean;
  clear(): void;
  find(name: string): LibraryFunction | undefined;
  /** `found`: what `find` gave. */
  call(found: LibraryFunction, keys: string[], args: string[], context: CommandContext, readOnly: boolean): Reply;
}

/** What commands know of the server besides its keys. */
export interface ServerState {
  readonly keyspace: Keyspace;
  readonly commands: CommandTable;
  /** The same, also in capitals, as most clients write them. */
  readonly spellings: CommandTable;
  readonly sessions: ReadonlyMap<number, Session>;
  readonly stats: { commands: number; connections: number; netInBytes: number; netOutBytes: number };
  readonly blocking: Blocking<CommandContext>;
  readonly pubsub: PubSub;
  readonly notifier: Notifier;
  readonly watches: Watches;
  readonly scripts: Scripts;
  readonly functions: Functions;
  /** Null: nothing is written to disk. */
  readonly log: Log | null;
  /** As if there were no room left on the disk. Left out: there is nothing on a disk, or nobody drills that. */
  readonly isDiskFull: (() => boolean) | undefined;
  /** Empty: everybody may in. */
  password: string;
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
  /** Neither in a transaction nor in a script: it may wait. */
  mayWait: boolean;
  /** What goes to the log in the place of the command as it came. */
  logged: readonly (readonly string[])[] | null;
}

export type CommandFlag =
  | 'write'
  | 'readonly'
  /** Refused when there is no memory left. */
  | 'denyoom'
  | 'admin'
  | 'fast'
  | 'blocking'
  | 'pubsub'
  /** Not from a script. */
  | 'noscript'
  /** Where its keys stand must be found by looking. */
  | 'movablekeys'
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
  /** With its subcommand, such as `config|get`. Throws when there is no such one. */
  fullName?(args: readonly string[]): string;
  /**
   * `args` begin with the name, as it was written. A thrown `RespError` is answered. Further requests of the connection
   * wait for a promise.
   */
  run(args: readonly string[], context: CommandContext): Reply | Promise<Reply>;
}

/** A command with what its flags say. All of them have one shape, by which V8 finds its way without looking. */
export interface KnownCommand extends Command {
  readonly fullName: Command['fullName'];
  readonly writes: boolean;
  readonly needsRoom: boolean;
  readonly needsLogin: boolean;
  readonly isForScripts: boolean;
  /** It keeps nothing of its arguments, for it neither writes nor waits. */
  readonly keepsNothing: boolean;
}

export const known = ({ name, arity, flags, keys, fullName, run }: Command): KnownCommand => ({
  ...{ name, arity, flags, keys, fullName, run },
  writes: flags.includes('write'),
  needsRoom: flags.includes('denyoom'),
  needsLogin: !flags.includes('no_auth'),
  isForScripts: !flags.includes('noscript'),
  keepsNothing: flags.includes('readonly') && flags.includes('fast'),
});

export type CommandTable = ReadonlyMap<string, KnownCommand>;

export const ONE_KEY = [1, 1, 1] as const;
export const ALL_KEYS = [1, -1, 1] as const;
export const TWO_KEYS = [1, 2, 1] as const;
export const NO_KEYS = [0, 0, 0] as const;

export const READ = ['readonly'] as const;
export const READ_FAST = ['readonly', 'fast'] as const;
export const WRITE = ['write', 'denyoom'] as const;
export const WRITE_FAST = ['write', 'denyoom', 'fast'] as const;
/** Writes that need no memory. */
export const SHRINK = ['write'] as const;
export const SHRINK_FAST = ['write', 'fast'] as const;

/** A command in one line. */
export const command = (
  name: string,
  arity: number,
  flags: readonly CommandFlag[],
  keys: Command['keys'],
  run: Command['run'],
): Command => ({ name, arity, flags, keys, run });

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
  keys: Command['keys'] = NO_KEYS,
): Command {
  const find = (args: readonly string[]): Subcommand & { name: string } => {
    const given = args[1] as string;
    const subname = given.toLowerCase();
    if (!Object.hasOwn(subcommands, subname)) throw unknownSubcommand(name, given.slice(0, 128));
    const subcommand = subcommands[subname] as Subcommand;
    if (!hasArity(subcommand.arity, args.length)) throw wrongArity(`${name}|${subname}`);
    return { name: subname, ...subcommand };
  };
  return {
    name,
    arity: -2,
    flags,
    keys,
    fullName: (args) => `${name}|${find(args).name}`,
    run: (args, context) => find(args).run(args, context),
  };
}
