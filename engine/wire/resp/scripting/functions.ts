import type { CommandContext, FunctionLibrary, Functions, LibraryFunction } from '../command.ts';
import { RespError } from '../errors.ts';
import { splitInline } from '../inline.ts';
import { LuaError, LuaSyntaxError, OutOfFuel, raise } from '../lua/errors.ts';
import { createInterpreter, type Interpreter } from '../lua/interpreter.ts';
import { type LuaFunction, LuaTable, type LuaValue } from '../lua/table.ts';
import { first } from '../lua/values.ts';
import type { Reply } from '../reply.ts';
import { toArgument, toReply } from './convert.ts';
import { errorText, failure } from './failure.ts';
import { isFlag, permissionsOf } from './flags.ts';
import { asOneCommand } from './one-command.ts';
import { createRedisLibrary, fail, type Running } from './redis-library.ts';

interface Registered extends LibraryFunction {
  callback: LuaFunction;
}

interface Library extends FunctionLibrary {
  functions: Registered[];
}

/** Redis' limit for the code of a library while it is loaded. */
const LOAD_TIMEOUT_MS = 500;
const NAME = /^\w+$/;
const BAD_NAME =
  'ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long';

/** The first line of a library, `#!lua name=NAME`, and what follows it. Lines keep their numbers. */
function parseLibrary(source: string): { name: string; code: string } {
  if (!source.startsWith('#!')) throw new RespError('ERR Missing library metadata');
  const end = source.indexOf('\n');
  const words = end < 0 ? [] : wordsOf(source.slice(0, end));
  const [engine, ...rest] = words;
  if (engine === undefined) throw new RespError('ERR Invalid library metadata');
  let name: string | null = null;
  for (const word of rest) {
    if (!/^name=/i.test(word)) throw new RespError(`ERR Invalid metadata value given: ${word}`);
    if (name !== null) throw new RespError('ERR Invalid metadata value, name argument was given multiple times');
    name = word.slice('name='.length);
  }
  if (name === null) throw new RespError('ERR Library name was not given');
  if (!NAME.test(name)) throw new RespError(BAD_NAME);
  if (engine.toLowerCase() !== '#!lua') throw new RespError(`ERR Engine '${engine.slice(2)}' not found`);
  return { name, code: source.slice(end) };
}

/** None where a quote is not closed. */
function wordsOf(line: string): string[] {
  try {
    return splitInline(line);
  } catch {
    return [];
  }
}

/** What `redis.register_function` was given, by its places or by names. */
function parseFunction(args: readonly LuaValue[]): Registered {
  if (args.length < 1 || args.length > 2) return fail('ERR wrong number of arguments to redis.register_function');
  const [only, callback] = args;
  if (args.length === 1) return parseNamed(only);
  const name = toArgument(only);
  if (name === null) return fail('ERR first argument to redis.register_function must be a string');
  if (typeof callback !== 'function') return fail('ERR second argument to redis.register_function must be a function');
  return { name, description: null, flags: [], callback };
}

function parseNamed(given: LuaValue): Registered {
  if (!(given instanceof LuaTable))
    return fail(
      'ERR calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).',
    );
  const parsed: { -readonly [Field in keyof Registered]?: Registered[Field] } = {};
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
  return { name, description, flags, callback };
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

/** The libraries of functions of a server: loaded by name, called by the names that they give their functions, in any case. */
export class FunctionLibraries implements Functions {
  readonly #libraries = new Map<string, Library>();
  readonly #functions = new Map<string, Registered>();
  /** Made for the first library. */
  #interpreter: Interpreter | null = null;
  #loading: Registered[] | null = null;
  #running: Running | null = null;

  get libraries(): readonly FunctionLibrary[] {
    return [...this.#libraries.values()];
  }

  load(source: string, replace: boolean): string {
    const { name, code } = parseLibrary(source);
    const old = this.#libraries.get(name);
    if (old && !replace) throw new RespError(`ERR Library '${name}' already exists`);
    const functions = this.#register(code);
    if (functions.length === 0) throw new RespError('ERR No functions registered');
    for (const { name: each } of functions) {
      const taken = this.#functions.get(each.toLowerCase());
      if (taken && !old?.functions.includes(taken)) throw new RespError(`ERR Function ${each} already exists`);
    }
    this.delete(name);
    this.#libraries.set(name, { name, source, functions });
    for (const each of functions) this.#functions.set(each.name.toLowerCase(), each);
    return name;
  }

  delete(name: string): boolean {
    for (const each of this.#libraries.get(name)?.functions ?? []) this.#functions.delete(each.name.toLowerCase());
    return this.#libraries.delete(name);
  }

  clear(): void {
    this.#libraries.clear();
    this.#functions.clear();
  }

  find(name: string): LibraryFunction | undefined {
    return this.#functions.get(name.toLowerCase());
  }

  call(name: string, keys: string[], args: string[], context: CommandContext, readOnly: boolean): Reply {
    const found = this.#functions.get(name.toLowerCase()) as Registered;
    const permissions = permissionsOf(found.flags);
    const { keyspace, scripts } = context.server;
    if (!permissions.allowOom) keyspace.makeRoom();
    if (readOnly && !permissions.readOnly)
      throw new RespError('ERR Can not execute a script with write flag using *_ro command.');
    const before = this.#running;
    try {
      return asOneCommand(context, (inside) => {
        this.#running = { context: inside, ...permissions };
        const given = [new LuaTable(keys), new LuaTable(args)];
        return toReply(first(this.#started().run(found.callback, scripts.timeLimitMs, given)));
      });
    } catch (error) {
      return failure(error, found.name, 'user_function');
    } finally {
      this.#running = before;
    }
  }

  /** Runs the code of a library for the functions that it registers. */
  #register(code: string): Registered[] {
    const functions: Registered[] = [];
    this.#loading = functions;
    try {
      const interpreter = this.#started();
      interpreter.run(interpreter.compile(code), LOAD_TIMEOUT_MS);
      return functions;
    } catch (error) {
      if (error instanceof LuaSyntaxError) throw new RespError(`ERR Error compiling function: ${error.message}`);
      const text = error instanceof OutOfFuel ? 'ERR FUNCTION LOAD timeout' : null;
      if (text === null && !(error instanceof LuaError)) throw error;
      throw new RespError(`ERR Error registering functions: ${text ?? errorText(error as LuaError)}`);
    } finally {
      this.#loading = null;
    }
  }

  #started(): Interpreter {
    const running = (name: string): Running =>
      this.#running ?? raise(`Script attempted to access nonexistent global variable '${name}'`);
    const register: LuaFunction = (...args) => {
      if (!this.#loading) return raise("attempt to call field 'register_function' (a nil value)");
      const registered = parseFunction(args);
      if (!NAME.test(registered.name)) return fail(BAD_NAME);
      if (this.#loading.some(({ name }) => name === registered.name))
        return fail('ERR Function already exists in the library');
      this.#loading.push(registered);
      return [];
    };
    this.#interpreter ??= createInterpreter(
      { redis: createRedisLibrary(running, { register_function: register }) },
      [],
      'user_function',
    );
    return this.#interpreter;
  }
}
