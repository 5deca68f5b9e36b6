import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ArchipelError } from '../../model/error.ts';
import type { CommandLaunch, LaunchContext } from '../../runtime/launch.ts';
import type { TopicSettings } from '../../wire/kafka/cluster/topic-config.ts';
import { type KafkaBrokerConfig, QUICK } from './config.ts';
import { findKafka } from './find.ts';

const FORMAT_MS = 60_000;
const READY_MS = 90_000;
const STOP_MS = 15_000;
const HEAP = '-Xmx384m';

const flushing: Record<KafkaBrokerConfig['fsync'], TopicSettings> = {
  always: { 'flush.messages': '1' },
  everysec: { 'flush.ms': '1000' },
  never: {},
};

/** How what a topic says of the disk is called of a broker. */
const flushProperties = (fsync: KafkaBrokerConfig['fsync']): Record<string, string> => {
  const { 'flush.messages': messages, 'flush.ms': ms } = flushing[fsync];
  return {
    ...(messages && { 'log.flush.interval.messages': messages }),
    ...(ms && { 'log.flush.interval.ms': ms }),
  };
};

/** The Apache Kafka of this computer in KRaft mode: one node that is broker and controller. */
export async function launchApacheKafka(
  { config, directory, port: choosePort }: LaunchContext<KafkaBrokerConfig>,
  parts: (port: number) => Pick<CommandLaunch, 'healthy' | 'setUp' | 'broker' | 'call'>,
): Promise<CommandLaunch> {
  const { home, java } = await findKafka();
  const [port, controllerPort] = [await choosePort(), await choosePort()];
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'log.dirs': join(directory, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '10',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '10',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': String(QUICK.groupMinSessionTimeoutMs),
    'log.retention.check.interval.ms': String(QUICK.retentionCheckIntervalMs),
    'log.cleaner.backoff.ms': String(QUICK.compactionCheckIntervalMs),
    ...flushProperties(config.fsync),
  };
  const file = join(directory, 'server.properties');
  await writeFile(
    file,
    Object.entries(properties)
      .map(([name, value]) => `${name}=${value.replaceAll('\\', '/')}\n`)
      .join(''),
  );
  const run = (main: string, ...args: string[]): string[] => [HEAP, '-cp', join(home, 'libs', '*'), main, ...args];
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`;
  try {
    await promisify(execFile)(java, run('kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file), {
      timeout: FORMAT_MS,
      windowsHide: true,
    });
  } catch (error) {
    throw unavailable(home, (error as Error).message, error);
  }
  return {
    type: 'command',
    command: java,
    args: run('kafka.Kafka', file),
    env: { PATH: process.env.PATH ?? '', JAVA_HOME: process.env.JAVA_HOME },
    cwd: directory,
    port,
    stopSignal: 'SIGTERM',
    guardianSignal: 'SIGKILL',
    readyWithinMs: READY_MS,
    stopWithinMs: STOP_MS,
    ...parts(port),
    explain: (lines) => unavailable(home, lines.slice(-3).join(' ') || 'it said nothing'),
  };
}

const unavailable = (home: string, said: string, cause?: unknown): ArchipelError =>
  new ArchipelError(
    'kafka-unavailable',
    `the Apache Kafka in ${home} has ended: ${said}`,
    'Look at the log of the node and at the version of Java, or let the node use the embedded server.',
    { cause },
  );
