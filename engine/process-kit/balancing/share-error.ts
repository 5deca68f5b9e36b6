import type { Endpoint } from './endpoint.ts';

/**
 * How far a replica's share of the requests is from its share of the weights, as a part of the latter, at most: 0.02 means
 * that none got 2 % more or less than it should. 0 before the first request.
 */
export function shareError(endpoints: readonly Endpoint[]): number {
  const requests = endpoints.reduce((sum, endpoint) => sum + endpoint.requests, 0);
  const weights = endpoints.reduce((sum, { fullWeight }) => sum + fullWeight, 0);
  if (requests === 0) return 0;
  const errors = endpoints
    .filter(({ fullWeight }) => fullWeight > 0)
    .map((endpoint) => Math.abs((endpoint.requests / requests) * (weights / endpoint.fullWeight) - 1));
  return Math.max(0, ...errors);
}
