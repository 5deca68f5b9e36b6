import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const expireDefinition = defineFault({
  fault: 'expire',
  title: 'Expire keys',
  help: 'Lets keys of a cache expire at the same moment, such as one hot key, or a share of all. Taking the fault off brings nothing back.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({
    pattern: z.string().min(1).max(1000).default('*').meta({
      title: 'Keys',
      description: 'One key, or a pattern in which "*" stands for anything and "?" for any one character.',
    }),
    percent: z.number().min(1).max(100).default(100).meta({
      title: 'Share (%)',
      description: 'How many of the keys that match expire.',
    }),
  }),
  defaults: {},
  limits: {},
});
