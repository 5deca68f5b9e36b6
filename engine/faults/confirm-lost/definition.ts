import { z } from 'zod';
import { destination } from '../define-destination.ts';
import { defineFault } from '../define-fault.ts';

export const confirmLostDefinition = defineFault({
  fault: 'confirm-lost',
  title: 'Lost confirmation',
  help: 'The broker has the message, and its publisher never hears of it: the step fails by its timeout, or the message is sent again.',
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
