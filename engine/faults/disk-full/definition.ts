import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const diskFullDefinition = defineFault({
  fault: 'disk-full',
  title: 'Disk full',
  help: 'The disk of the broker takes nothing more, and each broker does what it does then: Redis refuses every command that writes (MISCONF), acknowledgements too; RabbitMQ holds publishers up by its disk alarm; Kafka refuses records and offsets (KAFKA_STORAGE_ERROR). Modelled: the server is told so, nothing is really full. Only in the embedded server, and only where it keeps messages on a disk.',
  target: 'process',
  family: 'storage',
  staysReady: true,
  parameters: z.strictObject({}),
  defaults: {},
  limits: {},
});
