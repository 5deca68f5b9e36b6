import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type AmqpServer, type AmqpServerOptions, createServer } from '../server.ts';

/** A server that the contract is held against. */
export interface Subject {
  port: number;
  stop(): Promise<void>;
}

export async function startOurs(options: AmqpServerOptions = {}): Promise<Subject & { server: AmqpServer }> {
  const server = createServer(options);
  return { server, port: await server.listen(), stop: () => server.close() };
}

/** The start script of this machine's RabbitMQ, or null. What Debian has on PATH only runs it as a service of its own user. */
export function findReal(): string | null {
  for (const directory of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].filter(Boolean)) {
    try {
      const found = realpathSync(join(directory, 'rabbitmq-server'));
      const script = join(dirname(realpathSync(join(dirname(found), 'rabbitmq-env'))), 'rabbitmq-server');
      accessSync(script, constants.X_OK);
      return script;
    } catch {
      // Not in this one.
    }
  }
  return null;
}

/** A RabbitMQ of its own: its ports, its node name, its files and its name server; nothing of it is left behind. */
export async function startReal(file: string): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), 'rabbitmq-contract-'));
  const [port, distributionPort, namesPort] = (await freePorts(3)) as [number, number, number];
  const at = (name: string): string => join(directory, name);
  writeFileSync(
    at('rabbitmq.conf'),
    [
      `listeners.tcp.1 = 127.0.0.1:${port}`,
      'log.console = false',
      'log.file = false',
      'vm_memory_high_watermark.absolute = 1GB',
      'disk_free_limit.absolute = 1MB',
      '',
    ].join('\n'),
  );
  writeFileSync(at('enabled_plugins'), '[].\n');
  const env = {
    ...process.env,
    HOME: directory,
    ERL_EPMD_PORT: String(namesPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_CRASH_DUMP_BYTES: '0',
    RABBITMQ_NODENAME: `contract-${process.pid}@localhost`,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: at('none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
    RABBITMQ_MNESIA_BASE: at('mnesia'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_PID_FILE: at('pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
  const names = spawn('epmd', ['-port', String(namesPort), '-address', '127.0.0.1'], { stdio: 'ignore', env });
  const server = spawn(file, [], { stdio: 'ignore', env, detached: true });
  const gone = [names, server].map((child) => once(child, 'exit').catch(() => {}));
  const endAll = (): void => {
    endGroup(server);
    names.kill('SIGKILL');
  };
  process.once('exit', endAll);
  const stop = async (): Promise<void> => {
    endAll();
    process.off('exit', endAll);
    await Promise.all(gone);
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  };
  while (!(await accepts(port)))
    if (server.exitCode !== null) {
      await stop();
      throw new Error('rabbitmq-server has ended');
    }
  return { port, stop };
}

/** The server is a shell with a virtual machine below it. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

const real = findReal();

/** What every test of the contract is run against, with why it cannot be here. */
export const subjects = [
  ['our server', () => startOurs(), null],
  [
    'RabbitMQ',
    () => startReal(real as string),
    real === null ? 'there is no rabbitmq-server on PATH to compare with' : null,
  ],
] as const;

async function freePorts(count: number): Promise<number[]> {
  const holders = Array.from({ length: count }, () => createTcpServer());
  const ports = await Promise.all(
    holders.map(async (holder) => {
      holder.listen(0, '127.0.0.1');
      await once(holder, 'listening');
      return (holder.address() as { port: number }).port;
    }),
  );
  await Promise.all(holders.map((holder) => new Promise((resolve) => holder.close(resolve))));
  return ports;
}

/** Whether an AMQP server answers: its first frame comes after the header. */
const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('AMQP\0\0\x09\x01', 'latin1'));
    const over = (isThere: boolean): void => {
      socket.destroy();
      if (isThere) resolve(true);
      else setTimeout(resolve, 50, false);
    };
    socket.once('data', () => over(true));
    socket.once('error', () => over(false));
    socket.once('end', () => over(false));
  });
