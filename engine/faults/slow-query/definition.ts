import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const slowQueryDefinition = defineFault({
  fault: 'slow-query',
  title: 'Slow query',
  help: 'Each statement that inserts into the table or meets a row of it takes longer, inside PostgreSQL: its connection and its locks are held meanwhile. On read replicas too.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({
    table: z.string().max(200).default('').meta({
      title: 'Table',
      description: 'Which table, with its schema where it is not found without. Empty: all tables.',
    }),
    delayMs: z.number().int().min(1).max(60_000).default(200).meta({
      title: 'Delay',
      description: 'Added to each statement, in milliseconds.',
    }),
    work: z.enum(['wait', 'cpu']).default('wait').meta({
      title: 'Work',
      description: 'Wait, as for a slow disk or a bad plan elsewhere, or burn a core, as a bad plan does.',
    }),
  }),
  defaults: {},
  limits: {},
});
