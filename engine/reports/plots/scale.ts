/** From a value to a place in a picture, and the values worth a line and a number. */
export interface Scale {
  at(value: number): number;
  ticks: number[];
}

/** From 0 to at least `max`, with at most `steps` lines. */
export function linearScale(max: number, low: number, high: number, steps = 4): Scale {
  const step = niceStep((max > 0 ? max : 1) / steps);
  const top = Math.ceil((max > 0 ? max : 1) / step) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return { at: (value) => low + ((high - low) * value) / top, ticks };
}

/** Over powers of ten; what is below `min` lies on the lowest line. */
export function logScale(min: number, max: number, low: number, high: number): Scale {
  const bottom = Math.floor(Math.log10(min));
  const top = Math.max(bottom + 1, Math.ceil(Math.log10(max)));
  const ticks = Array.from({ length: top - bottom + 1 }, (_, index) => 10 ** (bottom + index));
  const share = (value: number): number => (Math.log10(Math.max(value, 10 ** bottom)) - bottom) / (top - bottom);
  return { at: (value) => low + (high - low) * share(value), ticks };
}

/** Of the time since the start, in milliseconds. */
export function timeScale(durationMs: number, left: number, right: number): Scale {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800].map((s) => s * 1000);
  const step = steps.find((candidate) => durationMs / candidate <= 10) ?? 28_800_000;
  const ticks = Array.from({ length: Math.floor(durationMs / step) + 1 }, (_, index) => index * step);
  return { at: (ms) => left + ((right - left) * ms) / Math.max(1, durationMs), ticks };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 2.5 ? 2.5 : share <= 5 ? 5 : 10) * power;
}
