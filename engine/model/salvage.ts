import type { z } from 'zod';
import { jsonPath, type PathSegment } from './json-path.ts';

/** A value made parseable by leaving its broken parts out, so that the sound parts can be checked as well. */
export interface Salvaged<Value> {
  value: Value;
  /** A path in `value` as it was in the original, or null when it touches a part that was broken. */
  original(path: string): string | null;
}

/** Each round mends what the one before brought to light; a value that needs more is not worth it. */
const MAX_ROUNDS = 20;

export function salvage<Schema extends z.ZodType>(schema: Schema, broken: unknown): Salvaged<z.output<Schema>> | null {
  const indices = new WeakMap<unknown[], number[]>();
  const lost: string[] = [];
  let current = broken;
  let placeholders = 0;

  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = schema.safeParse(current, { reportInput: true });
    if (result.success) {
      const mended = current;
      return { value: result.data, original: (path) => originalPath(path, mended, indices, lost) };
    }
    const removals = new Map<string, PathSegment[]>();
    for (const issue of result.error.issues) {
      const at = issue.path as PathSegment[];
      const lose = (path: PathSegment[]): void => {
        if (path.length === 0) return;
        removals.set(jsonPath(path, ''), path);
        lost.push(jsonPath(originalSegments(path, current, indices), ''));
      };
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) removals.set(jsonPath([...at, key], ''), [...at, key]);
      } else if (issue.code === 'invalid_union' && issue.errors.length === 0) {
        // The field that says which form this is says nothing: the form is unknown as a whole.
        lose(at.slice(0, -1));
      } else if (issue.input !== undefined) {
        lose(at);
      } else if (issue.code === 'invalid_type' && issue.expected === 'string' && at.length > 0) {
        placeholders += 1;
        lost.push(jsonPath(originalSegments(at, current, indices), ''));
        current = changed(current, at, () => `/${placeholders}`, indices);
      } else {
        lose(at.slice(0, -1));
      }
    }
    // From the back, so that an index that is still to come means what it meant.
    const paths = [...removals.values()].sort((a, b) => compare(b, a));
    for (const path of paths) current = changed(current, path, null, indices);
  }
  return null;
}

function compare(a: PathSegment[], b: PathSegment[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const [x, y] = [a[i] as PathSegment, b[i] as PathSegment];
    if (typeof x === 'number' && typeof y === 'number' && x !== y) return x - y;
    if (String(x) !== String(y)) return String(x) < String(y) ? -1 : 1;
  }
  return a.length - b.length;
}

/** A copy with the part at the path removed, or put in. Arrays remember which index each element had. */
function changed(
  value: unknown,
  path: PathSegment[],
  put: (() => unknown) | null,
  indices: WeakMap<unknown[], number[]>,
): unknown {
  const [head, ...rest] = path;
  if (head === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    if (typeof head !== 'number') return value;
    const copy = [...value];
    const kept = [...(indices.get(value) ?? copy.keys())];
    if (rest.length > 0) copy[head] = changed(copy[head], rest, put, indices);
    else {
      copy.splice(head, 1);
      kept.splice(head, 1);
    }
    indices.set(copy, kept);
    return copy;
  }
  const copy: Record<string, unknown> = { ...value };
  if (rest.length > 0) copy[head] = changed(copy[head], rest, put, indices);
  else if (put) copy[head] = put();
  else delete copy[head];
  return copy;
}

function originalSegments(
  path: readonly PathSegment[],
  value: unknown,
  indices: WeakMap<unknown[], number[]>,
): PathSegment[] {
  let at = value;
  return path.map((segment) => {
    const original =
      Array.isArray(at) && typeof segment === 'number' ? (indices.get(at)?.[segment] ?? segment) : segment;
    at = (at as Record<PathSegment, unknown> | undefined)?.[segment];
    return original;
  });
}

function originalPath(
  path: string,
  value: unknown,
  indices: WeakMap<unknown[], number[]>,
  lost: readonly string[],
): string | null {
  const segments = [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map((match) =>
    match[1] === undefined ? (match[2] as string) : Number(match[1]),
  );
  const original = jsonPath(originalSegments(segments, value, indices), '');
  const within = (inner: string, outer: string): boolean =>
    inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  if (lost.some((part) => within(original, part) || within(part, original))) return null;
  return original.replace(/^\./, '');
}
