export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Finds rectangles near another one without looking at all. */
export interface RectGrid {
  add(rect: Rect): void;
  near(rect: Rect): Set<Rect>;
  /** Whether one of them covers a place. */
  covers(x: number, y: number): boolean;
}

const CELL = 260;

export function createRectGrid(rects: readonly Rect[]): RectGrid {
  const cells = new Map<number, Rect[]>();
  // Columns and rows are far from a million apart.
  const keyOf = (column: number, row: number): number => column * 2_000_003 + row;
  const cellsOf = ({ x, y, width, height }: Rect): number[] => {
    const keys: number[] = [];
    for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column += 1)
      for (let row = Math.floor(y / CELL); row <= Math.floor((y + height) / CELL); row += 1)
        keys.push(keyOf(column, row));
    return keys;
  };
  const add = (rect: Rect): void => {
    for (const key of cellsOf(rect)) {
      const cell = cells.get(key);
      if (cell) cell.push(rect);
      else cells.set(key, [rect]);
    }
  };
  rects.forEach(add);
  return {
    add,
    near: (rect) => new Set(cellsOf(rect).flatMap((key) => cells.get(key) ?? [])),
    covers: (x, y) =>
      cells
        .get(keyOf(Math.floor(x / CELL), Math.floor(y / CELL)))
        ?.some((rect) => x >= rect.x && y >= rect.y && x <= rect.x + rect.width && y <= rect.y + rect.height) ?? false,
  };
}
