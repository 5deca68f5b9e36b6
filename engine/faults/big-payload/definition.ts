import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const bigPayloadDefinition = defineFault({
  fault: 'big-payload',
  title: 'Big payload',
  help: 'Requests carry bodies of this size. Only routes of the methods POST, PUT and PATCH carry any.',
  target: 'process',
  family: 'traffic',
  staysReady: true,
  probability: 'request',
  parameters: z.strictObject({
    sizeKb: z.number().min(0).max(16_384).default(256).meta({
      title: 'Size (KB)',
      description: 'Of the body, in units of 1024 bytes.',
    }),
  }),
  ramps: { sizeKb: 0 },
  defaults: {},
  limits: {},
});
