/** One "NAME=value" in each line. */
export const writtenEntries = (value: unknown): string =>
  Object.entries((value ?? {}) as Record<string, unknown>)
    .map(([name, text]) => `${name}=${text}`)
    .join('\n');

/** Null while a line has no name or no "=". Empty lines are passed over. */
export function readEntries(text: string): Record<string, string> | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const entries = lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)]);
  if (lines.some((line) => line.indexOf('=') < 1)) return null;
  return Object.fromEntries(entries);
}
