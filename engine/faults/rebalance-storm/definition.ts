import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const rebalanceStormDefinition = defineFault({
  fault: 'rebalance-storm',
  title: 'Rebalance storm',
  help: 'A consumer joins the group and leaves it again, over and over. Each time all others give up their partitions, join anew, and begin where they have committed: little gets done, and what was in hand is done twice.',
  target: 'process',
  family: 'messaging',
  staysReady: true,
  parameters: z.strictObject({
    topic: z.string().min(1).max(200).default('events').meta({ title: 'Topic' }),
    group: z.string().min(1).max(200).default('consumers').meta({
      title: 'Group',
      description: 'By default the id of the node that consumes.',
    }),
    everyMs: z.number().int().min(10).max(60_000).default(200).meta({
      title: 'Every',
      description: 'The pause after each time, in milliseconds.',
    }),
  }),
  defaults: {},
  limits: {},
});
