import { z } from 'zod';
import { cutField } from '../define-cut.ts';
import { defineFault } from '../define-fault.ts';

const span = z.number().int().min(10).max(600_000).default(1000);

export const flapDefinition = defineFault({
  fault: 'flap',
  title: 'Flap',
  help: 'The edge goes down and comes up again, over and over, beginning with down.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    downMs: span.meta({ title: 'Down', description: 'Milliseconds for which it is down each time.' }),
    upMs: span.meta({ title: 'Up', description: 'Milliseconds for which it is up each time.' }),
    how: cutField('refuse'),
  }),
  defaults: {},
  limits: { win32: 'Windows tries a refused connection again: a short time down may pass unnoticed.' },
});
