import { compileFunction } from 'node:vm';
import { compileToSource, type Lasting } from './compiler.ts';
import { type ChunkName, fileNameOf, LuaError, LuaSyntaxError, raise } from './errors.ts';
import { fuel } from './fuel.ts';
import { base } from './libraries/base.ts';
import { bit } from './libraries/bit.ts';
import { cjson } from './libraries/cjson.ts';
import { cmsgpack } from './libraries/cmsgpack.ts';
import { coroutine, wait } from './libraries/coroutine.ts';
import { math } from './libraries/math.ts';
import { string } from './libraries/string.ts';
import { struct } from './libraries/struct.ts';
import { table } from './libraries/table.ts';
import { operators } from './operators.ts';
import { type LuaFunction, LuaTable, type LuaValue, resetMemory, tableOf } from './table.ts';
import { callValue, setStringMethods, typeName } from './values.ts';

/** Runs chunks of Lua 5.1 with the libraries that Redis gives to scripts. */
export interface Interpreter {
  /** The global variables, which no chunk can change. */
  readonly globals: LuaTable;
  /** Throws a `LuaSyntaxError`. */
  compile(source: string): LuaFunction;
  /** Throws a `LuaError`, or `OutOfFuel` after the time; 0: never. */
  run(chunk: LuaFunction, timeLimitMs: number, args?: readonly LuaValue[]): LuaValue | LuaValue[];
}

const locked = (fields: Record<string, LuaValue>): LuaTable => {
  const library = tableOf(fields);
  library.readonly = true;
  return library;
};

/** `more` are further global variables; those of `perRun` are set anew before each run, the others never. */
export function createInterpreter(
  more: Record<string, LuaValue>,
  perRun: readonly string[] = [],
  chunkName: ChunkName = 'user_script',
): Interpreter {
  const globals = new LuaTable();
  const stringLibrary = locked(string);
  setStringMethods(stringLibrary);

  const lasting: Lasting = (name, field) => {
    if (perRun.includes(name)) return field === undefined ? 'for a run' : 'unknown';
    const value = globals.get(name);
    if (field === undefined) return value === undefined ? 'unknown' : 'always';
    const isLibrary = value instanceof LuaTable && value.readonly && value !== globals;
    return isLibrary && value.get(field) !== undefined ? 'always' : 'unknown';
  };

  const compile = (source: string): LuaFunction => {
    // Only where a chunk may need it: generators are slower than functions.
    const mayYield = source.includes('coroutine');
    const names = Object.keys(scope);
    let compiled: unknown;
    try {
      compiled = compileFunction(compileToSource(source, chunkName, mayYield, lasting), names, {
        filename: fileNameOf(chunkName),
      });
    } catch (error) {
      if (error instanceof LuaSyntaxError) throw error;
      // Too deep for the parser of JavaScript.
      throw new LuaSyntaxError(`${chunkName}:1: chunk has too many syntax levels`);
    }
    return (compiled as (...values: unknown[]) => LuaFunction)(...Object.values(scope));
  };

  const scope = {
    ...operators,
    wait,
    global(name: string): LuaValue {
      const value = globals.get(name);
      return value === undefined ? raise(`Script attempted to access nonexistent global variable '${name}'`) : value;
    },
    setGlobal: (): never => raise('Attempt to modify a readonly table'),
  };

  const load: LuaFunction = (source) => {
    if (typeof source !== 'string') raise(`bad argument #1 to 'loadstring' (string expected, got ${typeName(source)})`);
    try {
      return compile(source as string);
    } catch (error) {
      if (error instanceof LuaSyntaxError) return [undefined, error.message];
      throw error;
    }
  };

  const all: Record<string, LuaValue> = {
    ...base,
    loadstring: load,
    _VERSION: 'Lua 5.1',
    _G: globals,
    string: stringLibrary,
    table: locked(table),
    math: locked({ ...math, pi: Math.PI, huge: Number.POSITIVE_INFINITY }),
    bit: locked(bit),
    cjson: locked(cjson),
    cmsgpack: locked(cmsgpack),
    struct: locked(struct),
    coroutine: locked(coroutine),
    ...more,
  };
  for (const [name, value] of Object.entries(all)) globals.set(name, value);
  globals.readonly = true;
  globals.metatable = tableOf({
    __index: (_, name) => raise(`Script attempted to access nonexistent global variable '${String(name)}'`),
    __metatable: false,
  });

  return {
    globals,
    compile,
    run(chunk, timeLimitMs, args = []) {
      fuel.refill(timeLimitMs);
      resetMemory();
      try {
        return callValue(chunk, args);
      } catch (error) {
        if (error instanceof RangeError)
          throw new LuaError(
            /call stack/i.test(error.message) ? `${chunkName}:1: stack overflow` : 'not enough memory',
          );
        throw error;
      } finally {
        // What a script has used up is not missing where replies are made of its values.
        resetMemory();
      }
    },
  };
}
