import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const deadlockDefinition = defineFault({
  fault: 'deadlock',
  title: 'Deadlock',
  help: 'A session of its own locks rows, waits until a transaction of the topology waits for one of them, and then asks for what that transaction holds: a real deadlock, over and over. PostgreSQL finds it after deadlock_timeout (1 s) and ends the transaction of the topology with SQLSTATE 40P01. Transactions that only read or insert are not caught in it; an edge that waits for less than a second gives up before.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({
    table: z.string().max(200).default('').meta({
      title: 'Table',
      description: 'Which table, with its schema where it is not found without. Empty: the first that has rows.',
    }),
    rows: z.number().int().min(1).max(100_000).default(1000).meta({
      title: 'Rows',
      description: 'So many of its rows are locked, as PostgreSQL comes to them.',
    }),
    pauseMs: z.number().int().min(0).max(60_000).default(100).meta({
      title: 'Pause',
      description: 'For so long between two deadlocks nothing is locked.',
    }),
  }),
  defaults: {},
  limits: {},
});
