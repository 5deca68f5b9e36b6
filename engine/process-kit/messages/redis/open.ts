import type { OpenMessageClient } from '../client.ts';
import { consumeChannel } from './channel.ts';
import { openPrompt, type PromptConnection } from './connection.ts';
import { consumeQueue, createQueues } from './queue.ts';
import { consumeStream, FIELD } from './stream.ts';

const noExchange = (): never => {
  throw new Error('Redis has no exchanges');
};

/** Messages over Redis, by BullMQ and ioredis. The file of a bundle of its own. */
export const openMessageClient: OpenMessageClient = ({ edge, consumerName, onProblem }) => {
  let prompt: PromptConnection | null = null;
  const queues = createQueues(onProblem);
  const connection = (): PromptConnection => {
    prompt ??= openPrompt(edge, onProblem);
    return prompt;
  };

  return {
    publish: (message) =>
      connection().run(async (redis) => {
        const { destination, envelope } = message;
        const { name, maxLength, pattern } = destination;
        switch (pattern) {
          case 'queue':
            return queues.add(message, redis);
          case 'channel':
            await redis.publish(name, JSON.stringify(envelope));
            return '';
          case 'log': {
            const limit = maxLength === null ? [] : ['MAXLEN', String(maxLength)];
            return String(await redis.call('XADD', name, ...limit, '*', FIELD, JSON.stringify(envelope)));
          }
          case 'exchange':
            return noExchange();
        }
      }, message.signal),
    consume(options) {
      switch (options.destination.pattern) {
        case 'queue':
          return consumeQueue(edge, options, onProblem);
        case 'channel':
          return consumeChannel(edge, options, onProblem);
        case 'log':
          return consumeStream(edge, consumerName, options, onProblem);
        case 'exchange':
          return noExchange();
      }
    },
    returnsRetries: ({ pattern }, ack) => pattern === 'queue' && ack === 'after',
    async close() {
      await queues.close();
      prompt?.redis.disconnect();
      prompt = null;
    },
  };
};
