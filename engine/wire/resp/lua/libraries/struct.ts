import { raise } from '../errors.ts';
import type { LuaFunction, LuaValue } from '../table.ts';
import { badArgument, integerArgument, numberArgument, stringArgument } from './arguments.ts';

interface Item {
  kind: 'integer' | 'float' | 'text' | 'rest' | 'pad';
  bytes: number;
  isSigned: boolean;
  isLittle: boolean;
  align: number;
}

const integerBytes: Record<string, number> = { b: 1, h: 2, i: 4, l: 8, t: 8 };
const MAX_INTEGER_BYTES = 32;

/** The items of a format such as `>I2s`; a number behind a letter is its size. */
function* items(format: string): Generator<Item> {
  let isLittle = true;
  let align = 1;
  let at = 0;
  const size = (otherwise: number): number => {
    const digits = /^\d+/.exec(format.slice(at))?.[0] ?? '';
    at += digits.length;
    const bytes = digits === '' ? otherwise : Number(digits);
    return bytes > 0x7fffffff ? raise('integral size overflow') : bytes;
  };
  while (at < format.length) {
    const letter = format[at] as string;
    at += 1;
    const item = (kind: Item['kind'], bytes: number, isSigned = false): Item => ({
      kind,
      bytes,
      isSigned,
      isLittle,
      align,
    });
    const lower = letter.toLowerCase();
    if (letter === '>' || letter === '<') isLittle = letter === '<';
    else if (letter === '!') {
      align = size(8);
      if (align === 0 || (align & (align - 1)) !== 0) raise('alignment is not a power of 2');
    } else if (letter === ' ') continue;
    else if (letter === 'x') yield item('pad', 1);
    else if (letter === 's') yield item('rest', 0);
    else if (letter === 'c') yield item('text', size(1));
    else if (letter === 'f' || letter === 'd') yield item('float', letter === 'f' ? 4 : 8);
    else if (lower === 'i') {
      const bytes = size(4);
      if (bytes > MAX_INTEGER_BYTES) raise(`integral size ${bytes} is larger than limit of ${MAX_INTEGER_BYTES}`);
      yield item('integer', bytes, letter === 'i');
    } else if (Object.hasOwn(integerBytes, lower))
      yield item('integer', integerBytes[lower] as number, letter === lower);
    else raise(`invalid format option '${letter}'`);
  }
}

const padding = ({ kind, bytes, align }: Item, at: number): number => {
  if (kind !== 'integer' && kind !== 'float') return 0;
  const to = Math.min(bytes, align);
  return to <= 1 ? 0 : (to - (at & (to - 1))) & (to - 1);
};

function writeInteger(value: number, { bytes, isLittle }: Item): string {
  let rest = BigInt.asUintN(bytes * 8, Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n);
  let text = '';
  for (let i = 0; i < bytes; i += 1) {
    text += String.fromCharCode(Number(rest & 255n));
    rest >>= 8n;
  }
  return isLittle ? text : [...text].reverse().join('');
}

function readInteger(text: string, { isLittle, isSigned, bytes }: Item): number {
  let value = 0n;
  for (let i = 0; i < bytes; i += 1) value = (value << 8n) | BigInt(text.charCodeAt(isLittle ? bytes - 1 - i : i));
  return Number(isSigned ? BigInt.asIntN(bytes * 8, value) : value);
}

function writeFloat(value: number, { bytes, isLittle }: Item): string {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 4) buffer.writeFloatLE(value);
  else buffer.writeDoubleLE(value);
  return (isLittle ? buffer : buffer.reverse()).toString('latin1');
}

function readFloat(text: string, { bytes, isLittle }: Item): number {
  const buffer = Buffer.from(text, 'latin1');
  if (!isLittle) buffer.reverse();
  return bytes === 4 ? buffer.readFloatLE() : buffer.readDoubleLE();
}

const pack: LuaFunction = (...args) => {
  let result = '';
  let place = 1;
  for (const item of items(stringArgument('pack', args, 1))) {
    result += '\0'.repeat(padding(item, result.length));
    if (item.kind === 'pad') {
      result += '\0';
      continue;
    }
    place += 1;
    if (item.kind === 'integer') result += writeInteger(numberArgument('pack', args, place), item);
    else if (item.kind === 'float') result += writeFloat(numberArgument('pack', args, place), item);
    else {
      const text = stringArgument('pack', args, place);
      const bytes = item.kind === 'rest' || item.bytes === 0 ? text.length : item.bytes;
      if (text.length < bytes) badArgument('pack', place, 'string too short');
      result += text.slice(0, bytes) + (item.kind === 'rest' ? '\0' : '');
    }
  }
  return result;
};

const unpack: LuaFunction = (...args) => {
  const format = stringArgument('unpack', args, 1);
  const data = stringArgument('unpack', args, 2);
  let at = integerArgument('unpack', args, 3, 1) - 1;
  if (at < 0) raise('offset must be 1 or greater');
  const values: LuaValue[] = [];
  for (const item of items(format)) {
    at += padding(item, at);
    if (item.kind === 'rest') {
      const end = data.indexOf('\0', at);
      if (end === -1) raise('unfinished string in data');
      values.push(data.slice(at, end));
      at = end + 1;
      continue;
    }
    let { bytes } = item;
    if (item.kind === 'text' && bytes === 0) {
      const length = values.pop();
      if (typeof length !== 'number') return raise("format 'c0' needs a previous size");
      bytes = length;
    }
    if (at + bytes > data.length) badArgument('unpack', 2, 'data string too short');
    const text = data.slice(at, at + bytes);
    at += bytes;
    if (item.kind === 'integer') values.push(readInteger(text, item));
    else if (item.kind === 'float') values.push(readFloat(text, item));
    else if (item.kind === 'text') values.push(text);
  }
  return [...values, at + 1];
};

export const struct: Record<string, LuaFunction> = {
  pack,
  unpack,
  size: (...args) => {
    let bytes = 0;
    for (const item of items(stringArgument('size', args, 1))) {
      bytes += padding(item, bytes);
      if (item.kind === 'rest') badArgument('size', 1, "variable-size format for 'size'");
      if (item.kind === 'text' && item.bytes === 0) badArgument('size', 1, "variable-length format for 'size'");
      bytes += item.bytes;
    }
    return bytes;
  },
};
