export type ValuePath = readonly (string | number)[];

/** The value at a path of plain JSON, or undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>(
    (at, key) => (at !== null && typeof at === 'object' ? (at as Record<string | number, unknown>)[key] : undefined),
    value,
  );
}

/** A copy with one value changed; everything beside the path stays the same object. Undefined removes an object's key. */
export function withValueAt<T>(value: T, path: ValuePath, next: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return next as T;
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    copy[Number(key)] = withValueAt(copy[Number(key)], rest, next);
    return copy as T;
  }
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown> | undefined) };
  const changed = withValueAt(copy[key], rest, next);
  if (changed === undefined) delete copy[key];
  else copy[key] = changed;
  return copy as T;
}
