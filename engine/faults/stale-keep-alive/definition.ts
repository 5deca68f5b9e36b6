import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const staleKeepAliveDefinition = defineFault({
  fault: 'stale-keep-alive',
  title: 'Stale keep-alive',
  help: 'A connection on which nothing travelled for some time is forgotten without a word, as firewalls and balancers do: the next write on it meets a reset.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    maxIdleMs: z.number().int().min(1).max(3_600_000).default(1000).meta({
      title: 'Max idle time',
      description: 'Milliseconds without a byte in either direction. Waiting for a slow answer is idle too.',
    }),
  }),
  probability: 'connection',
  defaults: {},
  limits: {},
});
