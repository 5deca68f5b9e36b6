import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const slowDiskDefinition = defineFault({
  fault: 'slow-disk',
  title: 'Slow disk',
  help: 'What the broker writes to its disk takes longer, and so does whatever waits for that: confirmations of persistent messages, acknowledgements, offsets. Redis and RabbitMQ write all of one moment together; on Kafka a connection waits for each of its requests. Modelled: the server waits, the disk is as it is. Only in the embedded server, and only where it keeps messages on a disk.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  ramps: { delayMs: 0 },
  parameters: z.strictObject({
    delayMs: z.number().min(10).max(1000).default(100).meta({
      title: 'Delay',
      description: 'How much longer each write takes, in milliseconds.',
    }),
  }),
  defaults: {},
  limits: {},
});
