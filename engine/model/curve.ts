/** A value that goes in straight lines from stage to stage: arrivals per second, or virtual users. */
export interface Curve {
  start: number;
  stages: readonly { durationMs: number; target: number }[];
  /** After the last stage it is over, stays as it is, or begins again. */
  after: 'end' | 'hold' | 'repeat';
}

export const constantCurve = (value: number): Curve => ({ start: value, stages: [], after: 'hold' });

const stagesMs = ({ stages }: Curve): number => stages.reduce((sum, { durationMs }) => sum + durationMs, 0);

/** Null: it goes on for ever. */
export const curveDurationMs = (curve: Curve): number | null => (curve.after === 'end' ? stagesMs(curve) : null);

const lastOf = ({ start, stages }: Curve): number => stages[stages.length - 1]?.target ?? start;

/** Area below the curve from its start, in value × milliseconds. */
function areaUntil(curve: Curve, untilMs: number): number {
  if (untilMs <= 0) return 0;
  const roundMs = stagesMs(curve);
  if (curve.after === 'repeat' && roundMs > 0 && untilMs > roundMs)
    return Math.floor(untilMs / roundMs) * areaUntil(curve, roundMs) + areaUntil(curve, untilMs % roundMs);
  let area = 0;
  let fromMs = 0;
  let from = curve.start;
  for (const { durationMs, target } of curve.stages) {
    const withinMs = Math.min(durationMs, untilMs - fromMs);
    if (withinMs > 0) area += withinMs * (from + ((target - from) * withinMs) / durationMs / 2);
    fromMs += durationMs;
    from = target;
    if (fromMs >= untilMs) return area;
  }
  return curve.after === 'hold' ? area + (untilMs - fromMs) * from : area;
}

export const areaBetween = (curve: Curve, fromMs: number, toMs: number): number =>
  Math.max(0, areaUntil(curve, toMs) - areaUntil(curve, fromMs));

/** The value at a time since the start; 0 when the curve is over. Where two stages meet, that of the later one. */
export function valueAt(curve: Curve, atMs: number): number {
  const roundMs = stagesMs(curve);
  let leftMs = curve.after === 'repeat' && roundMs > 0 ? atMs % roundMs : atMs;
  let from = curve.start;
  for (const { durationMs, target } of curve.stages) {
    if (leftMs < durationMs) return from + ((target - from) * leftMs) / durationMs;
    leftMs -= durationMs;
    from = target;
  }
  return curve.after === 'end' ? 0 : lastOf(curve);
}
