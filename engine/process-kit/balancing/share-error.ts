import type { Endpoint } from './endpoint.ts';

/**
 * How far a replica's share of the requests is from the one that it should have, as a part of the latter, at most: 0.02
 * means that none got 2 % more or less than it should. 0 before the first request.
 */
export function shareError(endpoints: readonly Endpoint[], canaryShare: number): number {
  const requests = endpoints.reduce((sum, endpoint) => sum + endpoint.requests, 0);
  if (requests === 0) return 0;
  const weights = (canary: boolean): number =>
    endpoints.reduce((sum, endpoint) => sum + (endpoint.canary === canary ? endpoint.fullWeight : 0), 0);
  const [live, tried] = [weights(false), weights(true)];
  const errors = endpoints.map((endpoint) => {
    const ofVersion = tried === 0 || live === 0 ? 1 : endpoint.canary ? canaryShare : 1 - canaryShare;
    const share = (ofVersion * endpoint.fullWeight) / (endpoint.canary ? tried : live);
    return share > 0 ? Math.abs(endpoint.requests / requests / share - 1) : 0;
  });
  return Math.max(0, ...errors);
}
