import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const discoveryErrorDefinition = defineFault({
  fault: 'discovery-error',
  title: 'Discovery error',
  help: 'Calls of the process do not find their target, and fail with the reason "dns" at the edge. Each attempt looks it up anew, also where a connection is open.',
  target: 'process',
  family: 'control',
  staysReady: true,
  probability: 'request',
  parameters: z.strictObject({
    pattern: z.string().max(500).default('').meta({
      title: 'Pattern',
      description:
        'Only calls along edges with such an id, or to nodes with such an id: "*" stands for any characters, "?" for one. Empty: all.',
    }),
  }),
  defaults: {},
  limits: {},
});
