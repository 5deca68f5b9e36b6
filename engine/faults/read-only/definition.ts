import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const readOnlyDefinition = defineFault({
  fault: 'read-only',
  title: 'Read only',
  help: 'The primary takes no writes any more (default_transaction_read_only), as after a failover to a wrong server or on a full disk. Reads go on.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({}),
  defaults: {},
  limits: {},
});
