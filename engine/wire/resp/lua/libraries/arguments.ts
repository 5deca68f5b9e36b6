import { raise } from '../errors.ts';
import { LuaTable, type LuaValue } from '../table.ts';
import { numberText, toNumber, typeName } from '../values.ts';

/* What functions of the libraries ask of their arguments; `place` counts from 1. */

function wrong(name: string, place: number, expected: string, value: LuaValue, isGiven: boolean): never {
  const got = isGiven ? typeName(value) : 'no value';
  return raise(`bad argument #${place} to '${name}' (${expected} expected, got ${got})`);
}

export function badArgument(name: string, place: number, why: string): never {
  return raise(`bad argument #${place} to '${name}' (${why})`);
}

export function tableArgument(name: string, args: readonly LuaValue[], place: number): LuaTable {
  const value = args[place - 1];
  return value instanceof LuaTable ? value : wrong(name, place, 'table', value, args.length >= place);
}

export function stringArgument(name: string, args: readonly LuaValue[], place: number): string {
  const value = args[place - 1];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? numberText(value) : wrong(name, place, 'string', value, args.length >= place);
}

export function numberArgument(name: string, args: readonly LuaValue[], place: number, otherwise?: number): number {
  const value = args[place - 1];
  if (typeof value === 'number') return value;
  if (value === undefined && otherwise !== undefined) return otherwise;
  return toNumber(value) ?? wrong(name, place, 'number', value, args.length >= place);
}

/** Cut off, as C converts a double. */
export const integerArgument = (name: string, args: readonly LuaValue[], place: number, otherwise?: number): number => {
  const value = Math.trunc(numberArgument(name, args, place, otherwise));
  return Number.isNaN(value) ? 0 : value;
};

export function anyArgument(name: string, args: readonly LuaValue[], place: number): LuaValue {
  return args.length >= place ? args[place - 1] : badArgument(name, place, 'value expected');
}
