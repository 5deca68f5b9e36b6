/** The numbers in a line such as "1, 2 4"; null when something in it is no number. */
export function readNumbers(text: string): number[] | null {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const numbers = words.map(Number);
  return numbers.every(Number.isFinite) ? numbers : null;
}

export const writtenNumbers = (numbers: readonly unknown[]): string => numbers.join(', ');
