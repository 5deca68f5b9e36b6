import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCli } from './cli.fixture.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'archipel-broker-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const client = (port: string): Redis => new Redis({ port: Number(port), host: '127.0.0.1', retryStrategy: () => null });

test('broker redis says when it is ready, ends on SIGTERM, and finds its keys again', async () => {
  for (const [start, expected] of [
    ['first', '0 keys'],
    ['again', '1 keys'],
  ]) {
    const cli = startCli(['broker', 'redis', '--port', '0', '--data', directory, '--fsync', 'always']);
    const [line, port = ''] = await cli.output(/^redis is ready at redis:\/\/127\.0\.0\.1:(\d+), .*\n/);
    expect(line).toContain(expected);
    const redis = client(port);
    expect(await redis.get('a')).toBe(start === 'first' ? null : 'kept');
    expect(await redis.set('a', 'kept')).toBe('OK');
    redis.disconnect();
    cli.interrupt('SIGTERM');
    const { exitCode, stdout, stderr } = await cli.ended;
    expect([exitCode, stdout, stderr]).toEqual([143, line, '']);
    expect(cli.leftSomething()).toBe(false);
  }
});

test('broker rabbitmq says when it is ready, ends on SIGTERM, and finds its messages again', async () => {
  for (const [found, sent] of [
    ['0 messages in 0 queues', 'first'],
    ['1 messages in 1 queues', 'second'],
  ]) {
    const cli = startCli(['broker', 'rabbitmq', '--port', '0', '--data', directory, '--password', 'secret']);
    const [line, port = ''] = await cli.output(/^rabbitmq is ready at amqp:\/\/127\.0\.0\.1:(\d+), .*\n/);
    expect(line).toContain(found);
    const connection = await connect(`amqp://guest:secret@127.0.0.1:${port}`);
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue('kept');
    const before = await channel.get('kept', { noAck: true });
    expect(before ? before.content.toString() : null).toBe(sent === 'first' ? null : 'first');
    channel.sendToQueue('kept', Buffer.from(String(sent)), { persistent: true });
    await channel.waitForConfirms();
    await connection.close();
    cli.interrupt('SIGTERM');
    const { exitCode, stdout, stderr } = await cli.ended;
    expect([exitCode, stdout, stderr]).toEqual([143, line, '']);
    expect(cli.leftSomething()).toBe(false);
  }
  writeFileSync(join(directory, 'amqp.log'), 'nonsense');
  const damaged = await startCli(['broker', 'rabbitmq', '--port', '0', '--data', directory]).ended;
  expect(damaged.exitCode).toBe(2);
  expect(damaged.stderr).toContain('is damaged');
});

test('broker kafka says when it is ready, ends on SIGTERM, and finds its records again', async () => {
  for (const [found, offset] of [
    ['0 topics', '0'],
    ['1 topics', '1'],
  ]) {
    const cli = startCli(['broker', 'kafka', '--port', '0', '--data', directory, '--partitions', '2']);
    const [line, port = ''] = await cli.output(/^kafka is ready at 127\.0\.0\.1:(\d+), .*\n/);
    expect(line).toContain(found);
    const kafka = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    const sent = await producer.send({ topic: 'kept', messages: [{ partition: 1, value: 'x' }], acks: -1 });
    expect(sent).toMatchObject([{ partition: 1, baseOffset: offset }]);
    await producer.disconnect();
    cli.interrupt('SIGTERM');
    const { exitCode, stdout, stderr } = await cli.ended;
    expect([exitCode, stdout, stderr]).toEqual([143, line, '']);
    expect(cli.leftSomething()).toBe(false);
  }
  writeFileSync(join(directory, 'cluster.json'), 'nonsense');
  const damaged = await startCli(['broker', 'kafka', '--port', '0', '--data', directory]).ended;
  expect(damaged.exitCode).toBe(2);
  expect(damaged.stderr).toContain('is damaged');
});

test('what keeps it from starting is told, with the next step', async () => {
  const running = startCli(['broker', 'redis', '--port', '0']);
  const [, port = ''] = await running.output(/:(\d+), in memory only\n/);
  const second = await startCli(['broker', 'redis', '--port', port]).ended;
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toContain(`port ${port} is in use`);
  expect(second.stderr).toContain('→ Choose another with --port');
  running.interrupt('SIGTERM');
  await running.ended;

  writeFileSync(join(directory, 'appendonly.aof'), '*1\r\nnonsense\r\n');
  const damaged = await startCli(['broker', 'redis', '--port', '0', '--data', directory]).ended;
  expect(damaged.exitCode).toBe(2);
  expect(damaged.stderr).toContain('is damaged');

  const usage = await startCli(['broker', 'redis', '--fsync', 'sometimes']).ended;
  expect(usage.exitCode).toBe(2);
  const help = await startCli(['broker', 'redis', '--help']).ended;
  expect(help.exitCode).toBe(0);
  expect(help.stdout).toContain('--data <directory>');
});
