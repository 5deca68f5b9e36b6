/** The first and the last of some versions. */
export type Range = readonly [from: number, to: number];

/** Reads `3+`, `0-12` or `4`. */
export function parseVersions(text: string): Range {
  const [, from = '', rest, to] = /^(\d+)(\+|-(\d+))?$/.exec(text) ?? [];
  if (from === '') throw new Error(`“${text}” does not name versions`);
  return [Number(from), rest === undefined ? Number(from) : rest === '+' ? Number.POSITIVE_INFINITY : Number(to)];
}

export const includes = ([from, to]: Range, version: number): boolean => from <= version && version <= to;
