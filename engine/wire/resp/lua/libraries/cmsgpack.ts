import { raise } from '../errors.ts';
import { type LuaFunction, LuaTable, type LuaValue } from '../table.ts';
import { badArgument, integerArgument, stringArgument } from './arguments.ts';

/** Deeper tables become nil, as in the real library. */
const MAX_NESTING = 16;
const scratch = Buffer.alloc(9);

const text = (bytes: number): string => scratch.toString('latin1', 0, bytes);

function packInteger(value: number): string {
  if (value >= 0) {
    if (value <= 127) return String.fromCharCode(value);
    if (value <= 0xff) return `\xcc${String.fromCharCode(value)}`;
    if (value <= 0xffff) return header(0xcd, 2, value);
    if (value <= 0xffffffff) return header(0xce, 4, value);
    scratch[0] = 0xcf;
    scratch.writeBigUInt64BE(BigInt(value), 1);
    return text(9);
  }
  if (value >= -32) return String.fromCharCode(256 + value);
  if (value >= -128) return `\xd0${String.fromCharCode(256 + value)}`;
  if (value >= -32768) return header(0xd1, 2, 65536 + value);
  if (value >= -2147483648) return header(0xd2, 4, 4294967296 + value);
  scratch[0] = 0xd3;
  scratch.writeBigInt64BE(BigInt(value), 1);
  return text(9);
}

/** A byte that says what follows, and a number of two or four bytes. */
function header(type: number, bytes: 2 | 4, value: number): string {
  scratch[0] = type;
  scratch.writeUIntBE(value, 1, bytes);
  return text(1 + bytes);
}

function packNumber(value: number): string {
  if (Math.floor(value) === value && value > -(2 ** 63) && value < 2 ** 64) return packInteger(value);
  if (Math.fround(value) === value || Number.isNaN(value)) {
    scratch[0] = 0xca;
    scratch.writeFloatBE(value, 1);
    return text(5);
  }
  scratch[0] = 0xcb;
  scratch.writeDoubleBE(value, 1);
  return text(9);
}

function packString(value: string): string {
  const { length } = value;
  if (length < 32) return String.fromCharCode(0xa0 | length) + value;
  if (length <= 0xff) return `\xd9${String.fromCharCode(length)}${value}`;
  return (length <= 0xffff ? header(0xda, 2, length) : header(0xdb, 4, length)) + value;
}

const count = (size: number, fix: number, type: number): string =>
  size < 16 ? String.fromCharCode(fix | size) : size <= 0xffff ? header(type, 2, size) : header(type + 1, 4, size);

/** Whether its keys are exactly 1 … n. */
const isArray = (table: LuaTable): boolean =>
  !table.array.includes(undefined) && table.nextFrom(table.length) === undefined;

function pack(value: LuaValue, level: number): string {
  if (typeof value === 'string') return packString(value);
  if (typeof value === 'number') return packNumber(value);
  if (typeof value === 'boolean') return value ? '\xc3' : '\xc2';
  if (!(value instanceof LuaTable) || level >= MAX_NESTING) return '\xc0';
  if (isArray(value))
    return count(value.length, 0x90, 0xdc) + value.array.map((each) => pack(each, level + 1)).join('');
  let [size, entries] = [0, ''];
  for (let pair = value.next(undefined); pair; pair = value.next(pair[0])) {
    size += 1;
    entries += pack(pair[0], level + 1) + pack(pair[1], level + 1);
  }
  return count(size, 0x80, 0xde) + entries;
}

/** Substrings shorter than this are copies in V8; longer ones would keep all of the data alive for as long as they live. */
const SHORTEST_SLICE = 13;

/**
 * The text keys that were read last, by their places in the data. Data of one kind has the same keys in the same order, and the
 * same string again is found in a table without its hash being made anew.
 */
const repeatedKeys: string[] = [];
const REPEATED_KEYS = 64;

/** Reads values one after the other. */
class Unpacker {
  readonly #data: string;
  /** Of the data, once something of it needs more than its characters. */
  #bytes: Buffer | null = null;
  #keys = 0;
  at: number;

  constructor(data: string, at: number) {
    this.#data = data;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#data.length;
  }

  value(depth = 0): LuaValue {
    if (depth > 200) raise('Bad data format in input.');
    const type = this.#data.charCodeAt(this.#take(1));
    if (type < 0x80) return type;
    if (type < 0x90) return this.#map(type & 15, depth);
    if (type < 0xa0) return this.#array(type & 15, depth);
    if (type < 0xc0) return this.#string(type & 31);
    if (type >= 0xe0) return type - 256;
    switch (type) {
      case 0xc0:
        return undefined;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return this.#buffer().readFloatBE(this.#take(4));
      case 0xcb:
        return this.#buffer().readDoubleBE(this.#take(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#number(1 << (type - 0xcc));
      case 0xcf:
        return Number(this.#buffer().readBigUInt64BE(this.#take(8)));
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const bytes = 1 << (type - 0xd0);
        return this.#buffer().readIntBE(this.#take(bytes), bytes);
      }
      case 0xd3:
        return Number(this.#buffer().readBigInt64BE(this.#take(8)));
      case 0xc4:
      case 0xd9:
        return this.#string(this.#number(1));
      case 0xc5:
      case 0xda:
        return this.#string(this.#number(2));
      case 0xc6:
      case 0xdb:
        return this.#string(this.#number(4));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#number(type === 0xdc ? 2 : 4), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#number(type === 0xde ? 2 : 4), depth);
      default:
        return raise('Bad data format in input.');
    }
  }

  /** Where the next bytes stand, which are taken. */
  #take(bytes: number): number {
    const from = this.at;
    if (from + bytes > this.#data.length) raise('Missing bytes in input.');
    this.at = from + bytes;
    return from;
  }

  #buffer(): Buffer {
    this.#bytes ??= Buffer.from(this.#data, 'latin1');
    return this.#bytes;
  }

  #number(bytes: number): number {
    let number = 0;
    for (let place = this.#take(bytes); place < this.at; place += 1)
      number = number * 256 + this.#data.charCodeAt(place);
    return number;
  }

  #string(bytes: number): string {
    const from = this.#take(bytes);
    return bytes < SHORTEST_SLICE
      ? this.#data.substring(from, this.at)
      : this.#buffer().toString('latin1', from, this.at);
  }

  #key(depth: number): LuaValue {
    const place = this.#keys;
    this.#keys += 1;
    const bytes = this.#data.charCodeAt(this.at) - 0xa0;
    if (place >= REPEATED_KEYS || !(bytes >= 0 && bytes < SHORTEST_SLICE)) return this.value(depth);
    const known = repeatedKeys[place];
    if (known !== undefined && known.length === bytes && this.#data.startsWith(known, this.at + 1)) {
      this.at += 1 + bytes;
      return known;
    }
    const key = this.value(depth);
    repeatedKeys[place] = key as string;
    return key;
  }

  #array(length: number, depth: number): LuaTable {
    const values: LuaValue[] = [];
    for (let i = 0; i < length; i += 1) values.push(this.value(depth + 1));
    return new LuaTable(values);
  }

  #map(size: number, depth: number): LuaTable {
    const table = new LuaTable();
    for (let i = 0; i < size; i += 1) {
      const key = this.#key(depth + 1);
      const value = this.value(depth + 1);
      if (key === undefined || Number.isNaN(key)) raise('Bad data format in input.');
      table.set(key, value);
    }
    return table;
  }
}

function unpackSome(data: string, from: number, limit: number): { values: LuaValue[]; next: number } {
  const unpacker = new Unpacker(data, from);
  const values: LuaValue[] = [];
  while (!unpacker.isAtEnd && values.length < limit) values.push(unpacker.value());
  return { values, next: unpacker.isAtEnd ? -1 : unpacker.at };
}

const limited: LuaFunction = (...args) => {
  const data = stringArgument('unpack_limit', args, 1);
  const limit = integerArgument('unpack_limit', args, 2);
  const offset = integerArgument('unpack_limit', args, 3, 0);
  if (limit < 0 || offset < 0) raise(`Invalid request to unpack with offset of ${offset} and limit of ${data.length}.`);
  if (offset > data.length) raise(`Start offset ${offset} greater than input length ${data.length}.`);
  const { values, next } = unpackSome(data, offset, limit || Number.POSITIVE_INFINITY);
  return [next, ...values];
};

export const cmsgpack: Record<string, LuaValue> = {
  pack: (...args: LuaValue[]) => {
    if (args.length === 0) badArgument('pack', 0, 'MessagePack pack needs input.');
    return args.map((value) => pack(value, 0)).join('');
  },
  unpack: (...args: LuaValue[]) => unpackSome(stringArgument('unpack', args, 1), 0, Number.POSITIVE_INFINITY).values,
  unpack_one: (...args: LuaValue[]) => limited(args[0], 1, args[1] ?? 0),
  unpack_limit: limited,
  _NAME: 'cmsgpack',
  _VERSION: 'lua-cmsgpack 0.4.0',
};
