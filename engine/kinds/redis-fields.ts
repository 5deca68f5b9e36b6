import { z } from 'zod';

/** The config fields of every kind that runs on a Redis: which one it is. */
export const redisServerFields = {
  server: z.enum(['embedded', 'redis-server']).default('embedded').meta({
    title: 'Server',
    description:
      'Embedded: the server that comes with Archipel. redis-server: the redis-server or valkey-server that is installed on this computer, found on PATH or named by ARCHIPEL_REDIS_SERVER.',
  }),
  url: z
    .string()
    .regex(/^redis:\/\/\S+$/, 'must be a redis:// URL')
    .optional()
    .meta({
      title: 'URL of your own server',
      description: 'Empty: Archipel starts one. Faults never act on your own server.',
    }),
};
