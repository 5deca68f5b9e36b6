import type { Step } from '../../model/handler.ts';

type CacheStep = Extract<Step, { do: 'cache' }>;

/** Epoch milliseconds until the year 2286. */
const STAMP_BYTES = 13;

const fillers = new Map<number, string>();

/** Real bytes that stand for what was loaded: until when it is fresh, then letters up to the size. */
export function cachedValue(valueBytes: number, freshUntilMs: number | null): string {
  const stamp = freshUntilMs === null ? '' : String(Math.round(freshUntilMs)).padStart(STAMP_BYTES, '0');
  const bytes = Math.max(0, valueBytes - stamp.length);
  let filler = fillers.get(bytes);
  if (filler === undefined) {
    filler = 'abcdefghijklmnopqrstuvwxyz'.repeat(Math.ceil(bytes / 26)).slice(0, bytes);
    fillers.set(bytes, filler);
  }
  return stamp + filler;
}

/** A value without a stamp is somebody else's, and never stale. */
export const isStale = (value: string, nowMs: number): boolean =>
  /^\d{13}/.test(value) && Number(value.slice(0, STAMP_BYTES)) <= nowMs;

/** How long a value is fresh and how long it is kept, drawn anew for each; null: until it is evicted. */
export function lifeOf(
  { ttlMs, ttlJitter, staleWhileRevalidateMs }: CacheStep,
  random: () => number,
): { freshMs: number; keptMs: number } | null {
  if (ttlMs === null) return null;
  const freshMs = Math.max(1, Math.round(ttlMs * (1 + ttlJitter * (2 * random() - 1))));
  return { freshMs, keptMs: freshMs + staleWhileRevalidateMs };
}
