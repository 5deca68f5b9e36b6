import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const connectionExhaustionDefinition = defineFault({
  fault: 'connection-exhaustion',
  title: 'Connection exhaustion',
  help: 'At most so many connections are open on the edge at once. Those that are open when it begins stay open.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    maxConnections: z.number().int().min(0).max(10_000).default(4).meta({
      title: 'Max connections',
      description: 'Open at once, from all callers and to all replicas.',
    }),
    excess: z.enum(['refuse', 'wait']).default('refuse').meta({
      title: 'Excess',
      description:
        'Refuse: the operating system refuses more (one that it had accepted already is reset). Wait: they are accepted, and served when another one ends.',
    }),
  }),
  defaults: {},
  limits: {},
});
