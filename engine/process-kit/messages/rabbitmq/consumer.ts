import type { ConsumeMessage } from 'amqplib';
import type { WiredEdge } from '../../protocol.ts';
import type { ConsumeOptions, Consumption, Delivery, Outcome } from '../client.ts';
import { createLocalWork } from '../local-work.ts';
import { type Opened, openChannel } from './connection.ts';
import type { Delayed } from './delayed.ts';
import { again, deliveryOf } from './message.ts';

/** A broker that is back is noticed within so long. */
const RECONNECT_MS = 100;

/**
 * Takes messages of a queue over a channel of its own. What it has and has not acknowledged is given to another one when its
 * connection ends.
 */
export function consumeQueue(
  edge: WiredEdge,
  { destination, concurrency, prefetch, ack, handle, taken }: ConsumeOptions,
  delayed: Delayed,
  onProblem: (message: string) => void,
): Consumption {
  let opened: Opened | null = null;
  let stopping = false;
  let onListening: () => void = () => {};
  let wake: () => void = () => {};
  const listening = new Promise<void>((resolve) => {
    onListening = resolve;
  });
  const raw = new WeakMap<Delivery, { message: ConsumeMessage; from: Opened }>();

  /** Tells the broker what became of a message; where the connection is gone, it is delivered again. */
  const settle = async (delivery: Delivery, outcome: Outcome): Promise<void> => {
    const { message, from } = raw.get(delivery) as { message: ConsumeMessage; from: Opened };
    const { channel, over } = from;
    try {
      if (outcome.type === 'retry') {
        const due = { queue: destination.name };
        const copied = delayed.queueFor(channel, due, Math.max(1, outcome.afterMs)).then(
          (queue) =>
            new Promise<void>((resolve, reject) => {
              channel.sendToQueue(queue, message.content, again(message, delivery.attempt), (error: Error | null) =>
                error ? reject(error) : resolve(),
              );
            }),
        );
        const broke = over.then((error): never => {
          throw error;
        });
        broke.catch(() => {});
        await Promise.race([copied, broke]);
      }
      if (outcome.type === 'rejected') channel.nack(message, false, false);
      else channel.ack(message);
    } catch (error) {
      if (!stopping) onProblem((error as Error).message);
    }
  };

  const local = createLocalWork({
    concurrency,
    async handle(delivery) {
      const outcome = await handle(delivery);
      if (ack !== 'after') return outcome;
      await settle(delivery, outcome);
      return { type: 'done' };
    },
  });

  /** One after the other, so that they begin in their order. */
  let line: Promise<void> = Promise.resolve();
  const take = (message: ConsumeMessage, from: Opened): void => {
    const delivery = deliveryOf(message);
    raw.set(delivery, { message, from });
    // Nobody else has it any more, although its work may wait.
    if (ack === 'none') taken(delivery);
    line = line.then(async () => {
      await local.untilRoom();
      if (from !== opened && ack !== 'none') return;
      if (ack === 'before') from.channel.ack(message);
      await local.begin(delivery);
    });
    line = line.catch((error: Error) => onProblem(error.message));
  };

  const listen = async (): Promise<Error> => {
    const fresh = await openChannel(edge);
    opened = fresh;
    const { channel, over } = fresh;
    await channel.prefetch(prefetch);
    await channel.consume(
      destination.name,
      (message) => {
        if (message) take(message, fresh);
        // Its queue is gone; a new connection declares it again.
        else fresh.cut();
      },
      { noAck: ack === 'none' },
    );
    onListening();
    return over;
  };

  const loop = async (): Promise<void> => {
    while (!stopping) {
      const error = await listen().catch((problem: Error) => {
        opened?.cut();
        return problem;
      });
      opened = null;
      if (stopping) return;
      onProblem(error.message);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, RECONNECT_MS);
      });
    }
  };
  const ended = loop();

  return {
    listening,
    async stop() {
      stopping = true;
      const last = opened;
      await local.stop();
      wake();
      await last?.connection.close().catch(() => {});
      last?.cut();
      await ended;
    },
  };
}
