import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const refuseDefinition = defineFault({
  fault: 'refuse',
  title: 'Refuse',
  help: 'Nobody listens where callers connect: the operating system refuses new connections, all of them. Those that are open go on.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    resetOpen: z.boolean().default(false).meta({
      title: 'Reset open connections',
      description: 'Callers that keep their connections notice nothing otherwise.',
    }),
  }),
  defaults: {},
  limits: { win32: 'Windows tries a refused connection again: a caller notices after about two seconds.' },
});
