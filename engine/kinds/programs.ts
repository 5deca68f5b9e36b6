import type { WorkLimits } from '../model/work-limits.ts';
import type { FullLaunchContext, Launch, Launcher } from '../runtime/launch.ts';
import { launchKafkaBroker } from './broker-kafka/launch.ts';
import { launchRabbitBroker } from './broker-rabbitmq/launch.ts';
import { launchRedisBroker } from './broker-redis/launch.ts';
import { launchCache } from './cache/launch.ts';
import { launchCommand } from './command/launch.ts';
import { launchDatabase } from './database/launch.ts';
import type { Kind } from './index.ts';

const bundled =
  (kind: string): Launcher<unknown> =>
  async () => ({ type: 'node', bundle: `${kind}.cjs` });

/** Programs whose handlers may be code of the user's. */
const limited =
  (kind: string): Launcher<Pick<WorkLimits, 'memoryLimitMb'>> =>
  async ({ config }) => ({ type: 'node', bundle: `${kind}.cjs`, memoryLimitMb: config.memoryLimitMb });

/** How the processes of each kind are started. Only the host imports this; the definitions stay isomorphic. */
export const programs: Record<Kind, Launcher<never, Launch, FullLaunchContext<never>>> = {
  client: bundled('client'),
  scheduler: bundled('scheduler'),
  gateway: bundled('gateway'),
  server: limited('server'),
  service: limited('service'),
  'function-lambda': bundled('function-lambda'),
  'function-workers': bundled('function-workers'),
  'function-next': bundled('function-next'),
  command: launchCommand,
  database: launchDatabase,
  cache: launchCache,
  'broker-redis': launchRedisBroker,
  'broker-kafka': launchKafkaBroker,
  'broker-rabbitmq': launchRabbitBroker,
};
