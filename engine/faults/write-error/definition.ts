import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const writeErrorDefinition = defineFault({
  fault: 'write-error',
  title: 'Write error',
  help: 'Statements that write into the table fail with the error that PostgreSQL gives where its disk is full or broken, and their transactions with them. Modelled: a trigger of ours raises it, nothing is really full. Reads go on.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({
    error: z.enum(['disk-full', 'io-error']).default('disk-full').meta({
      title: 'Error',
      description: 'Disk full: SQLSTATE 53100. I/O error: SQLSTATE 58030.',
    }),
    table: z.string().max(200).default('').meta({ title: 'Table', description: 'Empty: all tables of the topology.' }),
    percent: z.number().min(1).max(100).default(100).meta({
      title: 'Share',
      description: 'Of the statements that write, in percent; drawn by PostgreSQL, and so not from the seed.',
    }),
  }),
  defaults: {},
  limits: {},
});
