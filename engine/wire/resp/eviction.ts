import type { Entry } from './entry.ts';
import { NEW_FREQUENCY } from './entry.ts';

export const evictionPolicies = [
  'noeviction',
  'allkeys-lru',
  'volatile-lru',
  'allkeys-lfu',
  'volatile-lfu',
  'allkeys-random',
  'volatile-random',
  'volatile-ttl',
] as const;

export type EvictionPolicy = (typeof evictionPolicies)[number];

/** The greater, the harder it is to raise the counter of uses; Redis' `lfu-log-factor`. */
const LOG_FACTOR = 10;
/** The counter of uses falls by one in so many minutes; Redis' `lfu-decay-time`. */
const DECAY_MIN = 1;

const minuteOf = (ms: number): number => Math.floor(ms / 60_000);

/** The counter of uses as it is now: it falls while nobody uses the key. */
function frequencyNow({ frequency, frequencyAtMin }: Entry, nowMs: number): number {
  return Math.max(0, frequency - Math.floor((minuteOf(nowMs) - frequencyAtMin) / DECAY_MIN));
}

/**
 * Counts a use: the higher the counter, the less likely it rises, so that eight bits tell a hundred uses from a million
 * (a Morris counter; `LFULogIncr` in Redis' evict.c).
 */
export function countUse(entry: Entry, nowMs: number, random: () => number): void {
  const frequency = frequencyNow(entry, nowMs);
  const chance = 1 / (Math.max(0, frequency - NEW_FREQUENCY) * LOG_FACTOR + 1);
  entry.frequency = frequency < 255 && random() < chance ? frequency + 1 : frequency;
  entry.frequencyAtMin = minuteOf(nowMs);
}

/** Which of the sampled keys goes: the one with the least worth. Null where the policy lets none go, or looks at none. */
export const worthOf: Record<EvictionPolicy, ((entry: Entry, nowMs: number, random: () => number) => number) | null> = {
  noeviction: null,
  'allkeys-lru': ({ usedAt }) => usedAt,
  'volatile-lru': ({ usedAt }) => usedAt,
  'allkeys-lfu': frequencyNow,
  'volatile-lfu': frequencyNow,
  'allkeys-random': (_entry, _nowMs, random) => random(),
  'volatile-random': (_entry, _nowMs, random) => random(),
  'volatile-ttl': ({ expiresAtMs }) => expiresAtMs,
};
