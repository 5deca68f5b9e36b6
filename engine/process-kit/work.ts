import type { Distribution } from '../model/distribution.ts';

/** One sample, in milliseconds. `random` yields uniform numbers in [0, 1). */
export function sampleMs(distribution: Distribution, random: () => number): number {
  switch (distribution.type) {
    case 'fixed':
      return distribution.valueMs;
    case 'uniform':
      return distribution.minMs + random() * (distribution.maxMs - distribution.minMs);
    case 'exponential':
      return -Math.log(1 - random()) * distribution.meanMs;
    case 'lognormal': {
      // Box–Muller.
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      return distribution.medianMs * Math.exp(distribution.sigma * normal);
    }
    case 'empirical':
      return valueAt(distribution.percentiles, random() * 100);
  }
}

/** The inverse of the distribution function: linear between the points, of which the first is 0 % and the last 100 %. */
function valueAt(points: readonly { percentile: number; valueMs: number }[], percentile: number): number {
  let low = 0;
  let high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.percentile as number) <= percentile) low = middle;
    else high = middle;
  }
  const [from, to] = [points[low], points[high]];
  if (!from || !to) throw new Error('an empirical distribution needs two points');
  const share = (percentile - from.percentile) / (to.percentile - from.percentile);
  return from.valueMs + share * (to.valueMs - from.valueMs);
}

/** Burns this much CPU time of the process, and blocks its event loop for it, as real computing does. */
export function burnCpuMs(durationMs: number): void {
  if (durationMs <= 0) return;
  const start = process.cpuUsage();
  let sink = 0;
  for (;;) {
    for (let i = 0; i < 5_000; i += 1) sink = (sink * 31 + i) | 0;
    const { user, system } = process.cpuUsage(start);
    if (user + system >= durationMs * 1000) return;
    // Never true; keeps the loop above from being optimised away.
    if (sink === 0.5) return;
  }
}
