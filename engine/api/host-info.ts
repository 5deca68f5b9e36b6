import { availableParallelism, cpus, totalmem } from 'node:os';
import packageJson from '../../package.json' with { type: 'json' };
import type { HostInfo } from './types.ts';

/** The machine and the versions that a result was measured with. `postgres` is what the embedded one says of itself. */
export const hostInfo = (postgres: string | null): HostInfo => ({
  cores: availableParallelism(),
  memoryBytes: totalmem(),
  platform: process.platform,
  cpuModel: cpus()[0]?.model ?? 'unknown',
  versions: { archipel: packageJson.version, node: process.versions.node, postgres },
});
