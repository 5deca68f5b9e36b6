import { z } from 'zod';
import { defineKind } from '../define-kind.ts';
import { ourProgram } from '../fault-lists.ts';
import { redisServerFields } from '../redis-fields.ts';
import { replicasField } from '../replicas.ts';
import { checkCache } from './check.ts';
import { readThroughSchema } from './loader-schema.ts';
import { cacheMeasures } from './measures.ts';

/** In the words of Redis' `maxmemory-policy`. */
const evictionSchema = z.enum([
  'noeviction',
  'allkeys-lru',
  'volatile-lru',
  'allkeys-lfu',
  'volatile-lfu',
  'allkeys-random',
  'volatile-random',
  'volatile-ttl',
]);

export const cacheDefinition = defineKind({
  kind: 'cache',
  title: 'Cache',
  help: 'Keeps values in memory and speaks the protocol of Redis: its own server, a redis-server of this computer, or yours by URL.',
  family: 'storage',
  config: z.strictObject({
    replicas: replicasField,
    ...redisServerFields,
    maxMemoryMb: z.number().min(0.1).max(65_536).nullable().default(64).meta({
      title: 'Max memory (MB)',
      description: 'Keys are evicted beyond it. Empty: no limit. Not for your own server.',
    }),
    maxKeys: z.number().int().min(1).max(10_000_000).nullable().default(null).meta({
      title: 'Max keys',
      description: 'Keys are evicted beyond it. Empty: no limit. Only the embedded server knows it.',
    }),
    eviction: evictionSchema.default('allkeys-lru').meta({
      title: 'Eviction',
      description:
        'Which key goes when there is no room: the one used longest ago (lru), the least often (lfu), any (random), the one that expires first (ttl); of all keys, or of those that expire (volatile). Noeviction: writes are refused.',
    }),
    defaultTtlMs: z.number().int().min(1).max(86_400_000).nullable().default(null).meta({
      title: 'Default time to live (ms)',
      description: 'Of keys that are written without one. Empty: they stay. Only the embedded server knows it.',
    }),
    readThrough: z.array(readThroughSchema).max(100).default([]).meta({
      title: 'Read-through',
      description:
        'Keys that the cache loads by itself when it is asked for one that it does not hold. The first rule that matches counts. Only the embedded server does that.',
    }),
  }),
  defaults: {},
  accepts: 'redis',
  calls: ['http'],
  applyConfig: 'restart',
  program: ({ url, server }) => (url !== undefined ? 'remote' : server === 'redis-server' ? 'foreign' : 'ours'),
  faults: [...ourProgram, 'cache-flush', 'expire', 'eviction-storm', 'hot-key', 'penetration'],
  measures: cacheMeasures,
  fidelity: {
    real: [
      'a process of its own, the protocol of Redis, expiry and eviction of real bytes in memory',
      'redis-server itself, where the node uses one',
    ],
    modelled: [
      'the embedded server counts an estimate of what a key costs in memory, and loads by read-through, which Redis does not',
      'what a handler stores has its real size and its key, but made-up contents',
    ],
  },
  check: ({ config }, context) => checkCache(config, context),
});
