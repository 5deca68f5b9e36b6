/** The newest `capacity` points of some columns; column 0 is the time. Written in place, read as plain arrays by the charts. */
export interface Series {
  push(values: readonly (number | null)[]): void;
  /** Oldest first, one array for each column. */
  columns(): (number | null)[][];
  /** The last value of a column; null when there is none. */
  newest(column: number): number | null;
  clear(): void;
  readonly length: number;
}

export function createSeries(columnCount: number, capacity: number): Series {
  const store = Array.from({ length: columnCount }, () => new Array<number | null>(capacity).fill(null));
  let next = 0;
  let length = 0;
  return {
    push(values) {
      store.forEach((column, index) => {
        column[next] = values[index] ?? null;
      });
      next = (next + 1) % capacity;
      length = Math.min(length + 1, capacity);
    },
    columns() {
      const start = (next - length + capacity) % capacity;
      return store.map((column) =>
        start + length <= capacity
          ? column.slice(start, start + length)
          : [...column.slice(start), ...column.slice(0, next)],
      );
    },
    newest: (column) => (length === 0 ? null : (store[column]?.[(next - 1 + capacity) % capacity] ?? null)),
    clear() {
      next = 0;
      length = 0;
    },
    get length() {
      return length;
    },
  };
}
