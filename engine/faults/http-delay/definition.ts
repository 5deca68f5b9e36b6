import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { httpMatchFields } from '../http-match/match-schema.ts';

export const httpDelayDefinition = defineFault({
  fault: 'http-delay',
  title: 'HTTP delay',
  help: 'Requests on the edge are held for some time before the target gets them; all others pass. What else comes on the same connection waits behind them.',
  target: 'edge',
  family: 'http',
  protocols: ['http'],
  probability: 'request',
  ramps: { delayMs: 0, jitterMs: 0 },
  parameters: z.strictObject({
    delayMs: z
      .number()
      .min(0)
      .max(600_000)
      .default(500)
      .meta({ title: 'Delay', description: 'How long a request is held, in milliseconds.' }),
    jitterMs: z.number().min(0).max(600_000).default(0).meta({
      title: 'Jitter',
      description: 'The delay is drawn uniformly from delay ± jitter, never below 0.',
    }),
    ...httpMatchFields,
  }),
  defaults: {},
  limits: {},
});
