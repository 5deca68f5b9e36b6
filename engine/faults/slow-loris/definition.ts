import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const slowLorisDefinition = defineFault({
  fault: 'slow-loris',
  title: 'Slow loris',
  help: 'Further connections from this client send a request byte by byte, so that it never ends, and hold what a server gives to a connection. They are none of the traffic: no count of its requests includes them.',
  target: 'process',
  family: 'traffic',
  staysReady: true,
  parameters: z.strictObject({
    connections: z.number().min(0).max(2000).default(50).meta({
      title: 'Connections',
      description: 'At once, along all HTTP edges of the client in turn. One that the server closes is opened again.',
    }),
    byteEveryMs: z.number().int().min(10).max(60_000).default(500).meta({
      title: 'Byte every',
      description: 'Milliseconds between two bytes of a connection.',
    }),
    part: z.enum(['head', 'body']).default('head').meta({
      title: 'Part',
      description:
        'What never ends: the head, which holds a connection; or the body, which also holds the request that a server has begun and reads.',
    }),
    path: z.string().startsWith('/').max(1000).default('/').meta({
      title: 'Path',
      description: 'What they ask for: the body of a route whose steps do not look at it holds nothing.',
    }),
  }),
  ramps: { connections: 0 },
  defaults: {},
  limits: {},
});
