import { raise } from '../errors.ts';
import { type LuaFunction, LuaTable, type LuaValue, Userdata } from '../table.ts';
import { numberText, typeName } from '../values.ts';
import { integerArgument, stringArgument } from './arguments.ts';
import { decodeJson } from './json-decoder.ts';

/** The null of JSON, which is not nil. */
const jsonNull = new Userdata();

const MAX_DEPTH = 1000;
/** Arrays with more holes than this are refused: most elements without a look, and how many times its entries beyond. */
const SPARSE_SAFE = 10;
const SPARSE_RATIO = 2;

const shortEscapes: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what JSON must escape
const ESCAPED = /["\\/\x00-\x1f\x7f]/g;

const quote = (text: string): string =>
  `"${text.replace(ESCAPED, (character) => shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;

function encodeNumber(value: number): string {
  return Number.isFinite(value) ? numberText(value) : raise('Cannot serialise number: must not be NaN or Inf');
}

/** The length of an array; -1: it is an object. */
function arrayLength(table: LuaTable): number {
  let [most, count] = [0, 0];
  for (let pair = table.nextFrom(table.length); pair; pair = table.next(pair[0])) {
    const [key] = pair;
    if (typeof key !== 'number' || key < 1 || Math.floor(key) !== key) return -1;
    if (key > most) most = key;
    count += 1;
  }
  if (most === 0) return table.length;
  const entries = count + table.array.filter((value) => value !== undefined).length;
  if (most > SPARSE_SAFE && most > entries * SPARSE_RATIO) raise('Cannot serialise table: excessively sparse array');
  return most;
}

function encodeValue(value: LuaValue, depth: number): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return encodeNumber(value);
  if (value === undefined || value === jsonNull) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (!(value instanceof LuaTable)) return raise(`Cannot serialise ${typeName(value)}: type not supported`);
  if (depth > MAX_DEPTH) raise(`Cannot serialise, excessive depth (${depth})`);
  const length = arrayLength(value);
  if (length > 0) {
    let text = '[';
    for (let place = 1; place <= length; place += 1)
      text += `${place > 1 ? ',' : ''}${encodeValue(value.get(place), depth + 1)}`;
    return `${text}]`;
  }
  let text = '{';
  for (let pair = value.next(undefined); pair; pair = value.next(pair[0])) {
    const [key, held] = pair;
    if (typeof key !== 'string' && typeof key !== 'number')
      raise(`Cannot serialise ${typeName(key)}: table key must be a number or string`);
    text += `${text === '{' ? '' : ','}${typeof key === 'number' ? `"${encodeNumber(key)}"` : quote(key as string)}:${encodeValue(held, depth + 1)}`;
  }
  return `${text}}`;
}

/** Settings of the real library that have no effect here but for their checks. */
const setting =
  (name: string, standard: number): LuaFunction =>
  (...args) =>
    integerArgument(name, args, 1, standard);

export const cjson: Record<string, LuaValue> = {
  encode: (...args: LuaValue[]) => {
    if (args.length !== 1) raise("bad argument #1 to 'encode' (expected 1 argument)");
    return encodeValue(args[0], 1);
  },
  decode: (...args: LuaValue[]) => {
    if (args.length !== 1) raise("bad argument #1 to 'decode' (expected 1 argument)");
    return decodeJson(stringArgument('decode', args, 1), jsonNull, MAX_DEPTH);
  },
  null: jsonNull,
  encode_max_depth: setting('encode_max_depth', MAX_DEPTH),
  decode_max_depth: setting('decode_max_depth', MAX_DEPTH),
  encode_number_precision: setting('encode_number_precision', 14),
  encode_keep_buffer: () => true,
  encode_sparse_array: () => [false, SPARSE_RATIO, SPARSE_SAFE],
  encode_invalid_numbers: () => false,
  decode_invalid_numbers: () => true,
  _NAME: 'cjson',
  _VERSION: '2.1.0',
};
