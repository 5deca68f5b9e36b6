import type { LuaFunction } from '../table.ts';
import { badArgument, integerArgument, numberArgument } from './arguments.ts';

const one =
  (name: string, compute: (value: number) => number): LuaFunction =>
  (...args) =>
    compute(numberArgument(name, args, 1));

const two =
  (name: string, compute: (a: number, b: number) => number): LuaFunction =>
  (...args) =>
    compute(numberArgument(name, args, 1), numberArgument(name, args, 2));

/** The 48-bit generator of drand48, which Redis uses so that scripts draw the same numbers everywhere. */
const MULTIPLIER = 0x5deece66dn;
const MASK = (1n << 48n) - 1n;
let state = 0x1234abcd330en;

const seed = (value: number): void => {
  state = ((BigInt.asUintN(32, BigInt(Math.trunc(value))) << 16n) | 0x330en) & MASK;
};

const RANGE = 0x7fffffff;

function draw(): number {
  state = (state * MULTIPLIER + 0xbn) & MASK;
  return Number(state >> 17n);
}

const random: LuaFunction = (...args) => {
  const fraction = (draw() % RANGE) / RANGE;
  if (args.length === 0) return fraction;
  const low = args.length === 1 ? 1 : integerArgument('random', args, 1);
  const high = integerArgument('random', args, args.length === 1 ? 1 : 2);
  if (low > high) badArgument('random', args.length === 1 ? 1 : 2, 'interval is empty');
  return Math.floor(fraction * (high - low + 1)) + low;
};

const extreme =
  (name: string, choose: (a: number, b: number) => number): LuaFunction =>
  (...args) => {
    let result = numberArgument(name, args, 1);
    for (let place = 2; place <= args.length; place += 1) result = choose(result, numberArgument(name, args, place));
    return result;
  };

const fractionAndExponent: LuaFunction = (...args) => {
  const value = numberArgument('frexp', args, 1);
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(value))) + 1);
  let fraction = value * 2 ** -exponent;
  while (Math.abs(fraction) < 0.5) {
    fraction *= 2;
    exponent -= 1;
  }
  while (Math.abs(fraction) >= 1) {
    fraction /= 2;
    exponent += 1;
  }
  return [fraction, exponent];
};

const remainder = (a: number, b: number): number => a % b;

export const math: Record<string, LuaFunction> = {
  abs: one('abs', Math.abs),
  acos: one('acos', Math.acos),
  asin: one('asin', Math.asin),
  atan: one('atan', Math.atan),
  atan2: two('atan2', Math.atan2),
  ceil: one('ceil', Math.ceil),
  cos: one('cos', Math.cos),
  cosh: one('cosh', Math.cosh),
  deg: one('deg', (value) => (value * 180) / Math.PI),
  exp: one('exp', Math.exp),
  floor: one('floor', Math.floor),
  fmod: two('fmod', remainder),
  frexp: fractionAndExponent,
  ldexp: two('ldexp', (a, b) => a * 2 ** Math.trunc(b)),
  log: one('log', Math.log),
  log10: one('log10', Math.log10),
  max: extreme('max', Math.max),
  min: extreme('min', Math.min),
  mod: two('mod', remainder),
  modf: (...args) => {
    const value = numberArgument('modf', args, 1);
    const whole = Math.trunc(value);
    return [whole, Number.isFinite(value) ? value - whole : 0];
  },
  pow: two('pow', (a, b) => a ** b),
  rad: one('rad', (value) => (value * Math.PI) / 180),
  random,
  randomseed: (...args) => {
    seed(numberArgument('randomseed', args, 1));
    return [];
  },
  sin: one('sin', Math.sin),
  sinh: one('sinh', Math.sinh),
  sqrt: one('sqrt', Math.sqrt),
  tan: one('tan', Math.tan),
  tanh: one('tanh', Math.tanh),
};
