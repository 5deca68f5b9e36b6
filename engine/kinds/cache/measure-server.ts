import type { Foreign } from '../../runtime/launch.ts';
import { type Execute, readInfo } from '../redis-server/info.ts';

/** In the names of the kind's measures. */
export async function measureServer(execute: Execute): Promise<Foreign> {
  const {
    keyspace_hits = 0,
    keyspace_misses = 0,
    evicted_keys = 0,
    expired_keys = 0,
    keys = 0,
    used_memory = 0,
  } = await readInfo(execute);
  return {
    counters: { hits: keyspace_hits, misses: keyspace_misses, evicted: evicted_keys, expired: expired_keys },
    gauges: { keys, usedBytes: used_memory },
  };
}
