import type { CommandContext, Script, Scripts } from '../command.ts';
import { RespError } from '../errors.ts';
import { LuaSyntaxError } from '../lua/errors.ts';
import { createInterpreter, type Interpreter } from '../lua/interpreter.ts';
import { type LuaFunction, LuaTable } from '../lua/table.ts';
import { first } from '../lua/values.ts';
import type { Reply } from '../reply.ts';
import { toReply } from './convert.ts';
import { failure } from './failure.ts';
import { isFlag, permissionsOf } from './flags.ts';
import { asOneCommand } from './one-command.ts';
import { createRedisLibrary, type Running, sha1hex } from './redis-library.ts';

interface Compiled extends Script {
  chunk: LuaFunction;
  readOnly: boolean;
  allowOom: boolean;
}

/** The flags of a first line such as `#!lua flags=no-writes`. */
function parseFlags(source: string): string[] {
  if (!source.startsWith('#!')) return [];
  const [engine = '', ...words] = (/^#!([^\n]*)/.exec(source)?.[1] ?? '').split(' ').filter(Boolean);
  if (engine !== 'lua') throw new RespError(`ERR Unexpected engine in script shebang: ${engine}`);
  const flags: string[] = [];
  for (const word of words) {
    const [, list] = /^flags=(.*)$/.exec(word) ?? [];
    if (list === undefined) throw new RespError(`ERR Unknown lua shebang option: ${word}`);
    for (const flag of list.split(',').filter(Boolean)) {
      if (!isFlag(flag)) throw new RespError(`ERR Unexpected flag in script shebang: ${flag}`);
      flags.push(flag);
    }
  }
  return flags;
}

/** The scripts of a server: compiled once, found by the SHA1 of their text. */
export class ScriptCache implements Scripts {
  timeLimitMs = 5000;
  readonly #scripts = new Map<string, Compiled>();
  /** Made for the first script. */
  #interpreter: Interpreter | null = null;
  #running: Running | null = null;

  find(sha: string): Compiled | undefined {
    return this.#scripts.get(sha) ?? this.#scripts.get(sha.toLowerCase());
  }

  clear(): void {
    this.#scripts.clear();
  }

  /** Compiles a script if it is not known. */
  load(source: string): Compiled {
    const sha = sha1hex(source);
    const known = this.#scripts.get(sha);
    if (known) return known;
    const flags = parseFlags(source);
    let chunk: LuaFunction;
    try {
      chunk = this.#started().compile(source);
    } catch (error) {
      if (!(error instanceof LuaSyntaxError)) throw error;
      throw new RespError(`ERR Error compiling script (new function): ${error.message}`);
    }
    const script = { sha, chunk, ...permissionsOf(flags) };
    this.#scripts.set(sha, script);
    return script;
  }

  run(script: Compiled, keys: string[], args: string[], context: CommandContext, readOnly: boolean): Reply {
    const interpreter = this.#started();
    const { globals } = interpreter;
    globals.set('KEYS', new LuaTable(keys));
    globals.set('ARGV', new LuaTable(args));
    const before = this.#running;
    try {
      return asOneCommand(context, (inside) => {
        this.#running = { context: inside, readOnly: readOnly || script.readOnly, allowOom: script.allowOom };
        return toReply(first(interpreter.run(script.chunk, this.timeLimitMs)));
      });
    } catch (error) {
      return failure(error, script.sha, 'user_script');
    } finally {
      this.#running = before;
    }
  }

  #started(): Interpreter {
    this.#interpreter ??= createInterpreter(
      { redis: createRedisLibrary(() => this.#running as Running), KEYS: new LuaTable(), ARGV: new LuaTable() },
      ['KEYS', 'ARGV'],
    );
    return this.#interpreter;
  }
}
