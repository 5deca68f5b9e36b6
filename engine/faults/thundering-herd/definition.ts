import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const thunderingHerdDefinition = defineFault({
  fault: 'thundering-herd',
  title: 'Thundering herd',
  help: 'Requests that are due are kept back and go out all together, once in each period. Their latency counts from when they were due.',
  target: 'process',
  family: 'traffic',
  staysReady: true,
  parameters: z.strictObject({
    periodMs: z.number().int().min(50).max(60_000).default(1000).meta({
      title: 'Period',
      description:
        'Milliseconds between two releases. One that is released later than the time-out of its edge, and finds no free connection, is dropped.',
    }),
  }),
  defaults: {},
  limits: {},
});
