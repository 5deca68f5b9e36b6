import { MalformedError } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';

/** Deeper nesting is refused: whoever gets the message walks it by recursion. */
const MAX_DEPTH = 100;
const TWO_32 = 2 ** 32;

/** Values of tables, by RabbitMQ's names of their types. Strings are one-byte (latin1) strings. */
export type FieldValue =
  | { readonly type: 'longstr' | 'binary'; readonly value: string }
  | { readonly type: IntegerType; readonly value: number }
  | { readonly type: 'long' | 'timestamp'; readonly value: number | bigint }
  | { readonly type: 'float' | 'double'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'decimal'; readonly value: { readonly scale: number; readonly digits: number } }
  | { readonly type: 'table'; readonly value: FieldTable }
  | { readonly type: 'array'; readonly value: readonly FieldValue[] }
  | { readonly type: 'void'; readonly value: undefined };

export type IntegerType = 'byte' | 'unsignedbyte' | 'short' | 'unsignedshort' | 'signedint' | 'unsignedint';
export type FieldType = FieldValue['type'];

/** In the order of the wire; where a name is there twice, the first counts. */
export type FieldTable = readonly (readonly [name: string, value: FieldValue])[];

export function lookUp(table: FieldTable | undefined, name: string): FieldValue | undefined {
  if (table) for (const [each, value] of table) if (each === name) return value;
  return undefined;
}

const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;

export const sorted = (table: FieldTable): FieldTable => [...table].sort(byName);

/** With the value in place of the one of that name; sorted, as RabbitMQ leaves what it changes. */
export const withField = (table: FieldTable, name: string, value: FieldValue): FieldTable =>
  sorted([...table.filter(([each]) => each !== name), [name, value]]);

/** Whether Erlang's `==` holds between them: types of numbers do not count. */
export function sameValue(a: FieldValue, b: FieldValue): boolean {
  const [left, right] = [a.value, b.value];
  if (typeof left === 'object' && typeof right === 'object') return textOf(a) === textOf(b);
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint is compared with a number by its value.
  return typeof left === 'boolean' || typeof right === 'boolean' ? left === right : left == right;
}

const textOf = (value: FieldValue): string =>
  JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? each.toString() : each));

const CODES: Record<FieldType, number> = {
  longstr: 0x53, // S
  signedint: 0x49, // I
  decimal: 0x44, // D
  timestamp: 0x54, // T
  table: 0x46, // F
  array: 0x41, // A
  byte: 0x62, // b
  unsignedbyte: 0x42, // B
  double: 0x64, // d
  float: 0x66, // f
  long: 0x6c, // l
  short: 0x73, // s
  unsignedshort: 0x75, // u
  unsignedint: 0x69, // i
  bool: 0x74, // t
  binary: 0x78, // x
  void: 0x56, // V
};

const TYPES: (FieldType | undefined)[] = [];
for (const [type, code] of Object.entries(CODES)) TYPES[code] = type as FieldType;
// RabbitMQ reads both as a long.
TYPES[0x4c] = 'long';

/** Bytes of a value whose size does not depend on it; -1 where a length of four bytes comes first. */
const SIZES: Record<FieldType, number> = {
  longstr: -1,
  binary: -1,
  table: -1,
  array: -1,
  byte: 1,
  unsignedbyte: 1,
  bool: 1,
  short: 2,
  unsignedshort: 2,
  signedint: 4,
  unsignedint: 4,
  float: 4,
  decimal: 5,
  long: 8,
  timestamp: 8,
  double: 8,
  void: 0,
};

const typeOf = (code: number): FieldType => {
  const type = TYPES[code];
  if (type === undefined) throw new MalformedError(`a field has the unknown type ${code}`);
  return type;
};

/** Walks a table (its length and what follows) without keeping anything; throws a `MalformedError` where it is none. */
export function skipTable(reader: Reader): void {
  const ends = [enter(reader, reader.end)];
  const named = [true];
  while (ends.length > 0) {
    const end = ends[ends.length - 1] as number;
    if (reader.at === end) {
      ends.pop();
      named.pop();
      continue;
    }
    if (named[named.length - 1]) reader.take(reader.octet());
    const type = typeOf(reader.octet());
    const size = SIZES[type];
    if (type === 'table' || type === 'array') {
      if (ends.length > MAX_DEPTH) throw new MalformedError('tables are nested too deep');
      ends.push(enter(reader, end));
      named.push(type === 'table');
    } else reader.take(size === -1 ? reader.long() : size);
    if (reader.at > end) throw new MalformedError('a field goes beyond the end of its table');
  }
}

/** The end of the table or array whose length comes next; it must lie within `limit`. */
const enter = (reader: Reader, limit: number): number => {
  const length = reader.long();
  const end = reader.at + length;
  if (end > limit) throw new MalformedError('a table is longer than what it is in');
  return end;
};

export function readTable(reader: Reader, limit = reader.end, depth = 0): FieldTable {
  if (depth > MAX_DEPTH) throw new MalformedError('tables are nested too deep');
  const end = enter(reader, limit);
  const table: [string, FieldValue][] = [];
  while (reader.at < end) table.push([reader.shortstr(), readValue(reader, end, depth)]);
  checkEnd(reader, end);
  return table;
}

function readArray(reader: Reader, limit: number, depth: number): FieldValue[] {
  if (depth > MAX_DEPTH) throw new MalformedError('tables are nested too deep');
  const end = enter(reader, limit);
  const values: FieldValue[] = [];
  while (reader.at < end) values.push(readValue(reader, end, depth));
  checkEnd(reader, end);
  return values;
}

const checkEnd = (reader: Reader, end: number): void => {
  if (reader.at !== end) throw new MalformedError('a field goes beyond the end of its table');
};

function readValue(reader: Reader, limit: number, depth: number): FieldValue {
  const type = typeOf(reader.octet());
  const { buffer } = reader;
  switch (type) {
    case 'longstr':
    case 'binary':
      return { type, value: reader.longstr() };
    case 'table':
      return { type, value: readTable(reader, limit, depth + 1) };
    case 'array':
      return { type, value: readArray(reader, limit, depth + 1) };
    case 'byte':
      return { type, value: buffer.readInt8(reader.take(1)) };
    case 'unsignedbyte':
      return { type, value: reader.octet() };
    case 'bool':
      return { type, value: reader.octet() !== 0 };
    case 'short':
      return { type, value: buffer.readInt16BE(reader.take(2)) };
    case 'unsignedshort':
      return { type, value: reader.short() };
    case 'signedint':
      return { type, value: buffer.readInt32BE(reader.take(4)) };
    case 'unsignedint':
      return { type, value: reader.long() };
    case 'float':
      return { type, value: buffer.readFloatBE(reader.take(4)) };
    case 'double':
      return { type, value: buffer.readDoubleBE(reader.take(8)) };
    case 'decimal':
      return { type, value: { scale: reader.octet(), digits: reader.long() } };
    case 'long':
      return { type, value: asNumber(buffer.readBigInt64BE(reader.take(8))) };
    case 'timestamp':
      return { type, value: asNumber(buffer.readBigUInt64BE(reader.take(8))) };
    case 'void':
      return { type, value: undefined };
  }
}

const asNumber = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

/** A table as it is sent, with its length. */
export function encodeTable(table: FieldTable): string {
  let fields = '';
  for (const [name, value] of table) fields += shortText(name) + encodeValue(value);
  return long(fields.length) + fields;
}

function encodeValue(field: FieldValue): string {
  const code = String.fromCharCode(CODES[field.type]);
  switch (field.type) {
    case 'longstr':
    case 'binary':
      return code + long(field.value.length) + field.value;
    case 'table':
      return code + encodeTable(field.value);
    case 'array': {
      const values = field.value.map(encodeValue).join('');
      return code + long(values.length) + values;
    }
    case 'bool':
      return code + (field.value ? '\x01' : '\0');
    case 'byte':
    case 'unsignedbyte':
      return code + String.fromCharCode(field.value & 0xff);
    case 'short':
    case 'unsignedshort':
      return code + String.fromCharCode((field.value >> 8) & 0xff, field.value & 0xff);
    case 'signedint':
    case 'unsignedint':
      return code + long(field.value);
    case 'decimal':
      return code + String.fromCharCode(field.value.scale) + long(field.value.digits);
    case 'float':
      return code + inBytes(4, (buffer) => buffer.writeFloatBE(field.value));
    case 'double':
      return code + inBytes(8, (buffer) => buffer.writeDoubleBE(field.value));
    case 'long':
    case 'timestamp':
      return code + inBytes(8, (buffer) => buffer.writeBigInt64BE(BigInt.asIntN(64, BigInt(field.value))));
    case 'void':
      return code;
  }
}

const shortText = (text: string): string => String.fromCharCode(text.length) + text;

const long = (value: number): string => {
  const bits = value % TWO_32;
  return String.fromCharCode((bits >>> 24) & 0xff, (bits >>> 16) & 0xff, (bits >>> 8) & 0xff, bits & 0xff);
};

const inBytes = (bytes: number, write: (buffer: Buffer) => void): string => {
  const buffer = Buffer.alloc(bytes);
  write(buffer);
  return buffer.toString('latin1');
};
