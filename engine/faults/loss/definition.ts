import { z } from 'zod';
import { directionField } from '../define-direction.ts';
import { defineFault } from '../define-fault.ts';

export const lossDefinition = defineFault({
  fault: 'loss',
  title: 'Packet loss (modelled)',
  help: 'What callers feel of lost packets: a program sees chunks and never packets, so that a loss is modelled as the time until TCP sends again. Each 1448 bytes may be lost, and lost again; all that follows waits.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({
    lossPercent: z.number().min(0).max(90).default(2).meta({
      title: 'Loss',
      description: 'Percent of the packets that are lost.',
    }),
    retransmitMs: z.number().min(1).max(10_000).default(200).meta({
      title: 'Retransmission time',
      description: 'Milliseconds until a lost packet is sent again; twice as long each time that it is lost again.',
    }),
    direction: directionField('both'),
  }),
  probability: 'connection',
  ramps: { lossPercent: 0 },
  defaults: {},
  limits: {},
});
