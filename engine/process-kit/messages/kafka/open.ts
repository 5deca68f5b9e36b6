import type { OpenMessageClient } from '../client.ts';
import { consumeTopic } from './consume.ts';
import { createPublisher, type Publisher } from './publish.ts';

/** Messages over Kafka, by @platformatic/kafka. The file of a bundle of its own. */
export const openMessageClient: OpenMessageClient = ({ edge, consumerName, onProblem }) => {
  let publisher: Publisher | null = null;
  return {
    publish(message) {
      publisher ??= createPublisher(edge, consumerName);
      return publisher.publish(message);
    },
    consume: (options) => consumeTopic(edge, consumerName, options, onProblem),
    returnsRetries: () => false,
    async close() {
      await publisher?.close();
      publisher = null;
    },
  };
};
