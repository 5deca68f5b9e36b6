import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const malformedDefinition = defineFault({
  fault: 'malformed',
  title: 'Malformed requests',
  help: 'Beside a share of the requests goes something that is no HTTP, on a connection of its own. It is none of the traffic: no count of its requests includes it.',
  target: 'process',
  family: 'traffic',
  staysReady: true,
  parameters: z.strictObject({
    share: z.number().min(0).max(1).default(0.1).meta({
      title: 'Share',
      description: 'Of the requests, from 0 to 1; drawn for each.',
    }),
  }),
  ramps: { share: 0 },
  defaults: {},
  limits: {},
});
