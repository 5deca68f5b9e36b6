import type { Endpoint, Pick } from './endpoint.ts';

/**
 * Smooth weighted round-robin, as NGINX does it: with equal weights the replicas come strictly in turn; with others each
 * has its share in every round, spread as evenly as can be ({5, 1, 1} gives a a b a c a a, not a a a a a b c).
 * https://github.com/nginx/nginx/commit/52327e0627f49dbda1e8db695e63a4b0af4448b1
 */
export function createRoundRobin(): Pick {
  const credits = new WeakMap<Endpoint, number>();
  return (candidates) => {
    let best = candidates[0] as Endpoint;
    let bestCredit = Number.NEGATIVE_INFINITY;
    let total = 0;
    for (const endpoint of candidates) {
      const credit = (credits.get(endpoint) ?? 0) + endpoint.weight;
      credits.set(endpoint, credit);
      total += endpoint.weight;
      if (credit <= bestCredit) continue;
      best = endpoint;
      bestCredit = credit;
    }
    credits.set(best, bestCredit - total);
    return best;
  };
}
