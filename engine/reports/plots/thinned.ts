/** A moment of a curve; null where there was nothing to measure. */
export interface Point {
  atMs: number;
  value: number | null;
}

/** At most `limit` points: of each stretch of time the highest one, so that no peak is lost, however long the run. */
export function thinned(points: readonly Point[], limit = 400): Point[] {
  if (points.length <= limit) return [...points];
  const size = Math.ceil(points.length / limit);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) =>
    points
      .slice(index * size, (index + 1) * size)
      .reduce((highest, point) => ((point.value ?? -1) > (highest.value ?? -1) ? point : highest)),
  );
}
