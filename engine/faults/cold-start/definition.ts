import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const coldStartDefinition = defineFault({
  fault: 'cold-start',
  title: 'Forced cold start',
  help: 'Invocations get a new environment, even where a warm one is idle: that one is shut down instead.',
  target: 'process',
  family: 'function',
  staysReady: true,
  probability: 'request',
  parameters: z.strictObject({}),
  defaults: {},
  limits: {},
});
