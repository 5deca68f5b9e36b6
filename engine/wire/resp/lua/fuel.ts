import { OutOfFuel } from './errors.ts';

/** Steps between two looks at the clock. */
const STEPS = 200_000;

/**
 * What a script may burn: each turn of a loop and each call is a step. When many are over, it is asked whether there is
 * still time.
 */
export const fuel = {
  left: STEPS,
  untilMs: Number.POSITIVE_INFINITY,
  refill(timeLimitMs: number): void {
    fuel.left = STEPS;
    fuel.untilMs = timeLimitMs === 0 ? Number.POSITIVE_INFINITY : performance.now() + timeLimitMs;
  },
  out(): void {
    if (performance.now() > fuel.untilMs) throw new OutOfFuel('the script has run for too long');
    fuel.left = STEPS;
  },
};
