import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const penetrationDefinition = defineFault({
  fault: 'penetration',
  title: 'Penetration',
  help: 'A client of its own, beside the traffic, asks a cache for keys that never exist, each another one: all of its reads miss. What lies behind the cache is not asked: that is up to the callers of the topology. The client has a connection of its own to the server, not through an edge; the engine runs it.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({
    ratePerSec: z.number().int().min(10).max(5000).default(500).meta({
      title: 'Rate (1/s)',
      description: 'Reads in each second, as far as the server comes to them.',
    }),
    prefix: z.string().max(500).default('archipel:absent:').meta({
      title: 'Prefix',
      description: 'What the keys begin with; random digits follow.',
    }),
  }),
  defaults: {},
  limits: {},
});
