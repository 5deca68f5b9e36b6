/** The chunk is no Lua. */
export class LuaSyntaxError extends Error {}

/** What `error` throws: any value of Lua, and the line of the script that did. */
export class LuaError extends Error {
  readonly value: unknown;
  readonly line: number;
  constructor(value: unknown) {
    super(typeof value === 'string' ? value : 'an error of Lua that is no text');
    this.value = value;
    this.line = currentPlaces()[0]?.line ?? 1;
  }
}

/** The script has run for too long; no `pcall` holds it up. */
export class OutOfFuel extends Error {}

/** What errors call the chunk that they come from. */
export type ChunkName = 'user_script' | 'user_function';

/** The name under which V8 knows a compiled chunk, in traces. */
export const fileNameOf = (chunk: ChunkName): string => `lua-chunk-${chunk}`;

const FRAME = /lua-chunk-(\w+):(\d+):\d+/g;

/** Where Lua is being executed, the innermost place first. Compiled code has the lines of its source. */
function currentPlaces(): { chunk: string; line: number }[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 30;
  const { stack = '' } = new Error('where');
  Error.stackTraceLimit = stackTraceLimit;
  return [...stack.matchAll(FRAME)].map(([, chunk = '', line]) => ({ chunk, line: Number(line) }));
}

/** An error of the language itself, with its place. `level` 2: the place of the caller. */
export function raise(message: string, level = 1): never {
  throw new LuaError(`${placeOf(level)}${message}`);
}

export function placeOf(level: number): string {
  const place = currentPlaces()[level - 1];
  return place ? `${place.chunk}:${place.line}: ` : '';
}
