import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const evictionStormDefinition = defineFault({
  fault: 'eviction-storm',
  title: 'Eviction storm',
  help: 'Lowers the memory of a cache to a share of what its keys use: it evicts at once, and goes on with each write, until the fault comes off.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({
    percent: z.number().min(1).max(90).default(20).meta({
      title: 'Memory left (%)',
      description: 'Share of the memory that the keys use when the fault goes on.',
    }),
  }),
  defaults: {},
  limits: {},
});
