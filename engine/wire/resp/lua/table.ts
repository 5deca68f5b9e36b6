import { raise } from './errors.ts';

/** Anything that a variable of Lua holds; `undefined` is nil. */
export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction | Userdata;

/** What only the libraries understand, such as the null of JSON. */
export class Userdata {
  readonly isUserdata = true;
}

/** Gives one value as it is, several or none as an array. */
export type LuaFunction = (...args: LuaValue[]) => LuaValue | LuaValue[];

/** Entries that a script may add to tables before it is out of memory. */
const MAX_ENTRIES = 8_000_000;

const memory = { entries: MAX_ENTRIES };

export const resetMemory = (): void => {
  memory.entries = MAX_ENTRIES;
};

/** So many keys are looked through one by one: fewer have no map. */
const FEW = 4;

/** Of tables that have only an array; never written to. */
const NO_VALUES: LuaValue[] = [];

/**
 * A table: values of 1, 2, 3 … in an array, all others in a list of keys, with a map to their places when they are many, so that
 * `next` finds its way in constant time. A key that is set to nil keeps its place, as in Lua, until further keys need room.
 */
export class LuaTable {
  array: LuaValue[];
  #keys: LuaValue[] | null = null;
  #values: LuaValue[] = NO_VALUES;
  #places: Map<LuaValue, number> | null = null;
  #live = 0;
  metatable: LuaTable | null = null;
  readonly = false;

  constructor(array: LuaValue[] = []) {
    this.array = array;
    memory.entries -= array.length;
    if (array.length > 0 && array[array.length - 1] === undefined) this.#trim();
  }

  get length(): number {
    return this.array.length;
  }

  get(key: LuaValue): LuaValue {
    if (typeof key === 'number') {
      const { array } = this;
      if (key > 0 && key <= array.length && Math.floor(key) === key) return array[key - 1];
    }
    const place = this.#placeOf(key);
    return place === undefined ? undefined : this.#values[place];
  }

  #placeOf(key: LuaValue): number | undefined {
    if (this.#places !== null) return this.#places.get(key);
    const keys = this.#keys;
    if (keys === null) return undefined;
    for (let place = 0; place < keys.length; place += 1) if (keys[place] === key) return place;
    return undefined;
  }

  /** The key must be neither nil nor NaN. */
  set(key: LuaValue, value: LuaValue): void {
    if (typeof key === 'number') {
      const { array } = this;
      if (key > 0 && key <= array.length && Math.floor(key) === key) {
        array[key - 1] = value;
        if (value === undefined && key === array.length) this.#trim();
        return;
      }
      if (key === array.length + 1) {
        if (value === undefined) this.#setOther(key, value);
        else this.#push(value);
        return;
      }
    }
    this.#setOther(key, value);
  }

  /** The key after one, and its value; undefined at the end. */
  next(key: LuaValue): [LuaValue, LuaValue] | undefined {
    return this.nextFrom(this.placeAfter(key));
  }

  /** Where to go on after a key. Places count the array first. */
  placeAfter(key: LuaValue): number {
    if (key === undefined) return 0;
    if (typeof key === 'number' && key > 0 && key <= this.array.length && Math.floor(key) === key) return key;
    const place = this.#placeOf(key);
    if (place === undefined) {
      // It was in the array, whose end went since.
      if (typeof key === 'number' && key > 0 && Math.floor(key) === key) return this.array.length;
      return raise("invalid key to 'next'");
    }
    return this.array.length + place + 1;
  }

  nextFrom(from: number): [LuaValue, LuaValue] | undefined {
    const { array } = this;
    for (let place = from; place < array.length; place += 1)
      if (array[place] !== undefined) return [place + 1, array[place]];
    if (this.#keys === null) return undefined;
    for (let place = Math.max(0, from - array.length); place < this.#keys.length; place += 1)
      if (this.#values[place] !== undefined) return [this.#keys[place], this.#values[place]];
    return undefined;
  }

  #push(value: LuaValue): void {
    memory.entries -= 1;
    if (memory.entries < 0) raise('not enough memory');
    this.array.push(value);
    if (this.#keys === null || this.#live === 0) {
      // A tombstone under this number must not come back.
      const old = this.#placeOf(this.array.length);
      if (old !== undefined) this.#values[old] = undefined;
      return;
    }
    // What followed already stood among the others.
    let place = this.#placeOf(this.array.length);
    if (place !== undefined && this.#values[place] !== undefined) this.#drop(place);
    for (;;) {
      place = this.#placeOf(this.array.length + 1);
      if (place === undefined || this.#values[place] === undefined) return;
      this.array.push(this.#values[place]);
      this.#drop(place);
    }
  }

  #drop(place: number): void {
    this.#values[place] = undefined;
    this.#live -= 1;
  }

  #setOther(key: LuaValue, value: LuaValue): void {
    const place = this.#placeOf(key);
    if (place !== undefined) {
      if ((this.#values[place] === undefined) !== (value === undefined)) this.#live += value === undefined ? -1 : 1;
      this.#values[place] = value;
      return;
    }
    if (value === undefined) return;
    memory.entries -= 1;
    if (memory.entries < 0) raise('not enough memory');
    if (this.#keys === null) {
      this.#keys = [];
      this.#values = [];
    } else if (this.#keys.length > 8 && this.#keys.length > 2 * this.#live) this.#compact();
    const keys = this.#keys;
    if (keys.length === FEW) this.#places ??= new Map(keys.map((each, at) => [each, at]));
    this.#places?.set(key, keys.length);
    keys.push(key);
    this.#values.push(value);
    this.#live += 1;
  }

  #compact(): void {
    const [keys, values] = [this.#keys as LuaValue[], this.#values];
    const [newKeys, newValues, places]: [LuaValue[], LuaValue[], Map<LuaValue, number>] = [[], [], new Map()];
    for (let i = 0; i < keys.length; i += 1) {
      if (values[i] === undefined) continue;
      places.set(keys[i], newKeys.length);
      newKeys.push(keys[i]);
      newValues.push(values[i]);
    }
    this.#keys = newKeys;
    this.#values = newValues;
    this.#places = newKeys.length > FEW ? places : null;
  }

  #trim(): void {
    const { array } = this;
    while (array.length > 0 && array[array.length - 1] === undefined) array.pop();
  }
}

export const tableOf = (fields: Record<string, LuaValue>): LuaTable => {
  const table = new LuaTable();
  for (const name in fields) table.set(name, fields[name]);
  return table;
};
