import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const partitionLeaderLossDefinition = defineFault({
  fault: 'partition-leader-loss',
  title: 'Partition leader lost',
  help: 'The broker that leads a partition ends without a word. When the others miss it, one that is in sync takes its place; with a single copy nobody does. It comes back when the fault comes off, and catches up. Only in an embedded cluster of several brokers.',
  target: 'process',
  family: 'messaging',
  staysReady: true,
  parameters: z.strictObject({
    topic: z.string().max(200).default('').meta({ title: 'Topic', description: 'Empty: the first one of the broker.' }),
    partition: z.number().int().min(0).max(1000).default(0).meta({
      title: 'Partition',
      description: 'Its leader is the broker that ends, with everything else that this broker leads.',
    }),
  }),
  defaults: {},
  limits: {},
});
