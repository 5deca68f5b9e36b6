import { LuaError, raise } from '../errors.ts';
import { checkLength, less } from '../operators.ts';
import type { LuaFunction, LuaTable, LuaValue } from '../table.ts';
import { callValue, first, numberText, typeName } from '../values.ts';
import { integerArgument, numberArgument, stringArgument, tableArgument } from './arguments.ts';

const writable = (name: string, args: readonly LuaValue[]): LuaTable => {
  const table = tableArgument(name, args, 1);
  if (table.readonly) throw new LuaError('Attempt to modify a readonly table');
  return table;
};

const sort: LuaFunction = (...args) => {
  const table = writable('sort', args);
  const before = args[1];
  if (before !== undefined && typeof before !== 'function')
    raise(`bad argument #2 to 'sort' (function expected, got ${typeName(before)})`);
  const comesFirst =
    before === undefined
      ? less
      : (a: LuaValue, b: LuaValue): boolean => {
          const result = first(callValue(before, [a, b]));
          return result !== undefined && result !== false;
        };
  const values = table.array.slice();
  if (values.includes(undefined)) raise('attempt to compare nil with number');
  values.sort((a, b) => (comesFirst(a, b) ? -1 : comesFirst(b, a) ? 1 : 0));
  table.array = values;
  return undefined;
};

export const table: Record<string, LuaFunction> = {
  concat: (...args) => {
    const list = tableArgument('concat', args, 1);
    const separator = args[1] === undefined ? '' : stringArgument('concat', args, 2);
    const from = integerArgument('concat', args, 3, 1);
    const to = integerArgument('concat', args, 4, list.length);
    let text = '';
    for (let place = from; place <= to; place += 1) {
      const value = list.get(place);
      if (typeof value === 'string') text += value;
      else if (typeof value === 'number') text += numberText(value);
      else raise(`invalid value (${typeName(value)}) at index ${place} in table for 'concat'`);
      if (place < to) text += separator;
      checkLength(text.length);
    }
    return text;
  },
  foreach: (...args) => {
    const list = tableArgument('foreach', args, 1);
    for (let pair = list.next(undefined); pair; pair = list.next(pair[0])) {
      const result = first(callValue(args[1], pair));
      if (result !== undefined) return result;
    }
    return undefined;
  },
  foreachi: (...args) => {
    const list = tableArgument('foreachi', args, 1);
    for (let place = 1; place <= list.length; place += 1) {
      const result = first(callValue(args[1], [place, list.get(place)]));
      if (result !== undefined) return result;
    }
    return undefined;
  },
  getn: (...args) => tableArgument('getn', args, 1).length,
  insert: (...args) => {
    const list = writable('insert', args);
    if (args.length === 2) {
      list.set(list.length + 1, args[1]);
      return [];
    }
    if (args.length !== 3) raise("wrong number of arguments to 'insert'");
    const place = integerArgument('insert', args, 2);
    if (place >= 1 && place <= list.length) list.array.splice(place - 1, 0, args[2]);
    else list.set(place, args[2]);
    return [];
  },
  maxn: (...args) => {
    const list = tableArgument('maxn', args, 1);
    let most = 0;
    for (let pair = list.next(undefined); pair; pair = list.next(pair[0]))
      if (typeof pair[0] === 'number' && pair[0] > most) most = pair[0];
    return most;
  },
  remove: (...args) => {
    const list = writable('remove', args);
    const { length } = list;
    const place = numberArgument('remove', args, 2, length);
    if (length === 0 || place < 1 || place > length) return undefined;
    if (place === length) {
      const value = list.get(length);
      list.set(length, undefined);
      return value;
    }
    const [value] = list.array.splice(Math.trunc(place) - 1, 1);
    return value;
  },
  setn: () => raise("'setn' is obsolete"),
  sort,
};
