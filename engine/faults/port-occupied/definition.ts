import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const portOccupiedDefinition = defineFault({
  fault: 'port-occupied',
  title: 'Port occupied',
  help: 'The process is restarted, and somebody else has taken its port meanwhile. A program that must have that port (a command, a database, a redis-server) does not start until the fault comes off. One of ours takes another port, to which its links then lead: the proof says which of the two happened.',
  target: 'process',
  family: 'process',
  // A program that finds another port does.
  staysReady: true,
  parameters: z.strictObject({}),
  defaults: {},
  limits: {},
});
