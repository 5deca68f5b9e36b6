import type { OpenMessageClient } from '../client.ts';
import { consumeQueue } from './consumer.ts';
import { createDelayed } from './delayed.ts';
import { createPublisher, type Publisher } from './publisher.ts';

/** Messages over RabbitMQ, by amqplib. The file of a bundle of its own. */
export const openMessageClient: OpenMessageClient = ({ edge, onProblem }) => {
  let publisher: Publisher | null = null;
  const delayed = createDelayed();
  return {
    async publish(message) {
      publisher ??= createPublisher(edge, delayed);
      await publisher.publish(message);
      return '';
    },
    consume: (options) => consumeQueue(edge, options, delayed, onProblem),
    returnsRetries: (_, ack) => ack === 'after',
    async close() {
      await publisher?.close();
      publisher = null;
    },
  };
};
