import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { MessageProtocol } from '../../model/message-protocols.ts';
import type { OpenMessageClient } from './client.ts';

/** Stock clients are large: each is a file of its own, which only processes read that are wired to such a broker. */
const bundles: Record<MessageProtocol, string> = {
  'redis-messages': 'messages-redis.cjs',
  kafka: 'messages-kafka.cjs',
  'rabbitmq-messages': 'messages-rabbitmq.cjs',
};

export const loadMessageClient = (protocol: MessageProtocol): OpenMessageClient =>
  createRequire(__filename)(join(__dirname, bundles[protocol])).openMessageClient;
