import type { Consumer } from '../../model/consumer.ts';
import type { Callers } from '../callers.ts';
import type { RequestContext } from '../request-context.ts';

/** Which messages are done already, by their idempotency keys. */
export interface DoneKeys {
  /** Rejects with a `CallFailure` where the cache that knows it fails. */
  has(key: string, request: RequestContext): Promise<boolean>;
  add(key: string, request: RequestContext): Promise<void>;
}

type Settings = NonNullable<Consumer['idempotency']>;

/** Of so many keys a process remembers by itself that they are done. */
const MOST_KEYS = 100_000;

/** In a cache, for all processes of a service and over their ends; without one, in this process. */
export const createDoneKeys = (settings: Settings, prefix: string, callers: Callers): DoneKeys =>
  settings.edge === null ? inProcess(settings) : inCache(settings, settings.edge, prefix, callers);

function inProcess({ ttlMs }: Settings): DoneKeys {
  const until = new Map<string, number>();
  return {
    has: async (key) => (until.get(key) ?? 0) > performance.now(),
    async add(key) {
      until.delete(key);
      until.set(key, performance.now() + ttlMs);
      if (until.size > MOST_KEYS) until.delete(until.keys().next().value as string);
    },
  };
}

function inCache({ ttlMs }: Settings, edge: string, prefix: string, callers: Callers): DoneKeys {
  const nameOf = (key: string): string => Buffer.from(`${prefix}:${key}`).toString('latin1');
  return {
    async has(key, request) {
      const name = nameOf(key);
      return (await callers.get('redis', edge).caller.call(name, ['GET', name], request)) !== null;
    },
    async add(key, request) {
      const name = nameOf(key);
      await callers.get('redis', edge).caller.call(name, ['SET', name, '1', 'PX', String(ttlMs)], request);
    },
  };
}
