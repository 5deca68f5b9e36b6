import type { FullLaunchContext, Launch, Launcher } from '../runtime/launch.ts';
import { launchCache } from './cache/launch.ts';
import { launchCommand } from './command/launch.ts';
import { launchDatabase } from './database/launch.ts';
import type { Kind } from './index.ts';

const bundled =
  (kind: string): Launcher<unknown> =>
  async () => ({ type: 'node', bundle: `${kind}.cjs` });

/** How the processes of each kind are started. Only the host imports this; the definitions stay isomorphic. */
export const programs: Record<Kind, Launcher<never, Launch, FullLaunchContext<never>>> = {
  client: bundled('client'),
  gateway: bundled('gateway'),
  server: bundled('server'),
  service: bundled('service'),
  command: launchCommand,
  database: launchDatabase,
  cache: launchCache,
};
