import { type Command, type CommandContext, hasArity, type KnownCommand, type ServerState } from './command.ts';
import { diskFull, RespError, wrongArity } from './errors.ts';
import type { Reply } from './reply.ts';
import { Status } from './reply.ts';
import { type Session, subscriptions } from './session.ts';

/** Runs one request. Whatever is wrong with it is its answer. */
export function execute(server: ServerState, session: Session, args: readonly string[]): Reply | Promise<Reply> {
  try {
    const reply = run(server, session, args);
    return reply instanceof Promise ? reply.catch(errorReply) : reply;
  } catch (error) {
    return errorReply(error);
  }
}

const QUEUED = new Status('QUEUED');
/** Run at once, also after MULTI. */
const notQueued = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);
/** What RESP2 allows while there are subscriptions. */
const whileSubscribed = new Set([
  'subscribe',
  'psubscribe',
  'ssubscribe',
  'unsubscribe',
  'punsubscribe',
  'sunsubscribe',
  'ping',
  'quit',
  'reset',
]);

function run(server: ServerState, session: Session, args: readonly string[]): Reply | Promise<Reply> {
  const { transaction } = session;
  const given = args[0] as string;
  const command = findCommand(server, given);
  try {
    if (!command) throw unknownCommand(args);
    if (!hasArity(command.arity, args.length)) throw wrongArity(command.name);
    if (transaction) command.fullName?.(args);
    if (!session.authenticated && command.needsLogin) throw new RespError('NOAUTH Authentication required.');
    if (command.needsRoom) server.keyspace.makeRoom();
    if (command.writes && server.isDiskFull?.()) throw diskFull();
  } catch (error) {
    if (transaction) transaction.failed = true;
    throw error;
  }
  session.lastCommand = command.name;
  if (session.protocol === 2 && subscriptions(session) > 0 && !whileSubscribed.has(command.name))
    throw new RespError(
      `ERR Can't execute '${command.fullName?.(args) ?? command.name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
    );
  if (transaction && !notQueued.has(command.name)) {
    transaction.queued.push(args);
    return QUEUED;
  }
  const context: CommandContext = {
    server,
    session,
    database: server.keyspace.database(session.database),
    mayWait: true,
    logged: null,
  };
  const reply = call(command, args, context);
  if (server.blocking.hasReady) serveWaiting(server);
  return reply;
}

/** By name, in whatever case. */
export const findCommand = ({ commands, spellings }: ServerState, name: string): KnownCommand | undefined =>
  spellings.get(name) ?? commands.get(name.toLowerCase());

/** Runs a command whose arguments are checked, and logs it if it has changed something. */
export function call(command: Command, args: readonly string[], context: CommandContext): Reply | Promise<Reply> {
  const { server } = context;
  server.stats.commands += 1;
  if (!server.log) return command.run(args, context);
  const before = server.keyspace.changes;
  context.logged = null;
  const reply = command.run(args, context);
  if (server.keyspace.changes !== before) server.log.append(context.database.index, context.logged ?? [args]);
  return reply;
}

/** Those whose keys have become ready get their answers. */
function serveWaiting(server: ServerState): void {
  server.blocking.serve((context, attempt) => {
    const before = server.keyspace.changes;
    context.logged = null;
    const reply = attempt(context);
    if (server.keyspace.changes !== before) server.log?.append(context.database.index, context.logged ?? []);
    return reply;
  });
}

export function errorReply(error: unknown): RespError {
  // A defect of a command must not end the server, and is told as one.
  return error instanceof RespError ? error : new RespError(`ERR internal error: ${String(error)}`);
}

function unknownCommand([name = '', ...rest]: readonly string[]): RespError {
  let quoted = '';
  for (const argument of rest) {
    if (quoted.length >= 128) break;
    quoted += `'${argument.slice(0, 128 - quoted.length)}' `;
  }
  return new RespError(`ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${quoted}`);
}
