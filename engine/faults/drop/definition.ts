import { z } from 'zod';
import { destination } from '../define-destination.ts';
import { defineFault } from '../define-fault.ts';

export const dropDefinition = defineFault({
  fault: 'drop',
  title: 'Drop',
  help: 'Messages are lost as if the broker had confirmed and forgotten them: their publisher is told that they are there, and they are not.',
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
