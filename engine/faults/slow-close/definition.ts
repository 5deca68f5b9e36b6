import { z } from 'zod';
import { directionField } from '../define-direction.ts';
import { defineFault } from '../define-fault.ts';

export const slowCloseDefinition = defineFault({
  fault: 'slow-close',
  title: 'Slow close',
  help: 'Bytes pass at once, but the end of a connection (FIN) arrives late: the other side keeps it open for longer.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    delayMs: z.number().min(0).max(600_000).default(2000).meta({
      title: 'Delay',
      description: 'Milliseconds by which the end is held back.',
    }),
    direction: directionField('both'),
  }),
  probability: 'connection',
  ramps: { delayMs: 0 },
  defaults: {},
  limits: {},
});
