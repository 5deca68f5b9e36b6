import type { Launcher } from '../runtime/launch.ts';
import { launchDatabase } from './database/launch.ts';
import type { Kind } from './index.ts';

const bundled =
  (kind: string): Launcher<unknown> =>
  async () => ({ type: 'node', bundle: `${kind}.cjs` });

/** How the processes of each kind are started. Only the host imports this; the definitions stay isomorphic. */
export const programs: Record<Kind, Launcher<never>> = {
  client: bundled('client'),
  gateway: bundled('gateway'),
  server: bundled('server'),
  service: bundled('service'),
  database: launchDatabase,
};
