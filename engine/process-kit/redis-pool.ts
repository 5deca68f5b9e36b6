import { connectResp, type RespClient } from '../wire/resp/client.ts';
import { logIn } from '../wire/resp/log-in.ts';
import type { Reply } from '../wire/resp/reply.ts';
import { CallFailure } from './call-failure.ts';
import type { WiredEdge } from './protocol.ts';
import { failureOfSending } from './redis-failure.ts';

/** The connections of one edge to one replica, each with at most one request under way. */
export interface RedisPool {
  /**
   * Sends one request. Rejects with a `CallFailure`. The edge's timeout covers the wait for a connection, and closes the one
   * on which it runs out: its answer would come to the next request. So does the end of the signal.
   */
  send(request: readonly string[], signal?: AbortSignal): Promise<Reply>;
  figures(): { open: number; busy: number; waiting: number };
  /** No further requests: resolves when those that it has are over and the connections are closed. */
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

  /** For who waits longest, else kept; without keep-alive only a fresh one serves anybody. */
  const offer = (client: RespClient, isFresh: boolean): void => {
    const next = client.usable && (keepAlive || isFresh) ? waiting.shift() : undefined;
    if (next) next.take(client);
    else if (client.usable && keepAlive && !closed) idle.push(client);
    else {
      open -= 1;
      client.destroy();
      openForWaiting();
      if (open === 0) onQuiet();
    }
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
      let client: RespClient | undefined;
      client = await connectResp({ port, signal: aborter.signal, onClose: () => client && forget(client) });
      await logIn(client, edge.login ?? {});
      return client;
    } finally {
      clearTimeout(timer);
    }
  };

  /** A request that waits gets the place of a connection that is gone. */
  const openForWaiting = (): void => {
    if (open >= maxConnections || waiting.length === 0) return;
    open += 1;
    connect().then(
      (client) => offer(client, true),
      (error: Error) => {
        open -= 1;
        waiting.shift()?.fail(error);
        openForWaiting();
        if (open === 0) onQuiet();
      },
    );
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
          signal?.removeEventListener('abort', onAbort);
          if (client) offer(client, false);
        };
        const fail = (error: Error): void => {
          if (over) return;
          end();
          reject(failureOfSending(error, edge));
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
        signal?.addEventListener('abort', onAbort, { once: true });
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
      for (const client of idle.splice(0)) offer(client, false);
      if (open > 0)
        await new Promise<void>((resolve) => {
          onQuiet = resolve;
        });
    },
  };
}
