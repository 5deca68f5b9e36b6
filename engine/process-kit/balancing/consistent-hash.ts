import type { Endpoint, Pick } from './endpoint.ts';

/**
 * The same key goes to the same replica as long as it is there. Rendezvous hashing: each replica scores each key, the
 * highest score has it. A replica that comes takes 1 / n of the keys, evenly from the others; the keys of one that goes are
 * spread over all that stay; no other key moves. Needs no ring, and callers agree without talking.
 * Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998; weights by the logarithmic method of
 * Schindelhauer and Schomaker, "Weighted distributed hash tables", 2005.
 * Requests without a key are left to `otherwise`.
 */
export const createConsistentHash =
  (otherwise: Pick): Pick =>
  (candidates, key) => {
    if (key === undefined) return otherwise(candidates, key);
    const hash = hashOf(key);
    let best = candidates[0] as Endpoint;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const endpoint of candidates) {
      const score = scoreOf(hash, endpoint);
      if (score <= bestScore) continue;
      best = endpoint;
      bestScore = score;
    }
    return best;
  };

/** By number, not by port: a replica scores the same in every run, and at every caller. */
function scoreOf(hash: number, { replica, fullWeight }: Endpoint): number {
  const mixed = mix(hash ^ mix(Math.imul(replica + 1, 0x9e3779b1)));
  return -fullWeight / Math.log((mixed + 0.5) / 0x1_0000_0000);
}

/** FNV-1a over the UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** The finaliser of MurmurHash3: every bit of the input changes about half of the output's. */
function mix(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
