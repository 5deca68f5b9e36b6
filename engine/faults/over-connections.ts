import type { Measurement } from './inject.ts';

/** Of so many connections at most one in ten thousand samples shows no effect where there is one. */
const MISSED = 1e-4;
const MAX_CONNECTIONS = 200;
const AT_ONCE = 8;

/** How many fresh connections show a fault that acts on this share of them. */
export const connectionsToShow = (probability: number): number =>
  probability >= 1
    ? 1
    : Math.min(MAX_CONNECTIONS, Math.max(8, Math.ceil(Math.log(MISSED) / Math.log(1 - probability))));

/**
 * Looks at as many fresh connections as a fault on a share of them needs to be seen, and says whether as many of them as
 * that share are acted on: within four standard deviations, and at least one.
 */
export async function overConnections(
  probability: number,
  what: string,
  isActedOn: () => Promise<boolean>,
): Promise<Measurement> {
  const tried = connectionsToShow(probability);
  let actedOn = 0;
  for (let first = 0; first < tried; first += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, tried - first) }, isActedOn);
    actedOn += (await Promise.all(batch)).filter(Boolean).length;
  }
  const expected = tried * probability;
  const tolerance = 4 * Math.sqrt(expected * (1 - probability));
  return {
    holds: actedOn > 0 && Math.abs(actedOn - expected) <= tolerance,
    evidence: `${actedOn} of ${tried} fresh connections ${what} (${probability < 1 ? `about ${expected.toFixed(0)}` : 'all'} should)`,
  };
}
