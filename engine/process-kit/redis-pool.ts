import { connectResp, type RespClient } from '../wire/resp/client.ts';
import { RespError } from '../wire/resp/errors.ts';
import type { Reply } from '../wire/resp/reply.ts';
import { CallFailure, reasonOfSystemError } from './call-failure.ts';
import type { WiredEdge } from './protocol.ts';

/** The connections of one edge to one replica, each with at most one request under way. */
export interface RedisPool {
  /**
   * Sends one request. Rejects with a `CallFailure`. The edge's timeout covers the wait for a connection, and closes the one
   * on which it runs out: its answer would come to the next request. So does the end of the signal.
   */
  send(request: readonly string[], signal: AbortSignal): Promise<Reply>;
  figures(): { open: number; busy: number; waiting: number };
  /** No further requests: resolves when those under way have ended and the connections are closed. */
  close(): Promise<void>;
}

interface Waiting {
  take(client: RespClient): void;
  fail(error: Error): void;
}

export function createRedisPool(edge: WiredEdge, port: number, onWait: (waitedMs: number) => void): RedisPool {
  const { timeoutMs, maxConnections, keepAlive } = edge.config;
  const idle: RespClient[] = [];
  const waiting: Waiting[] = [];
  /** Open or being opened. */
  let open = 0;
  let closed = false;
  let onQuiet: () => void = () => {};

  const release = (client: RespClient): void => {
    if (client.usable && keepAlive && !closed) {
      const next = waiting.shift();
      if (next) next.take(client);
      else idle.push(client);
      return;
    }
    open -= 1;
    client.destroy();
    openForWaiting();
    if (open === 0) onQuiet();
  };

  /** A connection that breaks while nobody uses it is no failure of a request. */
  const forget = (client: RespClient): void => {
    const place = idle.indexOf(client);
    if (place === -1) return;
    idle.splice(place, 1);
    open -= 1;
  };

  const connect = async (): Promise<RespClient> => {
    const aborter = new AbortController();
    // Whoever waits for it has given up by then.
    const timer = setTimeout(() => aborter.abort(), timeoutMs);
    try {
      const client: RespClient = await connectResp({ port, signal: aborter.signal, onClose: () => forget(client) });
      await logIn(client, edge);
      return client;
    } finally {
      clearTimeout(timer);
    }
  };

  /** A request that waits gets the place of a connection that is gone. */
  const openForWaiting = (): void => {
    if (open >= maxConnections || waiting.length === 0 || closed) return;
    open += 1;
    connect().then(release, (error: Error) => {
      open -= 1;
      waiting.shift()?.fail(error);
      openForWaiting();
      if (open === 0) onQuiet();
    });
  };

  /** The connection used last, so that few are open where few are needed. */
  const takeIdle = (): RespClient | undefined => {
    for (let client = idle.pop(); client; client = idle.pop()) {
      if (client.usable) return client;
      open -= 1;
    }
    return undefined;
  };

  return {
    send: (request, signal) =>
      new Promise((resolve, reject) => {
        let over = false;
        let client: RespClient | undefined;
        const queuedAtMs = performance.now();
        const end = (): void => {
          over = true;
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          if (client) release(client);
        };
        const fail = (error: Error): void => {
          if (over) return;
          end();
          reject(failureOf(error, edge));
        };
        const giveUp = (failure: CallFailure): void => {
          const at = waiting.indexOf(place);
          if (at >= 0) waiting.splice(at, 1);
          client?.destroy();
          fail(failure);
        };
        const timer = setTimeout(() => {
          const what = client ? 'no answer' : `none of the ${maxConnections} connections of the pool came free`;
          giveUp(new CallFailure('timeout', edge.id, `${what} within ${timeoutMs} ms`));
        }, timeoutMs);
        const onAbort = (): void => giveUp(new CallFailure('cancelled', edge.id, 'nobody waits for it any more'));
        signal.addEventListener('abort', onAbort, { once: true });
        const place: Waiting = {
          take(taken) {
            client = taken;
            taken.send(request).then(([reply]) => {
              if (over) return;
              end();
              resolve(reply as Reply);
            }, fail);
          },
          fail,
        };
        const free = takeIdle();
        if (free) return place.take(free);
        if (open >= maxConnections) {
          const { take } = place;
          place.take = (taken) => {
            onWait(performance.now() - queuedAtMs);
            take(taken);
          };
        }
        waiting.push(place);
        openForWaiting();
      }),
    figures: () => ({ open, busy: open - idle.length, waiting: waiting.length }),
    async close() {
      closed = true;
      for (const { fail } of waiting.splice(0)) fail(new CallFailure('cancelled', edge.id, 'the edge is closed'));
      for (const client of idle.splice(0)) release(client);
      if (open > 0)
        await new Promise<void>((resolve) => {
          onQuiet = resolve;
        });
    },
  };
}

async function logIn(client: RespClient, { login }: WiredEdge): Promise<void> {
  if (!login) return;
  const { user, password, database } = login;
  const requests: string[][] = [];
  if (password) requests.push(user ? ['AUTH', user, password] : ['AUTH', password]);
  if (database && database !== '0') requests.push(['SELECT', database]);
  if (requests.length === 0) return;
  const refused = (await client.send(...requests)).find((reply) => reply instanceof RespError);
  if (!refused) return;
  client.destroy();
  throw refused;
}

function failureOf(error: Error, edge: WiredEdge): CallFailure {
  if (error instanceof CallFailure) return error;
  if (error instanceof RespError) return new CallFailure('refused', edge.id, error.message);
  if (error.name === 'AbortError' || error.name === 'TimeoutError')
    return new CallFailure('timeout', edge.id, `no connection within ${edge.config.timeoutMs} ms`);
  return new CallFailure(reasonOfSystemError(error), edge.id, error.message);
}
