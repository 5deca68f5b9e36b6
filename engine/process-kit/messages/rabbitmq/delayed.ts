import type { ConfirmChannel } from 'amqplib';
import { DELAYED_NAMES, delayedNames, delayedQueue } from '../../../model/amqp-declaration.ts';

/** A queue of delayed messages goes so long after its last message. */
const UNUSED_MS = 120_000;
/** Declaring it again counts as use. */
const FRESH_MS = 30_000;

/** Where messages are due. */
export type Due = { queue: string } | { exchange: string; key: string };

/** Queues in which messages wait for their time, and from which the broker itself moves them on. */
export interface Delayed {
  /** The queue for messages that are due after this time, which is there. */
  queueFor(channel: ConfirmChannel, due: Due, delayMs: number): Promise<string>;
}

export function createDelayed(): Delayed {
  const freshUntilMs = new Map<string, number>();
  const declared = new WeakMap<ConfirmChannel, Set<string>>();
  return {
    async queueFor(channel, due, wantedMs) {
      const delayMs = roundUp(wantedMs);
      const name = delayedQueue({ ...due, delayMs });
      const known = declared.get(channel) ?? new Set();
      declared.set(channel, known);
      if (known.has(name) && performance.now() < (freshUntilMs.get(name) ?? 0)) return name;
      const at = 'queue' in due ? { exchange: '', key: due.queue } : due;
      await channel.assertQueue(name, {
        durable: true,
        messageTtl: delayMs,
        expires: delayMs + UNUSED_MS,
        deadLetterExchange: at.exchange,
        deadLetterRoutingKey: at.key,
      });
      if (!known.has(name)) {
        await channel.assertQueue(DELAYED_NAMES, delayedNames);
        channel.sendToQueue(DELAYED_NAMES, Buffer.from(name));
      }
      known.add(name);
      freshUntilMs.set(name, performance.now() + FRESH_MS);
      return name;
    },
  };
}

/** To two digits: each time has a queue of its own. */
function roundUp(delayMs: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, delayMs))) - 1);
  return Math.max(1, Math.ceil(delayMs / unit) * unit);
}
