import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import { declare } from '../../process-kit/messages/rabbitmq/connection.ts';
import type { CommandLaunch, LaunchContext, Launcher } from '../../runtime/launch.ts';
import type { rabbitBrokerDefinition } from './definition.ts';
import { rabbitDestinations } from './destinations.ts';
import { createEmbeddedSight } from './embedded-sight.ts';
import { findRabbitServer } from './find.ts';
import { createRabbitLink, type RabbitLink } from './link.ts';
import { createServerControl } from './server-control.ts';
import { createServerSight } from './server-sight.ts';
import { parseRabbitUrl } from './url.ts';

export type RabbitBrokerConfig = z.output<typeof rabbitBrokerDefinition.config>;
type Context = LaunchContext<RabbitBrokerConfig>;

/** The embedded server, a rabbitmq-server of this computer, or the user's own by URL. */
export const launchRabbitBroker: Launcher<RabbitBrokerConfig> = async (context) => {
  const { config, signal } = context;
  const destinations = rabbitDestinations(config);
  if (config.url !== undefined) {
    const { host, port, login } = parseRabbitUrl(config.url);
    const link = createRabbitLink({ host, port, login }, signal);
    return {
      ...{ type: 'remote', host, port, login, healthy: link.healthy },
      setUp: () => link.run((channel) => declare(channel, destinations)),
      broker: () => createServerSight(link, destinations),
    };
  }
  if (config.server === 'rabbitmq-server') return launchServer(context);
  const links = new Map<number, RabbitLink>();
  const linkTo = (port: number): RabbitLink => {
    const link = links.get(port) ?? createRabbitLink({ host: '127.0.0.1', port }, signal);
    links.set(port, link);
    return link;
  };
  return {
    type: 'node',
    bundle: 'broker-rabbitmq.cjs',
    healthy: (port, timeoutMs) => linkTo(port).healthy(timeoutMs),
    broker: (_port, call) => createEmbeddedSight(call, destinations),
  };
};

/** Erlang's register of names runs beside the server, in its process group, and ends with it. */
const SCRIPT = 'epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 & exec "$0"';
/** Erlang's virtual machine takes some seconds to start, and its tools as well. */
const READY_WITHIN_MS = 120_000;

/** The RabbitMQ of this computer, with everything that it keeps in the replica's directory. */
async function launchServer({ config, directory, port: choosePort, signal }: Context): Promise<CommandLaunch> {
  const { server, control } = await findRabbitServer();
  const destinations = rabbitDestinations(config);
  const [port, distributionPort, namesPort] = [await choosePort(), await choosePort(), await choosePort()];
  const at = (name: string): string => join(directory, name);
  const link = createRabbitLink({ host: '127.0.0.1', port }, signal);
  const env = {
    ...{ PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/bin`, HOME: directory },
    ...{ ERL_EPMD_PORT: String(namesPort), ERL_EPMD_ADDRESS: '127.0.0.1', ERL_CRASH_DUMP_BYTES: '0' },
    RABBITMQ_NODENAME: `archipel-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: at('none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
    RABBITMQ_MNESIA_BASE: at('mnesia'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_PID_FILE: at('pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
  const disturb = createServerControl({ control, env, port, maxMemoryMb: config.maxMemoryMb });
  return {
    type: 'command',
    command: '/bin/sh',
    args: ['-c', SCRIPT, server],
    ...{ env, cwd: directory, port },
    stopSignal: 'SIGTERM',
    guardianSignal: 'SIGKILL',
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: 30_000,
    async prepare() {
      await mkdir(directory, { recursive: true });
      await writeFile(at('rabbitmq.conf'), settings(port, config));
      await writeFile(at('enabled_plugins'), '[].\n');
    },
    healthy: link.healthy,
    setUp: () => link.run((channel) => declare(channel, destinations)),
    broker: () => createServerSight(link, destinations),
    async call(name) {
      const act = disturb[name];
      if (!act) throw new Error(`a rabbitmq-server knows no call "${name}"`);
      return act();
    },
    explain: (lines) =>
      new ArchipelError(
        'rabbitmq-unavailable',
        `${server} has ended: ${lines.slice(-3).join(' ') || 'it said nothing'}`,
        'Look at the log of the node, or let the node use the embedded server.',
      ),
  };
}

const settings = (port: number, { maxMemoryMb }: RabbitBrokerConfig): string =>
  [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
    `vm_memory_high_watermark.absolute = ${maxMemoryMb === null ? '1GB' : `${Math.round(maxMemoryMb * 1024 * 1024)}`}`,
    'disk_free_limit.absolute = 1MB',
    '',
  ].join('\n');
