export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export interface Figure {
  metric: string;
  value: number;
  comparison: '>=' | '<=';
  limit: number;
  holds: boolean;
  detail: string;
}

/** A figure with its limit, and whether it keeps to it. */
export const figure = (
  metric: string,
  value: number,
  comparison: Figure['comparison'],
  limit: number,
  detail: string,
): Figure => ({
  metric,
  value: Number(value.toFixed(2)),
  comparison,
  limit,
  holds: comparison === '>=' ? value >= limit : value <= limit,
  detail,
});
