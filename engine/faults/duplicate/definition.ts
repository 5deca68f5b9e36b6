import { z } from 'zod';
import { destination } from '../define-destination.ts';
import { defineFault } from '../define-fault.ts';

export const duplicateDefinition = defineFault({
  fault: 'duplicate',
  title: 'Duplicate',
  help: 'Messages come to their consumer a second time after they are done, as a broker does that has not heard of the acknowledgement.',
  target: 'process',
  family: 'messaging',
  staysReady: true,
  probability: 'message',
  parameters: z.strictObject({
    destination,
  }),
  defaults: {},
  limits: {},
});
