import { type Command, Option } from 'commander';
import { parseMegabytes, parsePartitions, parsePort } from '../arguments.ts';
import { type KafkaOptions, openKafka } from '../brokers/kafka.ts';
import { openRabbitmq, type RabbitmqOptions } from '../brokers/rabbitmq.ts';
import { openRedis, type RedisOptions } from '../brokers/redis.ts';
import { serve } from '../brokers/serve.ts';

/** The embedded brokers by themselves, for people who only want the broker. */
export function addBroker(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  const broker = program
    .command('broker')
    .description('run an embedded message broker by itself, until it is interrupted');
  broker
    .command('redis')
    .description('a server that stock clients of Redis 7 and BullMQ use unchanged; on this machine only')
    .option('--port <number>', 'port on 127.0.0.1; 0: a free one', parsePort, 6379)
    .option('--data <directory>', 'keep the keys in an append-only file there (default: only in memory)')
    .addOption(
      new Option('--fsync <policy>', 'when what is confirmed is on the disk')
        .choices(['always', 'everysec', 'no'])
        .default('everysec'),
    )
    .option('--max-memory <MB>', 'refuse writes beyond (default: no limit)', parseMegabytes)
    .option('--password <text>', 'what clients must say with AUTH (default: nothing)')
    .action((options: RedisOptions) => act(() => serve(options.port, () => openRedis(options))));
  broker
    .command('rabbitmq')
    .description('a server that stock clients of RabbitMQ (AMQP 0-9-1) use unchanged; on this machine only')
    .option('--port <number>', 'port on 127.0.0.1 and ::1; 0: a free one', parsePort, 5672)
    .option('--data <directory>', 'keep what is durable in an append-only file there (default: only in memory)')
    .option('--user <name>', 'who may log in', 'guest')
    .option('--password <text>', 'with which password', 'guest')
    .action((options: RabbitmqOptions) => act(() => serve(options.port, () => openRabbitmq(options))));
  broker
    .command('kafka')
    .description('a server that stock clients of Apache Kafka use unchanged; on this machine only')
    .option('--port <number>', 'port on 127.0.0.1; 0: a free one', parsePort, 9092)
    .option('--data <directory>', 'keep the topics there (default: only in memory)')
    .addOption(
      new Option('--fsync <policy>', 'when what is confirmed is on the disk')
        .choices(['always', 'everysec', 'never'])
        .default('never'),
    )
    .option('--partitions <number>', 'of topics that do not say', parsePartitions, 1)
    .action((options: KafkaOptions) => act(() => serve(options.port, () => openKafka(options))));
}
