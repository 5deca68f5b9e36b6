import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const throttleDefinition = defineFault({
  fault: 'throttle',
  title: 'Throttle',
  help: 'Requests are refused with 429, as if the concurrency of the account was used up by others. Events that nobody waits for are tried again.',
  target: 'process',
  family: 'function',
  staysReady: true,
  probability: 'request',
  parameters: z.strictObject({}),
  defaults: {},
  limits: {},
});
