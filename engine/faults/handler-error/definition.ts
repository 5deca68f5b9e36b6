import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const handlerErrorDefinition = defineFault({
  fault: 'handler-error',
  title: 'Handler error',
  help: 'Requests fail in the handler, before its first step, with an HTTP status and the reason "handler-error".',
  target: 'process',
  family: 'process',
  staysReady: true,
  probability: 'request',
  ramps: { delayMs: 0 },
  parameters: z.strictObject({
    status: z
      .number()
      .int()
      .min(500)
      .max(599)
      .default(500)
      .meta({ title: 'Status', description: 'HTTP status of the answer.' }),
    delayMs: z.number().min(0).max(600_000).default(0).meta({
      title: 'Delay',
      description: 'How long a request holds its slot before it fails, in milliseconds.',
    }),
    route: z.string().default('').meta({
      title: 'Route',
      description: 'Only requests of this route, written as in the node, such as "/orders/:id". Empty: all.',
    }),
  }),
  defaults: {},
  limits: {},
});
