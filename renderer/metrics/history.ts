/** Figures over time, each under a name of its own, which may come and go. The newest `capacity` points are kept. */
export interface History {
  /** What is left out at a point of time is a gap. Times only grow. */
  push(atSec: number, values: Readonly<Record<string, number | null>>): void;
  /**
   * The times in the range and the values of each name at them, oldest first; null is a gap. Whoever asks for the same
   * points again gets the same arrays, so nobody may change them.
   */
  columns(names: readonly string[], range: { fromSec: number; toSec: number }): [number[], ...(number | null)[][]];
  /** The value of a name at the last point, or at the last of so many that has one; null when there is none. */
  newest(name: string, within?: number): number | null;
  /** Names of which the kept points hold a value, that begin with this. */
  names(prefix: string): string[];
  /** Null while it is empty. */
  newestAtSec(): number | null;
  clear(): void;
}

interface Column {
  values: Float32Array;
  /** When it last had a value: its place counted from the beginning of all. */
  lastPlace: number;
}

export function createHistory(capacity: number): History {
  const times = new Float64Array(capacity);
  const columns = new Map<string, Column>();
  /** Points ever pushed; the newest lies at `(pushed - 1) % capacity`. */
  let pushed = 0;
  /** What was read last: charts of one range are drawn together. */
  let read = { from: 0, to: 0, pushed: -1, times: [] as number[], byName: new Map<string, (number | null)[]>() };

  const oldest = (): number => Math.max(0, pushed - capacity);
  const timeAt = (place: number): number => times[place % capacity] as number;

  /** The first place whose time is not before. */
  function firstFrom(sec: number): number {
    let [low, high] = [oldest(), pushed];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timeAt(middle) < sec) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const valueAt = (column: Column | undefined, place: number): number | null => {
    const value = column?.values[place % capacity];
    return value === undefined || Number.isNaN(value) ? null : value;
  };

  return {
    push(atSec, values) {
      const place = pushed;
      pushed += 1;
      times[place % capacity] = atSec;
      for (const [name, column] of columns) {
        column.values[place % capacity] = Number.NaN;
        if (column.lastPlace < oldest()) columns.delete(name);
      }
      for (const [name, value] of Object.entries(values)) {
        if (value === null) continue;
        let column = columns.get(name);
        if (!column) {
          column = { values: new Float32Array(capacity).fill(Number.NaN), lastPlace: place };
          columns.set(name, column);
        }
        column.values[place % capacity] = value;
        column.lastPlace = place;
      }
    },
    columns(names, { fromSec, toSec }) {
      // One point beyond each end, so that lines reach the edge of the picture.
      const from = Math.max(oldest(), firstFrom(fromSec) - 1);
      const to = Math.min(pushed, firstFrom(toSec) + 1);
      const length = Math.max(0, to - from);
      if (read.from !== from || read.to !== to || read.pushed !== pushed)
        read = {
          from,
          to,
          pushed,
          times: Array.from({ length }, (_, index) => timeAt(from + index)),
          byName: new Map(),
        };
      const valuesOf = (name: string): (number | null)[] => {
        const known = read.byName.get(name);
        if (known) return known;
        const column = columns.get(name);
        const values = Array.from({ length }, (_, index) => valueAt(column, from + index));
        read.byName.set(name, values);
        return values;
      };
      return [read.times, ...names.map(valuesOf)];
    },
    newest(name, within = 1) {
      const column = columns.get(name);
      return column && column.lastPlace >= pushed - within ? valueAt(column, column.lastPlace) : null;
    },
    names: (prefix) => [...columns.keys()].filter((name) => name.startsWith(prefix)),
    newestAtSec: () => (pushed === 0 ? null : timeAt(pushed - 1)),
    clear() {
      columns.clear();
      pushed = 0;
      read = { from: 0, to: 0, pushed: -1, times: [], byName: new Map() };
    },
  };
}
