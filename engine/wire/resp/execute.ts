import type { ServerState } from './command.ts';
import { type CommandContext, hasArity } from './command.ts';
import { RespError, wrongArity } from './errors.ts';
import type { Reply } from './reply.ts';
import type { Session } from './session.ts';

/** Runs one request. Whatever is wrong with it is its answer. */
export function execute(server: ServerState, session: Session, args: readonly string[]): Reply | Promise<Reply> {
  try {
    const reply = run(server, session, args);
    return reply instanceof Promise ? reply.catch(errorReply) : reply;
  } catch (error) {
    return errorReply(error);
  }
}

function run(server: ServerState, session: Session, args: readonly string[]): Reply | Promise<Reply> {
  const given = args[0] as string;
  const command = server.commands.get(given) ?? server.commands.get(given.toLowerCase());
  if (!command) throw unknownCommand(args);
  if (!hasArity(command.arity, args.length)) throw wrongArity(command.name);
  if (!session.authenticated && !command.flags.includes('no_auth'))
    throw new RespError('NOAUTH Authentication required.');
  session.lastCommand = command.name;
  server.stats.commands += 1;
  if (command.flags.includes('denyoom')) server.keyspace.makeRoom();
  const context: CommandContext = { server, session, database: server.keyspace.database(session.database) };
  return command.run(args, context);
}

function errorReply(error: unknown): RespError {
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
