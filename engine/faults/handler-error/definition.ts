import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const handlerErrorDefinition = defineFault({
  fault: 'handler-error',
  title: 'Handler error',
  help: 'Requests fail in the handler, before its first step, with HTTP status 500 and the reason "handler-error".',
  target: 'process',
  family: 'process',
  staysReady: true,
  probability: 'request',
  parameters: z.strictObject({
    route: z.string().default('').meta({
      title: 'Route',
      description: 'Only requests of this route, written as in the node, such as "/orders/:id". Empty: all.',
    }),
  }),
  defaults: {},
  limits: {},
});
