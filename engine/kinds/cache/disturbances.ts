import { type Execute, readInfo } from './info.ts';

/** Keys by which faults prove what they did, apart from the keys of the topology. */
const MARKER = 'archipel:marker';
const MARKERS = 20;
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

export function createDisturbances(execute: Execute): Disturbances {
  /** What the limit was before it was lowered. */
  let limitBefore: string | undefined;

  const mark = (): Promise<unknown> => execute('SET', MARKER, 'here', 'PX', String(MARKER_MS));
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
      await mark();
      const { keys = 0 } = await readInfo(execute);
      await execute('FLUSHALL');
      return { removed: keys - 1, markerGone: !(await marked()) };
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
      await mark();
      const { expired_keys: before = 0 } = await readInfo(execute);
      const seen = new Set<string>();
      let chosen = 0;
      let cursor = '0';
      do {
        const [next, keys] = (await execute('SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000')) as [string, string[]];
        cursor = next;
        for (const key of keys) {
          if (key === MARKER || seen.has(key)) continue;
          seen.add(key);
          // As evenly over the keys as whole numbers allow.
          if (Math.floor((seen.size * percent) / 100) === chosen) continue;
          chosen += 1;
          await execute('PEXPIRE', key, '1');
        }
      } while (cursor !== '0');
      await execute('PEXPIRE', MARKER, '1');
      const expired = await grown('expired_keys', before, chosen + 1);
      return { matched: seen.size, chosen, expired: expired - 1, markerGone: !(await marked()) };
    },

    /** Lowers the limit of memory to a share of what the keys use now. */
    async 'eviction-storm'({ percent }: Squeeze) {
      for (let i = 0; i < MARKERS; i += 1) await execute('SET', `${MARKER}:${i}`, 'here', 'PX', String(MARKER_MS));
      limitBefore ??= await limit();
      const {
        used_memory: used = 0,
        used_memory_startup: floor = 0,
        evicted_keys: before = 0,
      } = await readInfo(execute);
      const lowered = Math.ceil(floor + ((used - floor) * percent) / 100);
      await execute('CONFIG', 'SET', 'maxmemory', String(lowered));
      // Redis makes room when somebody writes.
      await execute('SET', `${MARKER}:0`, 'here', 'PX', String(MARKER_MS)).catch(() => {});
      return { usedBytes: used, limitBytes: lowered, evicted: await grown('evicted_keys', before, 1) };
    },

    /** Gives the memory back. */
    async 'end-eviction-storm'() {
      if (limitBefore !== undefined) await execute('CONFIG', 'SET', 'maxmemory', limitBefore);
      limitBefore = undefined;
      for (let i = 0; i < MARKERS; i += 1) await execute('DEL', `${MARKER}:${i}`);
      return { limitBytes: Number(await limit()) };
    },
  };
}
