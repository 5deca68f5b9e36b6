import { LuaError, OutOfFuel, placeOf, raise } from '../errors.ts';
import { next } from '../operators.ts';
import { type LuaFunction, LuaTable, type LuaValue } from '../table.ts';
import { callValue, first, metaOf, parseNumber, spread, toText, typeName } from '../values.ts';
import { anyArgument, badArgument, integerArgument, stringArgument, tableArgument } from './arguments.ts';

/** Lua's limit of what one call may get from `unpack`. */
const MAX_UNPACKED = 8000;

/** What an error of whatever kind is to a script. Running out of fuel is none that it may hold up. */
export function caughtValue(error: unknown): LuaValue {
  if (error instanceof LuaError) return error.value as LuaValue;
  if (error instanceof OutOfFuel) throw error;
  if (error instanceof RangeError)
    return /call stack/i.test(error.message) ? `${placeOf(1)}stack overflow` : 'not enough memory';
  throw error;
}

function protectedCall(callee: LuaValue, args: readonly LuaValue[], handle: (value: LuaValue) => LuaValue): LuaValue[] {
  try {
    return [true, ...spread(callValue(callee, args))];
  } catch (error) {
    return [false, handle(caughtValue(error))];
  }
}

/** Redis' own `pcall` gives the text of an error of a command. */
function textOf(value: LuaValue): LuaValue {
  const text = value instanceof LuaTable ? value.get('err') : undefined;
  return typeof text === 'string' ? text : value;
}

const iterateArray: LuaFunction = (table, place) => {
  const index = (place as number) + 1;
  const value = (table as LuaTable).get(index);
  return value === undefined ? undefined : [index, value];
};

function toNumberOf(...args: LuaValue[]): LuaValue {
  const value = anyArgument('tonumber', args, 1);
  const base = integerArgument('tonumber', args, 2, 10);
  if (base === 10)
    return typeof value === 'number' ? value : typeof value === 'string' ? parseNumber(value) : undefined;
  if (base < 2 || base > 36) badArgument('tonumber', 2, 'base out of range');
  const text = toText(value).trim().toLowerCase();
  const digits = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  const [, minus, number = ''] = /^(-?)([0-9a-z]+)$/.exec(base === 16 ? text.replace(/^(-?)0x/, '$1') : text) ?? [];
  if (number === '' || [...number].some((digit) => !digits.includes(digit))) return undefined;
  let sum = 0;
  for (const digit of number) sum = sum * base + digits.indexOf(digit);
  return minus ? -sum : sum;
}

export const base: Record<string, LuaFunction> = {
  assert: (...args) => {
    const value = anyArgument('assert', args, 1);
    if (value !== undefined && value !== false) return args;
    return raise(args.length > 1 ? stringArgument('assert', args, 2) : 'assertion failed!');
  },
  collectgarbage: (what = 'collect') => (what === 'count' ? 0 : 0),
  gcinfo: () => 0,
  error: (...args) => {
    const level = integerArgument('error', args, 2, 1);
    const [value] = args;
    throw new LuaError(typeof value === 'string' && level > 0 ? `${placeOf(level)}${value}` : value);
  },
  getmetatable: (...args) => {
    anyArgument('getmetatable', args, 1);
    const [value] = args;
    const hidden = metaOf(value, '__metatable');
    return hidden ?? (value instanceof LuaTable ? (value.metatable ?? undefined) : undefined);
  },
  setmetatable: (...args) => {
    const table = tableArgument('setmetatable', args, 1);
    const metatable = args[1];
    if (metatable !== undefined && !(metatable instanceof LuaTable))
      badArgument('setmetatable', 2, 'nil or table expected');
    if (table.readonly) throw new LuaError('Attempt to modify a readonly table');
    if (table.metatable?.get('__metatable') !== undefined) raise('cannot change a protected metatable');
    table.metatable = metatable ?? null;
    return table;
  },
  ipairs: (...args) => [iterateArray, tableArgument('ipairs', args, 1), 0],
  next,
  pairs: (...args) => [next, tableArgument('pairs', args, 1), undefined],
  pcall: (...args) => {
    const [callee, ...rest] = args;
    anyArgument('pcall', args, 1);
    return protectedCall(callee, rest, textOf);
  },
  xpcall: (callee, handler) => protectedCall(callee, [], (value) => first(callValue(handler, [value]))),
  rawequal: (a, b) => a === b,
  rawget: (...args) => tableArgument('rawget', args, 1).get(args[1]),
  rawset: (...args) => {
    const table = tableArgument('rawset', args, 1);
    if (table.readonly) throw new LuaError('Attempt to modify a readonly table');
    if (args[1] === undefined) raise('table index is nil');
    if (Number.isNaN(args[1])) raise('table index is NaN');
    table.set(args[1], args[2]);
    return table;
  },
  select: (...args) => {
    if (args[0] === '#') return args.length - 1;
    const place = integerArgument('select', args, 1);
    if (place < 0 && -place <= args.length - 1) return args.slice(args.length + place);
    if (place < 1) badArgument('select', 1, 'index out of range');
    return args.slice(place);
  },
  tonumber: toNumberOf,
  tostring: (...args) => toText(anyArgument('tostring', args, 1)),
  type: (...args) => typeName(anyArgument('type', args, 1)),
  unpack: (...args) => {
    const table = tableArgument('unpack', args, 1);
    const from = integerArgument('unpack', args, 2, 1);
    const to = integerArgument('unpack', args, 3, table.length);
    if (to - from + 1 > MAX_UNPACKED) raise('too many results to unpack');
    const values: LuaValue[] = [];
    for (let place = from; place <= to; place += 1) values.push(table.get(place));
    return values;
  },
};
