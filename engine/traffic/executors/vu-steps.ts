import type { Curve } from '../../model/curve.ts';

/** From this time on, in milliseconds since the start, there are so many users. */
export interface VUStep {
  atMs: number;
  vus: number;
}

/** Each change of the number of users, in order: the curve is met exactly where it crosses a whole number. */
export function* vuSteps({ start, stages }: Curve): Generator<VUStep> {
  let fromMs = 0;
  let from = start;
  yield { atMs: 0, vus: start };
  for (const { durationMs, target } of stages) {
    const changes = Math.abs(target - from);
    if (durationMs === 0 && changes > 0) yield { atMs: fromMs, vus: target };
    else
      for (let change = 1; change <= changes; change += 1)
        yield { atMs: fromMs + (durationMs * change) / changes, vus: from + Math.sign(target - from) * change };
    fromMs += durationMs;
    from = target;
  }
}
