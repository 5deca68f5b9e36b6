import { z } from 'zod';
import { destination } from '../define-destination.ts';
import { defineFault } from '../define-fault.ts';

export const poisonDefinition = defineFault({
  fault: 'poison',
  title: 'Poison',
  help: 'Messages are published that no consumer can handle: each attempt fails, with the reason "poison".',
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
