/** Steps that times snap to and ticks stand at, in milliseconds. */
const UNITS_MS = [100, 250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000];
const LEAST_SNAP_PX = 6;
const LEAST_TICK_PX = 64;

const unitFor = (pxPerMs: number, leastPx: number): number =>
  UNITS_MS.find((unit) => unit * pxPerMs >= leastPx) ?? (UNITS_MS.at(-1) as number);

/** What times are rounded to at a zoom: the smallest round unit that a hand can tell apart. */
export const snapMs = (pxPerMs: number): number => unitFor(pxPerMs, LEAST_SNAP_PX);

export function ticks(totalMs: number, pxPerMs: number): number[] {
  const unit = unitFor(pxPerMs, LEAST_TICK_PX);
  return Array.from({ length: Math.floor(totalMs / unit) + 1 }, (_, index) => index * unit);
}

/** A time near an edge of another bar becomes that edge; else it is rounded to the snap unit, counted from `fromMs`. */
export function snapped(atMs: number, edges: readonly number[], pxPerMs: number, fromMs = 0): number {
  const reachMs = LEAST_SNAP_PX / pxPerMs;
  const nearest = edges.reduce<number | null>(
    (best, edge) =>
      Math.abs(edge - atMs) <= reachMs && (best === null || Math.abs(edge - atMs) < Math.abs(best - atMs))
        ? edge
        : best,
    null,
  );
  if (nearest !== null) return nearest;
  const unit = snapMs(pxPerMs);
  return fromMs + Math.round((atMs - fromMs) / unit) * unit;
}
