import { raise } from './errors.ts';
import { fuel } from './fuel.ts';
import { type LuaFunction, LuaTable, type LuaValue } from './table.ts';
import { callValue, first, functionOf, metaOf, numberText, spread, toNumber, typeName } from './values.ts';

/* What compiled code calls. All of it is on the hot path of scripts: fast ways first, the rest in functions of their own. */

const named = (what: string, value: LuaValue): string =>
  what === '' ? `a ${typeName(value)} value` : `${what} (a ${typeName(value)} value)`;

const MAX_META_DEPTH = 100;

function indexSlowly(container: LuaValue, key: LuaValue, what: string): LuaValue {
  let value = container;
  for (let depth = 0; depth < MAX_META_DEPTH; depth += 1) {
    if (value instanceof LuaTable) {
      const found = value.get(key);
      if (found !== undefined) return found;
    }
    const meta = metaOf(value, '__index');
    if (meta === undefined)
      return value instanceof LuaTable ? undefined : raise(`attempt to index ${named(what, value)}`);
    if (typeof meta === 'function') return first(callValue(meta, [value, key]));
    value = meta;
  }
  return raise('loop in gettable');
}

function setSlowly(container: LuaValue, key: LuaValue, value: LuaValue, what: string): void {
  let target = container;
  for (let depth = 0; depth < MAX_META_DEPTH; depth += 1) {
    if (target instanceof LuaTable) {
      if (target.readonly) raise('Attempt to modify a readonly table');
      const meta = target.metatable?.get('__newindex');
      if (meta === undefined || target.get(key) !== undefined) {
        if (key === undefined) raise('table index is nil');
        if (Number.isNaN(key)) raise('table index is NaN');
        target.set(key, value);
        return;
      }
      if (typeof meta === 'function') {
        callValue(meta, [target, key, value]);
        return;
      }
      target = meta;
    } else {
      const meta = metaOf(target, '__newindex');
      if (meta === undefined) raise(`attempt to index ${named(what, target)}`);
      target = meta;
    }
  }
  raise('loop in settable');
}

type Binary = (a: number, b: number) => number;

const modulo: Binary = (a, b) => a - Math.floor(a / b) * b;

function arithmetic(event: string, operate: Binary, a: LuaValue, b: LuaValue): LuaValue {
  const [x, y] = [toNumber(a), toNumber(b)];
  if (x !== undefined && y !== undefined) return operate(x, y);
  const meta = metaOf(a, event) ?? metaOf(b, event);
  if (meta !== undefined) return first(callValue(meta, [a, b]));
  return raise(`attempt to perform arithmetic on ${named('', x === undefined ? a : b)}`);
}

function compareSlowly(event: '__lt' | '__le', a: LuaValue, b: LuaValue): boolean {
  const meta = metaOf(a, event);
  if (meta !== undefined && meta === metaOf(b, event)) return truth(first(callValue(meta, [a, b])));
  if (event === '__le') {
    const less = metaOf(a, '__lt');
    if (less !== undefined && less === metaOf(b, '__lt')) return !truth(first(callValue(less, [b, a])));
  }
  const [one, other] = [typeName(a), typeName(b)];
  return raise(one === other ? `attempt to compare two ${one} values` : `attempt to compare ${one} with ${other}`);
}

const truth = (value: LuaValue): boolean => value !== undefined && value !== false;

export const less = (a: LuaValue, b: LuaValue): boolean =>
  (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
    ? a < b
    : compareSlowly('__lt', a, b);

const lessOrEqual = (a: LuaValue, b: LuaValue): boolean =>
  (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
    ? a <= b
    : compareSlowly('__le', a, b);

function equalTables(a: LuaTable, b: LuaTable): boolean {
  const meta = metaOf(a, '__eq');
  return meta !== undefined && meta === metaOf(b, '__eq') && truth(first(callValue(meta, [a, b])));
}

/** Longer strings a script cannot make. */
const MAX_STRING = 256 * 1024 * 1024;

export const checkLength = (bytes: number): void => {
  if (bytes > MAX_STRING) raise('not enough memory');
};

function concatenate(a: LuaValue, b: LuaValue): LuaValue {
  const [x, y] = [typeof a === 'number' ? numberText(a) : a, typeof b === 'number' ? numberText(b) : b];
  if (typeof x === 'string' && typeof y === 'string') {
    checkLength(x.length + y.length);
    return x + y;
  }
  const meta = metaOf(a, '__concat') ?? metaOf(b, '__concat');
  if (meta !== undefined) return first(callValue(meta, [a, b]));
  return raise(`attempt to concatenate ${named('', typeof x === 'string' ? b : a)}`);
}

/** What a generic `for` walks: `step` says whether there is a further turn, whose first values are then `a` and `b`. */
interface Walk {
  a: LuaValue;
  b: LuaValue;
  step(): boolean;
  /** Its third and further values. */
  more(place: number): LuaValue;
}

/** By `next`, without looking each key up again. */
class TableWalk implements Walk {
  a: LuaValue;
  b: LuaValue;
  readonly #table: LuaTable;
  constructor(table: LuaTable, key: LuaValue) {
    this.#table = table;
    this.a = key;
  }
  step(): boolean {
    const pair = this.#table.next(this.a);
    if (pair === undefined) return false;
    [this.a, this.b] = pair;
    return true;
  }
  more(): undefined {
    return undefined;
  }
}

class CallWalk implements Walk {
  a: LuaValue;
  b: LuaValue;
  readonly #iterate: LuaValue;
  readonly #state: LuaValue;
  #values: LuaValue[] = [];
  constructor(iterate: LuaValue, state: LuaValue, control: LuaValue) {
    this.#iterate = iterate;
    this.#state = state;
    this.a = control;
  }
  step(): boolean {
    this.#values = spread(callValue(this.#iterate, [this.#state, this.a]));
    [this.a, this.b] = this.#values;
    return this.a !== undefined;
  }
  more(place: number): LuaValue {
    return this.#values[place];
  }
}

export const next: LuaFunction = (table, key) =>
  table instanceof LuaTable
    ? (table.next(key) ?? undefined)
    : raise(`bad argument #1 to 'next' (table expected, got ${table === undefined ? 'no value' : typeName(table)})`);

const limit = (value: LuaValue, what: string): number => toNumber(value) ?? raise(`'for' ${what} must be a number`);

const NO_VALUES: LuaValue[] = [];

export const operators = {
  fuel,
  none: NO_VALUES,
  truth,
  first,
  spread,
  callee: (value: LuaValue, what: string): LuaFunction =>
    typeof value === 'function' ? value : functionOf(value, what),
  nth: (result: LuaValue | LuaValue[], place: number): LuaValue =>
    Array.isArray(result) ? result[place] : place === 0 ? result : undefined,
  index(container: LuaValue, key: LuaValue, what: string): LuaValue {
    if (container instanceof LuaTable) {
      const found = container.get(key);
      if (found !== undefined || container.metatable === null) return found;
    }
    return indexSlowly(container, key, what);
  },
  setIndex(container: LuaValue, key: LuaValue, value: LuaValue, what: string): void {
    if (
      container instanceof LuaTable &&
      container.metatable === null &&
      !container.readonly &&
      (typeof key === 'string' || (typeof key === 'number' && !Number.isNaN(key)))
    )
      container.set(key, value);
    else setSlowly(container, key, value, what);
  },
  table(array: LuaValue[], pairs: LuaValue[]): LuaTable {
    const table = new LuaTable(array);
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i];
      // Items without a key are stored last.
      if (typeof key === 'number' && key >= 1 && key <= array.length) continue;
      setSlowly(table, key, pairs[i + 1], '');
    }
    return table;
  },
  add: (a: LuaValue, b: LuaValue): LuaValue =>
    typeof a === 'number' && typeof b === 'number' ? a + b : arithmetic('__add', (x, y) => x + y, a, b),
  subtract: (a: LuaValue, b: LuaValue): LuaValue =>
    typeof a === 'number' && typeof b === 'number' ? a - b : arithmetic('__sub', (x, y) => x - y, a, b),
  multiply: (a: LuaValue, b: LuaValue): LuaValue =>
    typeof a === 'number' && typeof b === 'number' ? a * b : arithmetic('__mul', (x, y) => x * y, a, b),
  divide: (a: LuaValue, b: LuaValue): LuaValue =>
    typeof a === 'number' && typeof b === 'number' ? a / b : arithmetic('__div', (x, y) => x / y, a, b),
  modulo: (a: LuaValue, b: LuaValue): LuaValue =>
    typeof a === 'number' && typeof b === 'number' ? modulo(a, b) : arithmetic('__mod', modulo, a, b),
  power: (a: LuaValue, b: LuaValue): LuaValue => arithmetic('__pow', (x, y) => x ** y, a, b),
  negate: (a: LuaValue): LuaValue => (typeof a === 'number' ? -a : arithmetic('__unm', (x) => -x, a, a)),
  concat: (a: LuaValue, b: LuaValue): LuaValue => concatenate(a, b),
  size(value: LuaValue): number {
    if (typeof value === 'string') return value.length;
    return value instanceof LuaTable ? value.length : raise(`attempt to get length of ${named('', value)}`);
  },
  equal: (a: LuaValue, b: LuaValue): boolean =>
    a === b || (a instanceof LuaTable && b instanceof LuaTable && equalTables(a, b)),
  less,
  lessOrEqual,
  greater: (a: LuaValue, b: LuaValue): boolean => less(b, a),
  greaterOrEqual: (a: LuaValue, b: LuaValue): boolean => lessOrEqual(b, a),
  forStart: (value: LuaValue): number => limit(value, 'initial value'),
  forLimit: (value: LuaValue): number => limit(value, 'limit'),
  forStep: (value: LuaValue): number => limit(value, 'step'),
  walk: (iterate: LuaValue, state: LuaValue, control: LuaValue): Walk =>
    iterate === next && state instanceof LuaTable
      ? new TableWalk(state, control)
      : new CallWalk(iterate, state, control),
};
