import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const killDefinition = defineFault({
  fault: 'kill',
  title: 'Kill',
  help: 'Ends the process and keeps it down until the fault comes off; then a new process takes its place.',
  target: 'process',
  family: 'process',
  parameters: z.strictObject({
    graceful: z.boolean().default(false).meta({
      title: 'Graceful',
      description: 'Asks the process to drain and exit first, instead of ending it at once.',
    }),
  }),
  defaults: {},
  limits: {},
});
