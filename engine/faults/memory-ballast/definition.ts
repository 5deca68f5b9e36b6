import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const memoryBallastDefinition = defineFault({
  fault: 'memory-ballast',
  title: 'Memory ballast',
  help: 'The process holds this much more memory at once, outside of its heap and really resident, and gives it back when the fault comes off.',
  target: 'process',
  family: 'resource',
  staysReady: true,
  ramps: { sizeMb: 0 },
  parameters: z.strictObject({
    sizeMb: z.number().int().min(1).max(8192).default(128).meta({
      title: 'Size (MB)',
      description: 'Make sure that the machine has it: the operating system may end processes when it has none left.',
    }),
  }),
  defaults: {},
  limits: {},
});
