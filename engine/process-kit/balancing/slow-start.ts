/** A replica that just came is given at least this share of its weight. */
const FLOOR = 0.1;

/**
 * How much of its weight a replica has that takes requests since `elapsedMs`: it grows in proportion to the time, as in
 * Envoy with aggression 1. https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/slow_start
 */
export const rampOf = (elapsedMs: number, slowStartMs: number): number =>
  elapsedMs >= slowStartMs ? 1 : Math.max(FLOOR, elapsedMs / slowStartMs);
