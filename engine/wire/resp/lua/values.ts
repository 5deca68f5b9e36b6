import { formatG, plainInteger } from '../numbers.ts';
import { raise } from './errors.ts';
import { type LuaFunction, LuaTable, type LuaValue, Userdata } from './table.ts';

export const typeName = (value: LuaValue): string =>
  value === undefined
    ? 'nil'
    : value instanceof LuaTable
      ? 'table'
      : value instanceof Userdata
        ? 'userdata'
        : typeof value;

/** A number in a string: `%.14g`. */
export const numberText = (value: number): string => (Number.isNaN(value) ? '-nan' : formatG(value, 14));

/** A string as a number, as `strtod` reads one; undefined if it is none. */
export function parseNumber(text: string): number | undefined {
  const plain = plainInteger(text);
  if (plain !== null) return plain;
  const trimmed = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) return Number(trimmed);
  const [, sign, digits] = /^([+-]?)0[xX]([0-9a-fA-F]+)$/.exec(trimmed) ?? [];
  if (digits !== undefined) return Number(`0x${digits}`) * (sign === '-' ? -1 : 1);
  const [, minus, word] = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(trimmed) ?? [];
  if (word === undefined) return undefined;
  if (/nan/i.test(word)) return Number.NaN;
  return minus === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

export const toNumber = (value: LuaValue): number | undefined =>
  typeof value === 'number' ? value : typeof value === 'string' ? parseNumber(value) : undefined;

export const first = (result: LuaValue | LuaValue[]): LuaValue => (Array.isArray(result) ? result[0] : result);

export const spread = (result: LuaValue | LuaValue[]): LuaValue[] => (Array.isArray(result) ? result : [result]);

const metatables: { string: LuaTable | null } = { string: null };

/** Methods of strings, as in `("x"):rep(3)`. */
export const setStringMethods = (methods: LuaTable): void => {
  metatables.string = new LuaTable();
  metatables.string.set('__index', methods);
};

export function metaOf(value: LuaValue, event: string): LuaValue {
  if (value instanceof LuaTable) return value.metatable?.get(event);
  return typeof value === 'string' ? metatables.string?.get(event) : undefined;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function addressOf(value: object): string {
  let identity = identities.get(value);
  if (identity === undefined) {
    lastIdentity += 1;
    identity = lastIdentity;
    identities.set(value, identity);
  }
  return `0x${(0x55550000 + identity * 32).toString(16).padStart(12, '0')}`;
}

export function toText(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (value === undefined) return 'nil';
  if (typeof value === 'boolean') return String(value);
  const meta = metaOf(value, '__tostring');
  if (meta !== undefined) {
    const text = first(callValue(meta, [value]));
    return typeof text === 'string' ? text : raise("'tostring' must return a string to 'print'");
  }
  return `${typeName(value)}: ${addressOf(value)}`;
}

/** The function that a value is or stands for; else an error that names it. */
export function functionOf(value: LuaValue, what: string): LuaFunction {
  if (typeof value === 'function') return value;
  const meta = metaOf(value, '__call');
  if (typeof meta === 'function') return (...args) => meta(value, ...args);
  return raise(
    `attempt to call ${what === '' ? `a ${typeName(value)} value` : `${what} (a ${typeName(value)} value)`}`,
  );
}

interface Resumable {
  next(value?: unknown): { done?: boolean; value: unknown };
}

const isRunning = (result: unknown): result is Resumable =>
  typeof result === 'object' &&
  result !== null &&
  typeof (result as Resumable).next === 'function' &&
  !(result instanceof LuaTable);

/** A call from one of our functions. Code that may yield cannot do so across it, as in Lua 5.1. */
export function callValue(callee: LuaValue, args: readonly LuaValue[]): LuaValue | LuaValue[] {
  const result: unknown = functionOf(callee, '')(...args);
  if (!isRunning(result)) return result as LuaValue;
  const { done, value } = result.next();
  return done ? (value as LuaValue) : raise('attempt to yield across metamethod/C-call boundary');
}
