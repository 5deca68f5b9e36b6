import { ArchipelError } from '../model/error.ts';
import { connectResp, type RespClient } from '../wire/resp/client.ts';
import { RespError } from '../wire/resp/errors.ts';
import type { ProcessTarget } from './inject.ts';
import { pidOf } from './running-process.ts';

/** A client of its own that reads keys of a cache at a rate, beside the traffic of the topology. */
export interface CacheReader {
  readonly seen: { hits: number; misses: number; errors: number; slowestMs: number };
  /** Whether the server still knows a connection of it, asked over another one. */
  isConnected(): Promise<boolean>;
  /** One command over a connection of its own. Rejects with an error reply. */
  execute(...command: string[]): Promise<unknown>;
  stop(): void;
}

/** So often it sends what is due, in one write. */
const TICK_MS = 20;
/** What was missed is made up for only so far. */
const MOST_MISSED_MS = 200;

export async function startCacheReader(
  target: ProcessTarget,
  { name, ratePerSec, nextKey }: { name: string; ratePerSec: number; nextKey(): string },
): Promise<CacheReader> {
  pidOf(target, 'read from');
  const seen = { hits: 0, misses: 0, errors: 0, slowestMs: 0 };
  let client: RespClient | null = null;
  let stopped = false;
  let due = 0;
  let sending = false;
  let lastMs = performance.now();

  const open = async (): Promise<RespClient> => {
    const port = target.port();
    if (port === null) throw new ArchipelError('fault-impossible', 'The cache is not ready.', 'Wait until it is.');
    return connectResp({ port });
  };
  const reader = async (): Promise<RespClient> => {
    const opened = await open();
    await opened.send(['CLIENT', 'SETNAME', name]);
    return opened;
  };
  const execute = async (...command: string[]): Promise<unknown> => {
    const once = await open();
    try {
      const [reply] = await once.send(command);
      if (reply instanceof RespError) throw reply;
      return reply;
    } finally {
      once.destroy();
    }
  };

  const tick = async (): Promise<void> => {
    const nowMs = performance.now();
    due += (ratePerSec * Math.min(MOST_MISSED_MS, nowMs - lastMs)) / 1000;
    lastMs = nowMs;
    const count = Math.floor(due);
    if (sending || count === 0) return;
    sending = true;
    due -= count;
    try {
      // A server that was started anew is found again.
      if (!client?.usable) client = await reader();
      if (stopped) return client.destroy();
      for (const reply of await client.send(...Array.from({ length: count }, () => ['GET', nextKey()]))) {
        if (reply instanceof RespError) seen.errors += 1;
        else if (reply === null) seen.misses += 1;
        else seen.hits += 1;
      }
      seen.slowestMs = Math.max(seen.slowestMs, performance.now() - nowMs);
    } catch {
      seen.errors += count;
    } finally {
      sending = false;
    }
  };

  client = await reader();
  const timer = setInterval(() => void tick(), TICK_MS);
  return {
    seen,
    execute,
    isConnected: async () => String(await execute('CLIENT', 'LIST')).includes(` name=${name} `),
    stop() {
      stopped = true;
      clearInterval(timer);
      client?.destroy();
    },
  };
}
