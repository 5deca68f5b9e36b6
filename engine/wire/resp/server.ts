import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { Blocking } from './blocking.ts';
import type { Command, CommandContext, ServerState } from './command.ts';
import { commandTable } from './commands/index.ts';
import { serveConnection } from './connection.ts';
import { RespError } from './errors.ts';
import { execute } from './execute.ts';
import { Keyspace, type KeyspaceSettings } from './keyspace.ts';
import { Notifier } from './notifications.ts';
import { Outbox } from './outbox.ts';
import { type FsyncPolicy, Log, makeDirectory } from './persistence/log.ts';
import { DamagedLogError, type Recovered, recover } from './persistence/recover.ts';
import { PubSub } from './pubsub.ts';
import type { Reply } from './reply.ts';
import { ScriptCache } from './scripting/cache.ts';
import { FunctionLibraries } from './scripting/functions.ts';
import { createSession, type Session } from './session.ts';
import { Watches } from './watches.ts';

export interface RespServerOptions extends Partial<KeyspaceSettings> {
  /** On 127.0.0.1; default: a free one. */
  port?: number;
  /** Where the append-only file lies; made if it is not there. Default: nothing is written to disk. */
  dataDir?: string;
  /** When what is confirmed is on the disk. Default: `everysec`. */
  fsync?: FsyncPolicy;
  /**
   * The file cannot be written any more: what has to be on the disk before it is confirmed never is, from now on. Default: an
   * uncaught exception, which ends the process.
   */
  onDiskFailure?(error: Error): void;
  /** What AUTH asks for. Default: nothing. */
  password?: string;
  /** Longest argument and longest string, and, all arguments together, the longest request. Default: 64 MiB. */
  maxStringBytes?: number;
  maxClients?: number;
  /** Further commands; one with the name of a known command takes its place. */
  commands?: readonly Command[];
  /** Epoch milliseconds, in whole numbers. */
  now?(): number;
  /** Uniform in [0, 1). Draws what is evicted. */
  random?(): number;
  /** Asked before each command of a connection: for how long it waits before it is run, in milliseconds. */
  commandDelayMs?(): number;
  /** A drill: how much longer each write to the disk takes, in milliseconds; nobody is answered before it. */
  diskDelayMs?(): number;
  /** A drill: commands that write are refused as where the disk is full. */
  isDiskFull?(): boolean;
  /** Called after each command of a connection, with its name in lower case. */
  onCommand?(command: string, durationMs: number, failed: boolean): void;
}

export interface RespServer {
  /** Resolves with the port. */
  listen(): Promise<number>;
  /** Runs a command as a client of its own would that has no connection. An error reply is a `RespError`. */
  execute(...args: string[]): Promise<Reply>;
  readonly state: ServerState;
  /** What the log had; null without a data directory. */
  readonly recovered: Recovered | null;
  /** Commands that are under way. */
  readonly pending: number;
  /** Resolves when all connections are closed and the port is free. */
  close(): Promise<void>;
}

const MAX_ARGUMENTS = 1024 * 1024;

/** A server that speaks the protocol of Redis (RESP2 and RESP3) and holds its keys in memory. */
export function createServer(options: RespServerOptions = {}): RespServer {
  const { maxStringBytes = 64 * 1024 * 1024, maxClients = 10_000, password = '', onCommand } = options;
  const now = options.now ?? (() => Date.now());
  const pubsub = new PubSub();
  const notifier = new Notifier(pubsub);
  const watches = new Watches();
  const blocking = new Blocking<CommandContext>();
  const outbox = new Outbox();
  const keyspace = new Keyspace({
    events: {
      modified(database, key) {
        watches.modified(database, key);
        blocking.modified(database, key);
      },
      cleared: (database) => watches.cleared(database),
      expired(database, key) {
        state.log?.append(database.index, [['DEL', key]]);
        notifier.notify('x', 'expired', key, database.index);
      },
      evicted(database, key) {
        state.log?.append(database.index, [['DEL', key]]);
        notifier.notify('e', 'evicted', key, database.index);
      },
      emptied: (database, key) => notifier.notify('g', 'del', key, database.index),
      beforeRewritten: (database, entry) => state.log?.include(database, entry),
    },
    now,
    random: options.random ?? Math.random,
    settings: {
      maxMemoryBytes: options.maxMemoryBytes ?? 0,
      maxKeys: options.maxKeys ?? 0,
      policy: options.policy ?? 'noeviction',
      samples: options.samples ?? 5,
      defaultTtlMs: options.defaultTtlMs ?? null,
    },
  });
  const sessions: Map<number, Session> = new Map();
  const sockets = new Set<Socket>();
  let nextId = 1;
  let pending = 0;

  const commands = commandTable(options.commands);
  const spellings = new Map([
    ...commands,
    ...[...commands].map(([name, command]) => [name.toUpperCase(), command] as const),
  ]);
  /** Without getters: V8 would look each of its fields up in a table. */
  const state: { -readonly [Field in keyof ServerState]: ServerState[Field] } = {
    keyspace,
    pubsub,
    notifier,
    watches,
    blocking,
    scripts: new ScriptCache(),
    functions: new FunctionLibraries(),
    log: null,
    isDiskFull: options.dataDir === undefined ? undefined : options.isDiskFull,
    commands,
    spellings,
    sessions,
    stats: { commands: 0, connections: 0, netInBytes: 0, netOutBytes: 0 },
    password,
    maxStringBytes,
    startedAtMs: now(),
    runId: randomBytes(20).toString('hex'),
    port: null,
  };

  /** Brings back what the log has, and begins to write on. Time stands still at zero, so that nothing is over meanwhile. */
  const openLog = (directory: string): Recovered => {
    makeDirectory(directory);
    const session = sessionOfNobody();
    keyspace.freeze(0);
    // What was confirmed comes back, also where there is less room now; the next write makes room, or is refused.
    const { settings } = keyspace;
    const { maxMemoryBytes, maxKeys } = settings;
    Object.assign(settings, { maxMemoryBytes: 0, maxKeys: 0 });
    // What could be loaded once must be again, however slow the machine is today.
    const { loadTimeLimitMs } = state.functions;
    state.functions.loadTimeLimitMs = 0;
    let recovered: Recovered;
    try {
      recovered = recover(directory, (args) => {
        const reply = execute(state, session, args);
        if (reply instanceof RespError)
          throw new DamagedLogError(
            `the log in ${directory} has a command that cannot be repeated (${args[0]}: ${reply.message}). Restore it from a copy, or move it away to begin without it.`,
          );
      });
    } finally {
      keyspace.freeze(null);
      Object.assign(settings, { maxMemoryBytes, maxKeys });
      state.functions.loadTimeLimitMs = loadTimeLimitMs;
    }
    state.log = new Log({
      directory,
      keyspace,
      policy: options.fsync ?? 'everysec',
      bytes: recovered.bytes,
      onFailure: options.onDiskFailure,
      delayMs: options.diskDelayMs,
      first: () => state.functions.libraries.map(({ source }) => ['FUNCTION', 'LOAD', source]),
    });
    return recovered;
  };

  const sessionOfNobody = (): Session =>
    createSession({ id: 0, address: '', localAddress: '', connectedAtMs: now(), authenticated: true });

  const runLater = async (session: Session, args: string[], delayMs: number): Promise<Reply> => {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return execute(state, session, args);
  };

  const run = (session: Session, args: string[]): Reply | Promise<Reply> => {
    const delayMs = options.commandDelayMs?.() ?? 0;
    const reply = delayMs > 0 ? runLater(session, args, delayMs) : execute(state, session, args);
    if (!(reply instanceof Promise)) return reply;
    pending += 1;
    return reply.finally(() => {
      pending -= 1;
    });
  };

  const runMeasured = (session: Session, args: string[]): Reply | Promise<Reply> => {
    const startMs = performance.now();
    const over = (reply: Reply): Reply => {
      onCommand?.(session.lastCommand, performance.now() - startMs, reply instanceof RespError);
      return reply;
    };
    const reply = run(session, args);
    return reply instanceof Promise ? reply.then(over) : over(reply);
  };

  const tcp = createTcpServer((socket) => {
    state.stats.connections += 1;
    if (sockets.size >= maxClients) {
      socket.on('error', () => {});
      socket.end('-ERR max number of clients reached\r\n');
      return;
    }
    const session = createSession({
      id: nextId++,
      address: `${socket.remoteAddress}:${socket.remotePort}`,
      localAddress: `${socket.localAddress}:${socket.localPort}`,
      connectedAtMs: now(),
      authenticated: state.password === '',
    });
    sockets.add(socket);
    sessions.set(session.id, session);
    serveConnection({
      socket,
      session,
      limits: { maxBulkBytes: maxStringBytes, maxArguments: MAX_ARGUMENTS, maxRequestBytes: maxStringBytes },
      execute: (args) => (onCommand ? runMeasured : run)(session, args),
      keepsNothing: (name) => spellings.get(name)?.keepsNothing === true,
      sendNow: () => outbox.flush(),
      whenDurable: (send, late) => (state.log ? state.log.whenDurable(send) : outbox.post(send, late)),
      onBytes(read, written) {
        if (read > 0) {
          const atMs = now();
          session.usedAtMs = atMs;
          keyspace.usedAtSec = Math.floor(atMs / 1000);
        }
        state.stats.netInBytes += read;
        state.stats.netOutBytes += written;
      },
      onClose() {
        sockets.delete(socket);
        sessions.delete(session.id);
        pubsub.leave(session);
        watches.unwatch(session);
        session.unblock?.(null);
      },
    });
  });

  const recovered = options.dataDir === undefined ? null : openLog(options.dataDir);

  return {
    state,
    recovered,
    get pending() {
      return pending;
    },
    listen: () =>
      new Promise((resolve, reject) => {
        tcp.once('error', reject);
        tcp.listen(options.port ?? 0, '127.0.0.1', () => {
          tcp.off('error', reject);
          // Accepting may fail for want of file descriptors; those who have a connection keep it.
          tcp.on('error', () => {});
          const { port } = tcp.address() as AddressInfo;
          state.port = port;
          resolve(port);
        });
      }),
    async execute(...args) {
      const session = sessionOfNobody();
      const reply = await execute(state, session, args);
      await new Promise<void>((resolve) => (state.log ? state.log.whenDurable(resolve) : resolve()));
      return reply;
    },
    close: () =>
      new Promise((resolve) => {
        keyspace.close();
        blocking.close();
        tcp.close(() => {
          state.log?.close();
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
