import { RespError } from '../errors.ts';
import { type ChunkName, LuaError, OutOfFuel } from '../lua/errors.ts';
import { LuaTable } from '../lua/table.ts';
import { toText } from '../lua/values.ts';

/** The error of a script, with its code in front. */
export function errorText({ value }: LuaError): string {
  const err = value instanceof LuaTable ? value.get('err') : undefined;
  return typeof err === 'string' ? err : `ERR ${toText(value as never)}`;
}

/** What a script that failed answers: its error, and where it was. `name`: its SHA1, or that of a function. */
export function failure(error: unknown, name: string, chunk: ChunkName): RespError {
  if (error instanceof RespError) return error;
  if (error instanceof OutOfFuel)
    return new RespError(`ERR the script ${name} has run for too long and was ended: see lua-time-limit`);
  if (!(error instanceof LuaError)) throw error;
  return new RespError(`${errorText(error)} script: ${name}, on @${chunk}:${error.line}.`);
}
