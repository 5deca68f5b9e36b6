/** The chunk is no Lua. */
export class LuaSyntaxError extends Error {}

/** What `error` throws: any value of Lua, and the line of the script that did. */
export class LuaError extends Error {
  readonly value: unknown;
  readonly line: number;
  constructor(value: unknown) {
    super(typeof value === 'string' ? value : 'an error of Lua that is no text');
    this.value = value;
    this.line = currentLines()[0] ?? 1;
  }
}

/** The script has run for too long; no `pcall` holds it up. */
export class OutOfFuel extends Error {}

/** The name under which V8 knows compiled chunks, in traces. */
export const FILE_NAME = 'lua-chunk';

const FRAME = /lua-chunk:(\d+):\d+/g;

/** Lines of Lua that are being executed, the innermost first. Compiled code has the lines of its source. */
function currentLines(): number[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 30;
  const { stack = '' } = new Error('where');
  Error.stackTraceLimit = stackTraceLimit;
  return [...stack.matchAll(FRAME)].map(([, line]) => Number(line));
}

/** An error of the language itself, with its place. `level` 2: the place of the caller. */
export function raise(message: string, level = 1): never {
  throw new LuaError(`${placeOf(level)}${message}`);
}

export function placeOf(level: number): string {
  const line = currentLines()[level - 1];
  return line === undefined ? '' : `user_script:${line}: `;
}
