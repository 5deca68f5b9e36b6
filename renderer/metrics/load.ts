import type { NodeStatus } from '../../engine/api/types.ts';
import { type Key, key } from '../i18n/t.ts';

/** How near a node is to what it can do: 1 is all of it. */
export interface Load {
  share: number;
  /** What is used up most. */
  by: 'slots' | 'queue' | 'CPU' | 'connections' | 'event loop' | 'locks' | 'pool';
}

/** What is used up, in words. */
export const loadTitles: Record<Load['by'], Key> = {
  slots: key('slots'),
  queue: key('queue'),
  CPU: key('CPU'),
  connections: key('connections'),
  'event loop': key('event loop'),
  locks: key('locks'),
  pool: key('pool'),
};

export type Level = 'calm' | 'busy' | 'warning' | 'full';

export interface Reading extends Load {
  level: Level;
}

type Seen = Pick<NodeStatus, 'measures' | 'replicas' | 'limit' | 'cpuUse'>;

/** What limits the work of a node by its config; null or left out where nothing does. */
export interface Capacity {
  concurrency?: number | null;
  queue?: { limit?: number };
}

const QUEUE_LIMIT = 1000;
/** A limit that binds is at least so near. */
const BINDING = 0.9;

const limitNames: Partial<Record<string, Load['by']>> = {
  cpu: 'CPU',
  'event-loop': 'event loop',
  slots: 'slots',
  queue: 'queue',
  connections: 'connections',
  locks: 'locks',
  pool: 'pool',
};

/** The load of a node by what its frame tells: its slots, its queue, its CPU and connections, and the limit that was found. */
export function loadOf({ measures, replicas, limit, cpuUse }: Seen, capacity: Capacity = {}): Load {
  const ready = Math.max(1, replicas.filter(({ state }) => state === 'ready' || state === 'degraded').length);
  const places = (capacity.queue?.limit ?? QUEUE_LIMIT) * ready;
  const waiting = measures.waiting ?? 0;
  const slots = capacity.concurrency ? (measures.busySlots ?? 0) / (capacity.concurrency * ready) : 0;
  const queue = waiting > 0 && places > 0 ? waiting / places : 0;
  const loads: Load[] = [
    { by: 'CPU', share: cpuUse },
    // The mean of the last second is behind a rush, the newest count is ahead of a calm.
    { by: 'slots', share: Math.max(measures.slotUtilisation ?? 0, 0.95 * slots) },
    { by: 'connections', share: measures.connectionUse ?? 0 },
    // Who waits has met full slots; how many places are left says how near the first refusal is.
    { by: 'queue', share: waiting > 0 ? Math.max(queue, queue > 0.25 ? 0.97 : 0) : 0 },
  ];
  const bound = limit && limitNames[limit.limit];
  if (bound) loads.push({ by: bound, share: BINDING });
  return loads.reduce((most, load) => (load.share > most.share ? load : most));
}

/** Up within a fraction of a second, so that it warns in time; down slowly, so that it can be read. */
const RISE_MS = 350;
const FALL_MS = 2500;

const levels: readonly { level: Level; from: number }[] = [
  { level: 'full', from: 0.97 },
  { level: 'warning', from: 0.8 },
  { level: 'busy', from: 0.6 },
  { level: 'calm', from: 0 },
];
/** A level is left only that much below where it began. */
const SLACK = 0.06;

/** A load that a person can read: smoothed, and in levels that do not flicker. */
export function createSaturation(): { add(atMs: number, load: Load): Reading } {
  let reading: (Reading & { atMs: number }) | null = null;
  return {
    add(atMs, { share, by }) {
      const before = reading;
      const elapsedMs = before ? Math.max(0, atMs - before.atMs) : 0;
      const constantMs = before && share < before.share ? FALL_MS : RISE_MS;
      const smooth = before ? before.share + (share - before.share) * (1 - Math.exp(-elapsedMs / constantMs)) : share;
      const levelOf = (value: number): Level => levels.find(({ from }) => value >= from)?.level ?? 'calm';
      const risen = levelOf(smooth);
      const rank = (level: Level): number => levels.length - levels.findIndex((entry) => entry.level === level);
      const level = before && rank(risen) < rank(before.level) ? levelOf(smooth + SLACK) : risen;
      const named = before && share < before.share && share < smooth * 0.8 ? before.by : by;
      reading = { share: smooth, by: named, level, atMs };
      return reading;
    },
  };
}
