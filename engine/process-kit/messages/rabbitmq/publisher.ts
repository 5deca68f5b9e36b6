import { reasonOfSystemError } from '../../call-failure.ts';
import type { WiredEdge } from '../../protocol.ts';
import { type OutgoingMessage, PublishFailure } from '../client.ts';
import { type Opened, openChannel } from './connection.ts';
import type { Delayed } from './delayed.ts';
import { bodyOf, propertiesOf } from './message.ts';

/** A broker that was away is noticed within so long. */
const RECONNECT_MS = 100;

/** The publishing side, over one channel with confirms. */
export interface Publisher {
  publish(message: OutgoingMessage): Promise<void>;
  close(): Promise<void>;
}

export function createPublisher(edge: WiredEdge, delayed: Delayed): Publisher {
  let opened: Opened | null = null;
  let opening: Promise<Opened> | null = null;
  /** Why there is no connection, and until when that is the answer. */
  let problem: { error: Error; untilMs: number } | null = null;
  let isBlocked = false;
  let closed = false;

  const open = async (): Promise<Opened> => {
    try {
      const fresh = await openChannel(edge);
      opened = fresh;
      problem = null;
      isBlocked = false;
      fresh.connection.on('blocked', () => {
        isBlocked = true;
      });
      fresh.connection.on('unblocked', () => {
        isBlocked = false;
      });
      void fresh.over.then((error) => {
        if (opened !== fresh) return;
        opened = null;
        problem = { error, untilMs: performance.now() };
      });
      if (closed) fresh.cut();
      return fresh;
    } catch (error) {
      problem = { error: error as Error, untilMs: performance.now() + RECONNECT_MS };
      throw error;
    } finally {
      opening = null;
    }
  };

  const noConnection = (error: Error): PublishFailure =>
    new PublishFailure(
      true,
      reasonOfSystemError(error) === 'refused' || /ACCESS-REFUSED/.test(error.message) ? 'refused' : 'reset',
      edge.id,
      error.message,
    );

  const ready = async (signal: AbortSignal): Promise<Opened> => {
    if (opened) return opened;
    if (problem && performance.now() < problem.untilMs) throw noConnection(problem.error);
    opening ??= open();
    const over = new Promise<never>((_, reject) => {
      const late = (): void => reject(new PublishFailure(true, 'timeout', edge.id, 'no connection in time'));
      signal.addEventListener('abort', late, { once: true });
    });
    over.catch(() => {});
    try {
      return await Promise.race([opening, over]);
    } catch (error) {
      throw error instanceof PublishFailure ? error : noConnection(error as Error);
    }
  };

  return {
    async publish(message) {
      const { channel, over } = await ready(message.signal);
      if (isBlocked)
        throw new PublishFailure(
          true,
          'queue-full',
          edge.targetId,
          'the broker takes nothing more: it is low on memory',
        );
      const { destination, routingKey, envelope, delayMs } = message;
      const isExchange = destination.pattern === 'exchange';
      const due = isExchange ? { exchange: destination.name, key: routingKey } : { queue: destination.name };
      const broke = over.then(({ message: what }): never => {
        throw new PublishFailure(false, 'reset', edge.id, `no confirmation came: ${what}`);
      });
      broke.catch(() => {});
      const queue = delayMs > 0 ? await Promise.race([delayed.queueFor(channel, due, delayMs), broke]) : null;
      if (message.signal.aborted) throw new PublishFailure(true, 'timeout', edge.id, 'nobody waits for it any more');
      const to =
        queue !== null
          ? { exchange: '', key: queue }
          : isExchange
            ? { exchange: destination.name, key: routingKey }
            : { exchange: '', key: destination.name };
      const confirmed = new Promise<void>((resolve, reject) => {
        channel.publish(to.exchange, to.key, bodyOf(envelope), propertiesOf(message), (error: Error | null) => {
          if (!error) resolve();
          // Of several queues only some may have refused it.
          else if (/nacked/.test(error.message))
            reject(new PublishFailure(!isExchange, 'queue-full', edge.targetId, `"${destination.name}" has no room`));
          else reject(new PublishFailure(false, 'reset', edge.id, error.message));
        });
      });
      await Promise.race([confirmed, broke]);
    },
    async close() {
      closed = true;
      const last = opened;
      opened = null;
      await last?.connection.close().catch(() => {});
      last?.cut();
    },
  };
}
