import type { LuaFunction, LuaValue } from '../table.ts';
import { integerArgument, numberArgument } from './arguments.ts';

/** Any number, rounded, to its lowest 32 bits. */
function bits(name: string, args: readonly LuaValue[], place: number): number {
  const value = numberArgument(name, args, place);
  if (!Number.isFinite(value)) return 0;
  const rounded = roundHalfEven(value);
  return Math.abs(rounded) <= Number.MAX_SAFE_INTEGER ? rounded | 0 : Number(BigInt.asIntN(32, BigInt(rounded)));
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
}

const all =
  (name: string, combine: (a: number, b: number) => number): LuaFunction =>
  (...args) => {
    let result = bits(name, args, 1);
    for (let place = 2; place <= args.length; place += 1) result = combine(result, bits(name, args, place));
    return result;
  };

const shift =
  (name: string, move: (value: number, by: number) => number): LuaFunction =>
  (...args) =>
    move(bits(name, args, 1), bits(name, args, 2) & 31) | 0;

const hex: LuaFunction = (...args) => {
  const value = bits('tohex', args, 1) >>> 0;
  const digits = Math.max(-8, Math.min(8, integerArgument('tohex', args, 2, 8)));
  const text = value
    .toString(16)
    .padStart(8, '0')
    .slice(8 - Math.abs(digits));
  return digits < 0 ? text.toUpperCase() : text;
};

export const bit: Record<string, LuaFunction> = {
  arshift: shift('arshift', (value, by) => value >> by),
  band: all('band', (a, b) => a & b),
  bnot: (...args) => ~bits('bnot', args, 1),
  bor: all('bor', (a, b) => a | b),
  bswap: (...args) => {
    const value = bits('bswap', args, 1);
    return (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
  },
  bxor: all('bxor', (a, b) => a ^ b),
  lshift: shift('lshift', (value, by) => value << by),
  rol: shift('rol', (value, by) => (value << by) | (value >>> ((32 - by) & 31))),
  ror: shift('ror', (value, by) => (value >>> by) | (value << ((32 - by) & 31))),
  rshift: shift('rshift', (value, by) => value >>> by),
  tobit: (...args) => bits('tobit', args, 1),
  tohex: hex,
};
