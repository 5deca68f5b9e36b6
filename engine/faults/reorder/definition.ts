import { z } from 'zod';
import { destination } from '../define-destination.ts';
import { defineFault } from '../define-fault.ts';

export const reorderDefinition = defineFault({
  fault: 'reorder',
  title: 'Reorder',
  help: 'Messages are held back by their publisher before they are sent, so that later ones overtake them. Who waits for the confirmation waits as well.',
  target: 'process',
  family: 'messaging',
  staysReady: true,
  probability: 'message',
  parameters: z.strictObject({
    destination,
    holdMs: z.number().min(1).max(600_000).default(300).meta({
      title: 'Held back',
      description: 'For how long, in milliseconds.',
    }),
  }),
  defaults: {},
  limits: {},
});
