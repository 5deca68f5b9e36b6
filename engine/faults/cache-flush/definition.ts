import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const cacheFlushDefinition = defineFault({
  fault: 'cache-flush',
  title: 'Flush the cache',
  help: 'Removes all keys at once, as FLUSHALL does. What follows is the cold cache, until it has filled again; taking the fault off brings nothing back.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({}),
  defaults: {},
  limits: {},
});
