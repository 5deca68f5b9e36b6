import type { CommandContext, FunctionLibrary, Functions } from '../command.ts';
import { RespError } from '../errors.ts';
import { splitInline } from '../inline.ts';
import { LuaError, LuaSyntaxError, OutOfFuel, raise } from '../lua/errors.ts';
import { createInterpreter, type Interpreter } from '../lua/interpreter.ts';
import { type LuaFunction, LuaTable } from '../lua/table.ts';
import { first } from '../lua/values.ts';
import type { Reply } from '../reply.ts';
import { toReply } from './convert.ts';
import { errorText, failure } from './failure.ts';
import { asOneCommand } from './one-command.ts';
import { createRedisLibrary, fail, type Running } from './redis-library.ts';
import { BAD_NAME, isName, parseFunction, type Registered } from './registration.ts';

interface Library extends FunctionLibrary {
  functions: Registered[];
}

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
  if (!isName(name)) throw new RespError(BAD_NAME);
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

/** The libraries of functions of a server: loaded by name, called by the names that they give their functions, in any case. */
export class FunctionLibraries implements Functions {
  /** Redis' own. */
  loadTimeLimitMs = 500;
  readonly #libraries = new Map<string, Library>();
  readonly #functions = new Map<string, Registered>();
  /** Made for the first library. */
  #interpreter: Interpreter | null = null;
  /** What the library that is being loaded has registered so far, by name. */
  #loading: Map<string, Registered> | null = null;
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

  find(name: string): Registered | undefined {
    return this.#functions.get(name.toLowerCase());
  }

  call(found: Registered, keys: string[], args: string[], context: CommandContext, readOnly: boolean): Reply {
    const { allowOom } = found;
    const { keyspace, scripts } = context.server;
    if (!allowOom) keyspace.makeRoom();
    if (readOnly && !found.readOnly)
      throw new RespError('ERR Can not execute a script with write flag using *_ro command.');
    const before = this.#running;
    try {
      return asOneCommand(context, (inside) => {
        this.#running = { context: inside, readOnly: found.readOnly, allowOom };
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
    const functions = new Map<string, Registered>();
    this.#loading = functions;
    try {
      const interpreter = this.#started();
      interpreter.run(interpreter.compile(code), this.loadTimeLimitMs);
      return [...functions.values()];
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
      const { name } = registered;
      if (!isName(name)) return fail(BAD_NAME);
      if (this.#loading.has(name)) return fail('ERR Function already exists in the library');
      this.#loading.set(name, registered);
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
