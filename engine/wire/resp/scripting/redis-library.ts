import { createHash } from 'node:crypto';
import type { CommandContext } from '../command.ts';
import { hasArity } from '../command.ts';
import { diskFull, RespError } from '../errors.ts';
import { call, errorReply, findCommand } from '../execute.ts';
import { LuaError } from '../lua/errors.ts';
import { type LuaFunction, type LuaTable, type LuaValue, tableOf } from '../lua/table.ts';
import type { Reply } from '../reply.ts';
import { REDIS_VERSION } from '../version.ts';
import { toArgument, toLua } from './convert.ts';

/** The script that runs: what its commands run in. */
export interface Running {
  context: CommandContext;
  /** Refuses commands that write. */
  readOnly: boolean;
  /** May write although there is no memory left. */
  allowOom: boolean;
}

const fail = (message: string): never => {
  throw new LuaError(tableOf({ err: message }));
};

function run({ context, readOnly, allowOom }: Running, values: LuaValue[]): Reply {
  if (values.length === 0) throw new RespError('ERR Please specify at least one argument for this redis lib call');
  const args = values as string[];
  for (let i = 0; i < values.length; i += 1) {
    const argument = toArgument(values[i]);
    if (argument === null) throw new RespError('ERR Lua redis lib command arguments must be strings or integers');
    args[i] = argument;
  }
  const { server, session } = context;
  const name = args[0] as string;
  const command = findCommand(server, name);
  if (!command) throw new RespError('ERR Unknown Redis command called from script');
  if (!hasArity(command.arity, args.length))
    throw new RespError('ERR Wrong number of args calling Redis command from script');
  if (!command.isForScripts) throw new RespError('ERR This Redis command is not allowed from script');
  if (readOnly && command.writes) throw new RespError('ERR Write commands are not allowed from read-only scripts.');
  if (!allowOom && command.needsRoom) server.keyspace.makeRoom();
  if (command.writes && server.isDiskFull?.()) throw diskFull();
  const reply = call(command, args, context);
  // SELECT may have been it.
  if (command.name === 'select') context.database = server.keyspace.database(session.database);
  return reply as Reply;
}

const sha1hex = (text: string): string => createHash('sha1').update(text, 'latin1').digest('hex');

/** An error needs a code in front; one word is none. */
const withCode = (text: string): string => {
  const plain = text.replace(/^-/, '');
  return plain.includes(' ') ? plain : `ERR ${plain}`;
};

const oneString = (name: string, args: LuaValue[]): string =>
  args.length === 1 && typeof args[0] === 'string'
    ? args[0]
    : fail(`ERR wrong number or type of arguments for redis.${name}`);

/**
 * The table `redis` of scripts, with what only some of them have. `running` says which one is under way; it raises an error of Lua
 * where none is, and is told the name of what cannot be used then.
 */
export function createRedisLibrary(
  running: (name: string) => Running,
  more: Record<string, LuaFunction> = {},
): LuaTable {
  const protectedCall: LuaFunction = (...args) => {
    const now = running('pcall');
    try {
      return toLua(run(now, args), now.context.session.protocol);
    } catch (error) {
      return tableOf({ err: errorReply(error).message });
    }
  };
  const callOrFail: LuaFunction = (...args) => {
    const now = running('call');
    let reply: Reply;
    try {
      reply = run(now, args);
    } catch (error) {
      reply = errorReply(error);
    }
    return reply instanceof RespError ? fail(reply.message) : toLua(reply, now.context.session.protocol);
  };
  const library = tableOf({
    call: callOrFail,
    pcall: protectedCall,
    error_reply: (...args: LuaValue[]) => tableOf({ err: withCode(oneString('error_reply', args)) }),
    status_reply: (...args: LuaValue[]) => tableOf({ ok: oneString('status_reply', args) }),
    sha1hex: (...args: LuaValue[]) =>
      args.length === 1 ? sha1hex(toArgument(args[0]) ?? '') : fail('ERR wrong number of arguments'),
    log: () => [],
    setresp: (version: LuaValue) => {
      if (version !== 2 && version !== 3) return fail('ERR RESP version must be 2 or 3.');
      running('setresp').context.session.protocol = version;
      return [];
    },
    replicate_commands: () => true,
    set_repl: () => [],
    breakpoint: () => false,
    debug: () => [],
    acl_check_cmd: () => true,
    LOG_DEBUG: 0,
    LOG_VERBOSE: 1,
    LOG_NOTICE: 2,
    LOG_WARNING: 3,
    REPL_NONE: 0,
    REPL_AOF: 1,
    REPL_SLAVE: 2,
    REPL_REPLICA: 2,
    REPL_ALL: 3,
    REDIS_VERSION,
    REDIS_VERSION_NUM: 0x00070000 + 15,
    ...more,
  });
  library.readonly = true;
  return library;
}

export { fail, sha1hex };
