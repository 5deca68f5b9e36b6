import type { LibraryFunction } from '../command.ts';
import { type LuaFunction, LuaTable, type LuaValue } from '../lua/table.ts';
import { toArgument } from './convert.ts';
import { isFlag, permissionsOf } from './flags.ts';
import { fail } from './redis-library.ts';

/** A function of a library, as it is called. */
export interface Registered extends LibraryFunction {
  readonly callback: LuaFunction;
  readonly readOnly: boolean;
  readonly allowOom: boolean;
}

/** Of a library or a function. */
export const isName = (text: string): boolean => /^\w+$/.test(text);

/** Redis says the same of functions. */
export const BAD_NAME =
  'ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long';

/** What `redis.register_function` was given, by its places or by names. */
export function parseFunction(args: readonly LuaValue[]): Registered {
  if (args.length < 1 || args.length > 2) return fail('ERR wrong number of arguments to redis.register_function');
  const [only, callback] = args;
  if (args.length === 1) return parseNamed(only);
  const name = toArgument(only);
  if (name === null) return fail('ERR first argument to redis.register_function must be a string');
  if (typeof callback !== 'function') return fail('ERR second argument to redis.register_function must be a function');
  return { name, description: null, flags: [], callback, ...permissionsOf([]) };
}

function parseNamed(given: LuaValue): Registered {
  if (!(given instanceof LuaTable))
    return fail(
      'ERR calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).',
    );
  const parsed: { name?: string; description?: string; flags?: string[]; callback?: LuaFunction } = {};
  for (let pair = given.next(undefined); pair !== undefined; pair = given.next(pair[0])) {
    const [key, value] = pair;
    const field = toArgument(key);
    if (field === null) fail('ERR named argument key given to redis.register_function is not a string');
    if (field === 'function_name' || field === 'description') {
      const text = toArgument(value) ?? fail(`ERR ${field} argument given to redis.register_function must be a string`);
      if (field === 'description') parsed.description = text;
      else parsed.name = text;
    } else if (field === 'callback') {
      if (typeof value !== 'function')
        return fail('ERR callback argument given to redis.register_function must be a function');
      parsed.callback = value;
    } else if (field === 'flags') parsed.flags = parseFlags(value);
    else fail('ERR unknown argument given to redis.register_function');
  }
  const { name, callback, description = null, flags = [] } = parsed;
  if (name === undefined) return fail('ERR redis.register_function must get a function name argument');
  if (callback === undefined) return fail('ERR redis.register_function must get a callback argument');
  return { name, description, flags, callback, ...permissionsOf(flags) };
}

function parseFlags(given: LuaValue): string[] {
  if (!(given instanceof LuaTable))
    return fail('ERR flags argument to redis.register_function must be a table representing function flags');
  const flags = new Set<string>();
  for (const flag of given.array) {
    if (typeof flag !== 'string' || !isFlag(flag)) return fail('ERR unknown flag given');
    flags.add(flag);
  }
  return [...flags];
}
