import { RespError } from '../../wire/resp/errors.ts';
import type { Execute } from '../redis-server/info.ts';

/** By which faults prove what they did, apart from the keys of the topology. */
const MARKER = 'archipel:marker';
const FILLER = 'archipel:filler';
const MARKER_MS = '600000';
/** Less than any server uses by itself. */
const NO_ROOM = '1';

/** How long it takes until a write is answered, in milliseconds. */
export async function timeWrite(execute: Execute): Promise<number> {
  const fromMs = performance.now();
  await execute('SET', MARKER, 'here', 'PX', MARKER_MS);
  const durationMs = performance.now() - fromMs;
  await execute('DEL', MARKER);
  return durationMs;
}

/** What faults do to a broker, by name. Written in commands of Redis, so that any server takes them. */
export function createDisturbances(execute: Execute): Record<string, (payload: never) => Promise<unknown>> {
  /** What the limit was before it was lowered. */
  let limitBefore: string | undefined;

  const takesWrites = async (): Promise<boolean> => {
    try {
      await execute('SET', MARKER, 'here', 'PX', MARKER_MS);
      await execute('DEL', MARKER);
      return true;
    } catch (error) {
      if (error instanceof RespError && /^(OOM|MISCONF)/.test(error.message)) return false;
      throw error;
    }
  };

  return {
    /** Leaves no room for anything more. */
    async 'queue-full'() {
      // An empty server would have room for one more.
      await execute('SET', FILLER, 'full');
      limitBefore ??= ((await execute('CONFIG', 'GET', 'maxmemory')) as string[])[1] as string;
      await execute('CONFIG', 'SET', 'maxmemory', NO_ROOM);
      return null;
    },
    async 'end-queue-full'() {
      if (limitBefore !== undefined) await execute('CONFIG', 'SET', 'maxmemory', limitBefore);
      limitBefore = undefined;
      await execute('DEL', FILLER);
      return null;
    },
    'takes-writes': takesWrites,
  };
}
