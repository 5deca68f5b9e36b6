import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const hotKeyDefinition = defineFault({
  fault: 'hot-key',
  title: 'Hot key',
  help: 'A client of its own, beside the traffic, asks a cache for one key over and over. It has a connection of its own to the server, not through an edge; the engine runs it.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({
    key: z.string().max(500).default('').meta({
      title: 'Key',
      description: 'A key that the topology has written. Empty: one of its own, which goes with the fault.',
    }),
    ratePerSec: z.number().int().min(10).max(5000).default(500).meta({
      title: 'Rate (1/s)',
      description: 'Reads in each second, as far as the server comes to them.',
    }),
    valueBytes: z.number().int().min(1).max(1_000_000).default(1000).meta({
      title: 'Value (bytes)',
      description: 'Size of a key of its own: a large one takes longer to send.',
    }),
  }),
  defaults: {},
  limits: {},
});
