import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterOptions } from '../cluster/cluster.ts';
import { createServer } from '../server.ts';

/** So that no test waits for long. */
export const SHORTEST_SESSION_MS = 500;

/** A broker that the contract is held against. */
export interface Subject {
  port: number;
  stop(): Promise<void>;
}

export async function startOurs(options: Omit<ClusterOptions, 'brokers' | 'ports'> = {}): Promise<Subject> {
  const server = createServer(options);
  return { port: await server.listen(), stop: () => server.close() };
}

/**
 * Where Apache Kafka is: ARCHIPEL_KAFKA_HOME names a directory with its jars in `libs`, as in its distribution, or as Maven lays
 * `org.apache.kafka:kafka_2.13` and what it needs. Null if there is none.
 */
export function findReal(): string | null {
  const home = process.env.ARCHIPEL_KAFKA_HOME;
  if (!home || !existsSync(join(home, 'libs'))) return null;
  return readdirSync(join(home, 'libs')).some((name) => /^kafka_2\.\d+-.*\.jar$/.test(name)) ? home : null;
}

/** In KRaft mode, one node that is broker and controller, in a directory that goes when it stops. */
export async function startReal(home: string, settings: Record<string, string> = {}): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), 'kafka-contract-'));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const file = join(directory, 'server.properties');
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'log.dirs': join(directory, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '10',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '10',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': String(SHORTEST_SESSION_MS),
    ...settings,
  };
  writeFileSync(
    file,
    Object.entries(properties)
      .map(([name, value]) => `${name}=${value.replaceAll('\\', '/')}\n`)
      .join(''),
  );
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const run = (main: string, ...args: string[]) => {
    const child = spawn(java, ['-Xmx512m', '-cp', join(home, 'libs', '*'), main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said = `${said}${chunk}`.slice(-4000);
      });
    return { child, gone: once(child, 'exit'), said: () => said };
  };
  const format = run(
    'kafka.tools.StorageTool',
    'format',
    '-t',
    `A${randomBytes(16).toString('base64url').slice(1)}`,
    '-c',
    file,
  );
  const [code] = await format.gone;
  if (code !== 0) throw new Error(`Kafka's storage was not formatted: ${format.said()}`);
  const { child, gone, said } = run('kafka.Kafka', file);
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  while (!(await accepts(port))) if (child.exitCode !== null) throw new Error(`Apache Kafka has ended: ${said()}`);
  return {
    port,
    async stop() {
      end();
      await gone;
      process.off('exit', end);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const real = findReal();

/** What every test of the contract is run against, with why it cannot be here. */
export const subjects = [
  ['our broker', () => startOurs({ groupMinSessionTimeoutMs: SHORTEST_SESSION_MS }), null],
  [
    'Apache Kafka',
    () => startReal(real as string),
    real === null ? 'ARCHIPEL_KAFKA_HOME names no directory with the jars of Apache Kafka to compare with' : null,
  ],
] as const;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createTcpServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => setTimeout(resolve, 20, false));
  });
