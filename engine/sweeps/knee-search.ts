import type { Judgement } from '../api/types.ts';

/** A rate and what came of it. */
export interface RateStep {
  ratePerSec: number;
  side: Judgement['side'];
  /** Chance alone does not explain it. */
  sure: boolean;
}

export interface SearchPlan {
  startRatePerSec: number;
  maxRatePerSec: number;
  growth: number;
  resolution: number;
}

/** A rate that says nothing is tried again so often. */
const ATTEMPTS = 3;
/** The rates that are surely within and surely beyond are looked for until they are this close, in resolutions. */
const SURE_RESOLUTIONS = 3;
/** However strangely a system behaves, the search ends. */
const MAX_STEPS = 60;
/** Below this share of the first rate nobody looks for a knee. */
const LOWEST_SHARE = 1 / 64;

/**
 * The rate to try next, or null when the search is over: upwards by a factor until a rate is beyond the knee, downwards if
 * the first one is already, then always the middle (of the logarithms) between the highest rate within and the lowest
 * beyond, until they are closer than the resolution. Then rates around it are tried, until the nearest ones that are sure are close, too.
 */
export function nextRate(plan: SearchPlan, steps: readonly RateStep[]): number | null {
  const last = steps[steps.length - 1];
  if (!last) return plan.startRatePerSec;
  if (steps.length >= MAX_STEPS) return null;
  if (last.side === 'inconclusive') {
    const attempts = steps.filter(({ ratePerSec }) => ratePerSec === last.ratePerSec).length;
    return attempts < ATTEMPTS ? last.ratePerSec : null;
  }
  const { within, beyond } = bracketOf(steps);
  if (beyond === Number.POSITIVE_INFINITY) {
    if (within >= plan.maxRatePerSec) return null;
    return Math.min(plan.maxRatePerSec, within * plan.growth);
  }
  if (within === 0) {
    const lower = beyond / plan.growth;
    return lower < plan.startRatePerSec * LOWEST_SHARE ? null : lower;
  }
  if (beyond / within > 1 + plan.resolution) return Math.sqrt(within * beyond);
  return surerRate(steps, plan);
}

/**
 * Where the nearest sure rate is far from the nearest that is not, the middle between them. Without a sure one above, further
 * up: more overload is easier to tell. Below it is not so, since fewer requests say less.
 */
function surerRate(steps: readonly RateStep[], { maxRatePerSec, growth, resolution }: SearchPlan): number | null {
  const { within, beyond } = bracketOf(steps);
  const ratio = 1 + SURE_RESOLUTIONS * resolution;
  const ratesOf = (side: RateStep['side'], sure: boolean): number[] =>
    steps.filter((step) => step.side === side && step.sure === sure).map(({ ratePerSec }) => ratePerSec);
  const low = Math.max(...ratesOf('within', true).filter((rate) => rate <= within));
  const afterLow = Math.min(within, ...ratesOf('within', false).filter((rate) => rate > low));
  if (low > 0 && afterLow / low > ratio) return Math.sqrt(low * afterLow);
  const high = Math.min(...ratesOf('beyond', true));
  const beforeHigh = Math.max(beyond, ...ratesOf('beyond', false).filter((rate) => rate < high));
  if (high < Number.POSITIVE_INFINITY) return high / beforeHigh > ratio ? Math.sqrt(high * beforeHigh) : null;
  return beforeHigh < maxRatePerSec ? Math.min(maxRatePerSec, beforeHigh * growth) : null;
}

/** The highest rate within (0: none) and the lowest beyond (infinite: none); a rate within above that is not believed. */
export function bracketOf(steps: readonly RateStep[]): { within: number; beyond: number } {
  const rates = (side: RateStep['side']): number[] =>
    steps.filter((step) => step.side === side).map(({ ratePerSec }) => ratePerSec);
  const beyond = Math.min(...rates('beyond'));
  return { beyond, within: Math.max(0, ...rates('within').filter((rate) => rate < beyond)) };
}
