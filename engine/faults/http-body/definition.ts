import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { httpMatchFields } from '../http-match/match-schema.ts';

export const httpBodyDefinition = defineFault({
  fault: 'http-body',
  title: 'HTTP body',
  help: 'The bodies of answers on the edge are changed on their way. One that is cut short fails with the reason "reset", behind a gateway that has passed its beginning on at the edge of whoever asked the gateway; the other changes leave the answer a success to whoever does not look into it.',
  target: 'edge',
  family: 'http',
  protocols: ['http'],
  probability: 'request',
  parameters: z.strictObject({
    change: z.enum(['replace', 'truncate', 'corrupt', 'oversize']).default('truncate').meta({
      title: 'Change',
      description:
        'Another body in its place; only its beginning, and then the end of the connection; bits flipped in it; or spaces put before it.',
    }),
    body: z.string().max(65_536).default('').meta({ title: 'Body', description: 'With "replace": the other body.' }),
    keepBytes: z.number().int().min(0).max(16_777_216).default(0).meta({
      title: 'Kept bytes',
      description: 'With "truncate": how much of the body comes through. A shorter body passes whole.',
    }),
    corruptEveryBytes: z.number().int().min(1).max(1_000_000).default(16).meta({
      title: 'Corrupt every',
      description: 'With "corrupt": one byte in so many has a bit flipped, the first of the body among them.',
    }),
    addBytes: z.number().int().min(1).max(16_777_216).default(1_048_576).meta({
      title: 'Added bytes',
      description: 'With "oversize": how many spaces come before the body. JSON stays valid.',
    }),
    ...httpMatchFields,
  }),
  defaults: {},
  limits: {},
});
