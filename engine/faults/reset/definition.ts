import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const resetDefinition = defineFault({
  fault: 'reset',
  title: 'Reset',
  help: 'Connections are reset (RST) on both sides: those that are opened while it is on, those that are open already, or both.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    delayMs: z.number().min(0).max(600_000).default(0).meta({
      title: 'Delay',
      description:
        'Milliseconds from the opening of a new connection, or from the beginning of the fault, to its reset.',
    }),
    newConnections: z.boolean().default(true).meta({
      title: 'New connections',
      description: 'Those that are opened while the fault is on.',
    }),
    openConnections: z.boolean().default(true).meta({
      title: 'Open connections',
      description: 'Those that are open when the fault begins.',
    }),
  }),
  probability: 'connection',
  defaults: {},
  limits: {},
});
