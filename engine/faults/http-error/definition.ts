import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { httpMatchFields } from '../http-match/match-schema.ts';

export const httpErrorDefinition = defineFault({
  fault: 'http-error',
  title: 'HTTP error',
  help: 'Requests on the edge are answered with an error by the edge itself. They count as failed there, with the reason "handler-error"; with status 404 "no-route", with 429 "throttled".',
  target: 'edge',
  family: 'http',
  protocols: ['http'],
  probability: 'request',
  parameters: z.strictObject({
    status: z
      .number()
      .int()
      .min(400)
      .max(599)
      .default(503)
      .meta({ title: 'Status', description: 'HTTP status of the answer.' }),
    body: z.string().max(65_536).default('').meta({ title: 'Body', description: 'Text of the answer.' }),
    asksFirst: z.boolean().default(false).meta({
      title: 'Ask the target first',
      description: 'The target does its work, and its answer is thrown away. Off: it never hears of the request.',
    }),
    ...httpMatchFields,
  }),
  defaults: {},
  limits: {},
});
