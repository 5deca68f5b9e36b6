import { type Execute, readInfo } from '../redis-server/info.ts';
import type { ServerLink } from '../redis-server/link.ts';

/** Keys by which faults prove what they did, apart from the keys of the topology. */
const MARKER = 'archipel:marker';
const markers = Array.from({ length: 20 }, (_, index) => `${MARKER}:${index}`);
const MARKER_MS = 600_000;
const EFFECT_WITHIN_MS = 1000;

/** What faults do to a server, by name. Written in its own commands, so that any server takes them. */
export type Disturbances = Record<string, (payload: never) => Promise<unknown>>;

export interface Expire {
  /** Glob. */
  pattern: string;
  percent: number;
}

export interface Squeeze {
  percent: number;
}

export function createDisturbances({ execute, executeAll }: Pick<ServerLink, 'execute' | 'executeAll'>): Disturbances {
  /** What the limit was before it was lowered. */
  let limitBefore: string | undefined;

  /** What it wrote: nothing where the server takes no writes any more. */
  const mark = (): Promise<string[]> =>
    execute('SET', MARKER, 'here', 'PX', String(MARKER_MS)).then(
      () => [MARKER],
      () => [],
    );
  const marked = async (): Promise<boolean> => (await execute('GET', MARKER)) !== null;
  const limit = async (): Promise<string> => ((await execute('CONFIG', 'GET', 'maxmemory')) as string[])[1] as string;

  /** Waits until the server has counted so many more; resolves with how many it counted. */
  const grown = async (field: 'expired_keys' | 'evicted_keys', from: number, by: number): Promise<number> => {
    const untilMs = Date.now() + EFFECT_WITHIN_MS;
    for (;;) {
      const count = ((await readInfo(execute))[field] ?? 0) - from;
      if (count >= by || Date.now() > untilMs) return count;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  return {
    /** Removes all keys. */
    async 'cache-flush'() {
      const ours = await mark();
      const { keys = 0 } = await readInfo(execute);
      await execute('FLUSHALL');
      return { removed: keys - ours.length, markerGone: !(await marked()) };
    },

    /** Whether it takes a key and gives it back, and how many it holds. */
    async 'cache-probe'() {
      await mark();
      const holds = await marked();
      await execute('DEL', MARKER);
      return { holds, keys: (await readInfo(execute)).keys };
    },

    /** Lets a share of the keys that match expire now. */
    async expire({ pattern, percent }: Expire) {
      const ours = await mark();
      const { expired_keys: before = 0 } = await readInfo(execute);
      const keys = await keysLike(execute, pattern);
      // As evenly over the keys as whole numbers allow.
      const chosen = keys.filter(
        (_, index) => Math.floor(((index + 1) * percent) / 100) > Math.floor((index * percent) / 100),
      );
      for (const batch of batches([...chosen, ...ours])) await executeAll(batch.map((key) => ['PEXPIRE', key, '1']));
      await new Promise((resolve) => setTimeout(resolve, 2));
      // Changes no key, but a key whose time is over goes when somebody is about to change it.
      for (const batch of batches([...chosen, ...ours]))
        await executeAll(batch.map((key) => ['PEXPIREAT', key, '1', 'XX', 'GT']));
      const expired = await grown('expired_keys', before, chosen.length + ours.length);
      return {
        matched: keys.length,
        chosen: chosen.length,
        expired: expired - ours.length,
        markerGone: !(await marked()),
      };
    },

    /** Lowers the limit of memory to a share of what the keys use now. */
    async 'eviction-storm'({ percent }: Squeeze) {
      await executeAll(markers.map((key) => ['SET', key, 'here', 'PX', String(MARKER_MS)]));
      limitBefore ??= await limit();
      const {
        used_memory: used = 0,
        used_memory_startup: floor = 0,
        evicted_keys: before = 0,
      } = await readInfo(execute);
      const lowered = Math.ceil(floor + ((used - floor) * percent) / 100);
      await execute('CONFIG', 'SET', 'maxmemory', String(lowered));
      // Redis makes room when somebody writes.
      await mark();
      return { usedBytes: used, limitBytes: lowered, evicted: await grown('evicted_keys', before, 1) };
    },

    /** Gives the memory back. */
    async 'end-eviction-storm'() {
      if (limitBefore !== undefined) await execute('CONFIG', 'SET', 'maxmemory', limitBefore);
      limitBefore = undefined;
      await execute('DEL', ...markers);
      return { limitBytes: Number(await limit()) };
    },
  };
}

/** Each once; without our own. */
async function keysLike(execute: Execute, pattern: string): Promise<string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = (await execute('SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000')) as [string, string[]];
    for (const key of keys) if (!key.startsWith(MARKER)) found.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...found];
}

function* batches<Item>(items: readonly Item[], size = 1000): IterableIterator<Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
