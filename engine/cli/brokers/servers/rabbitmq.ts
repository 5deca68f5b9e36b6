/* What `archipel broker rabbitmq` runs: a file of its own in dist/, which no other command reads. */
export { DamagedLogError } from '../../../wire/amqp/persistence/recover.ts';
export { createServer } from '../../../wire/amqp/server.ts';
