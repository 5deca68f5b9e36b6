import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const lockDefinition = defineFault({
  fault: 'lock',
  title: 'Lock',
  help: 'A session of its own takes a lock on a table and keeps it in an open transaction, as a migration or a forgotten console does.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({
    table: z.string().max(200).default('').meta({
      title: 'Table',
      description: 'Which table, with its schema where it is not found without. Empty: all tables.',
    }),
    mode: z.enum(['access exclusive', 'exclusive', 'share']).default('access exclusive').meta({
      title: 'Mode',
      description:
        'Access exclusive holds up reads and writes, exclusive holds up writes and locks of rows, share holds up writes.',
    }),
  }),
  defaults: {},
  limits: {},
});
