import { stripVTControlCharacters } from 'node:util';

const width = (cell: string): number => [...stripVTControlCharacters(cell)].length;

/** Aligned columns under a head: the first to the left, as names are, the others to the right, as figures are. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns: readonly number[] = [0],
): string[] {
  const widths = head.map((title, column) => Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))));
  return [head, ...rows].map((row) =>
    widths
      .map((columnWidth, column) => {
        const cell = row[column] ?? '';
        const space = ' '.repeat(columnWidth - width(cell));
        return leftColumns.includes(column) ? cell + space : space + cell;
      })
      .join('   ')
      .trimEnd(),
  );
}
