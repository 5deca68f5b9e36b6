import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const functionTimeoutDefinition = defineFault({
  fault: 'function-timeout',
  title: 'Function timeout',
  help: 'Invocations give no answer until the timeout of the function: it fails with 504, and the environment is ended.',
  target: 'process',
  family: 'function',
  staysReady: true,
  probability: 'request',
  parameters: z.strictObject({}),
  defaults: {},
  limits: {},
});
