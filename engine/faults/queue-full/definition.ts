import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const queueFullDefinition = defineFault({
  fault: 'queue-full',
  title: 'Queue full',
  help: 'The broker has no room for anything more: it refuses what is published, with the reason "queue-full". On Redis it is its limit of memory, which keeps consumers from acknowledging as well.',
  target: 'process',
  family: 'messaging',
  staysReady: true,
  parameters: z.strictObject({}),
  defaults: {},
  limits: {},
});
