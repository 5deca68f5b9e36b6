import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const spikeDefinition = defineFault({
  fault: 'spike',
  title: 'Spike',
  help: 'More traffic: the arrival rate, or the number of users, times a factor. What is added counts as any other request does; what the scenario plans stays as it is.',
  target: 'process',
  family: 'traffic',
  staysReady: true,
  parameters: z.strictObject({
    factor: z.number().min(1).max(100).default(3).meta({
      title: 'Factor',
      description: 'On the rate of arrivals, the number of users, or the arrivals of a replayed trace.',
    }),
  }),
  ramps: { factor: 1 },
  defaults: {},
  limits: {},
});
