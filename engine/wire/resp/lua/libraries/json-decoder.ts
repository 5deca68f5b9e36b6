import { raise } from '../errors.ts';
import { LuaTable, type LuaValue, type Userdata } from '../table.ts';

const escapes: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** JSON as values of Lua. Characters beyond ASCII in `\u` escapes become the bytes of UTF-8. */
export function decodeJson(text: string, nothing: Userdata, maxDepth: number): LuaValue {
  let at = 0;

  const skip = (): void => {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      at += 1;
    }
  };

  const fail = (expected: string): never => {
    const token =
      at >= text.length ? 'T_END' : /[\w"]/.test(text[at] as string) ? 'invalid token' : tokenAt(text[at] as string);
    return raise(`Expected ${expected} but found ${token} at character ${at + 1}`);
  };

  const string = (): string => {
    at += 1;
    let result = '';
    let from = at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 34) {
        result += text.slice(from, at);
        at += 1;
        return result;
      }
      if (Number.isNaN(code)) return raise(`Expected value but found invalid token at character ${at + 1}`);
      if (code !== 92) {
        at += 1;
        continue;
      }
      result += text.slice(from, at);
      const character = text[at + 1] ?? '';
      if (character === 'u') result += unicode();
      else {
        const plain = escapes[character];
        if (plain === undefined) return raise(`Expected value but found invalid escape code at character ${at + 1}`);
        result += plain;
        at += 2;
      }
      from = at;
    }
  };

  const hex = (start: number): number => {
    const digits = text.slice(start, start + 4);
    return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  };

  const unicode = (): string => {
    let code = hex(at + 2);
    let length = 6;
    if (code >= 0xd800 && code < 0xdc00) {
      const low = text.startsWith('\\u', at + 6) ? hex(at + 8) : Number.NaN;
      code = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff) : Number.NaN;
      length = 12;
    }
    if (Number.isNaN(code)) raise(`Expected value but found invalid unicode escape code at character ${at + 1}`);
    at += length;
    return Buffer.from(String.fromCodePoint(code)).toString('latin1');
  };

  const number = (): LuaValue => {
    const pattern = /-?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)/iy;
    pattern.lastIndex = at;
    const [digits] = pattern.exec(text) ?? [];
    if (digits === undefined) return fail('value');
    at += digits.length;
    if (/inf/i.test(digits)) return digits.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return digits.startsWith('-') ? -Number(digits.slice(1)) : Number(digits);
  };

  const tooDeep = (depth: number): void => {
    if (depth > maxDepth) raise(`Found too many nested data structures (${depth})`);
  };

  const array = (depth: number): LuaTable => {
    tooDeep(depth);
    at += 1;
    const values: LuaValue[] = [];
    skip();
    if (text[at] === ']') {
      at += 1;
      return new LuaTable();
    }
    for (;;) {
      values.push(value(depth));
      skip();
      const character = text[at];
      if (character !== ',' && character !== ']') fail('comma or array end');
      at += 1;
      if (character === ']') return new LuaTable(values);
    }
  };

  const object = (depth: number): LuaTable => {
    tooDeep(depth);
    at += 1;
    const table = new LuaTable();
    skip();
    if (text[at] === '}') {
      at += 1;
      return table;
    }
    for (;;) {
      skip();
      if (text[at] !== '"') fail('object key string');
      const key = string();
      skip();
      if (text[at] !== ':') fail('colon');
      at += 1;
      table.set(key, value(depth));
      skip();
      const character = text[at];
      if (character !== ',' && character !== '}') fail('comma or object end');
      at += 1;
      if (character === '}') return table;
    }
  };

  const value = (depth: number): LuaValue => {
    skip();
    switch (text[at]) {
      case '{':
        return object(depth + 1);
      case '[':
        return array(depth + 1);
      case '"':
        return string();
      case 't':
        return word('true', true);
      case 'f':
        return word('false', false);
      case 'n':
        return text.startsWith('null', at) ? word('null', nothing) : number();
      default:
        return number();
    }
  };

  const word = (name: string, meaning: LuaValue): LuaValue => {
    if (!text.startsWith(name, at)) return fail('value');
    at += name.length;
    return meaning;
  };

  const result = value(0);
  skip();
  if (at < text.length) fail('the end');
  return result;
}

const tokens: Record<string, string> = {
  '{': 'T_OBJ_BEGIN',
  '}': 'T_OBJ_END',
  '[': 'T_ARR_BEGIN',
  ']': 'T_ARR_END',
  ':': 'T_COLON',
  ',': 'T_COMMA',
};

const tokenAt = (character: string): string => tokens[character] ?? 'invalid token';
