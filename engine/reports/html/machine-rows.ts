import type { HostInfo } from '../../api/types.ts';
import { mebibytes, seconds } from '../figures.ts';

/** Where and on what something was measured: rows of a table. */
export function machineRows(result: {
  host: Omit<HostInfo, 'nodeBinary'>;
  startedAtMs: number;
  durationMs: number;
  scenario: string;
  seed: number;
}): [what: string, value: string][] {
  const { host, startedAtMs, durationMs, scenario, seed } = result;
  const { archipel, node, postgres } = host.versions;
  return [
    [
      'Started',
      `${new Date(startedAtMs).toISOString().slice(0, 19).replace('T', ' ')} UTC, for ${seconds(durationMs)}`,
    ],
    ['Processor', `${host.cpuModel}, ${host.cores} cores`],
    ['Memory', mebibytes(host.memoryBytes)],
    ['Operating system', host.platform],
    ['Versions', `Archipel ${archipel}, Node ${node}${postgres ? `, PostgreSQL ${postgres}` : ''}`],
    ['Scenario, seed', `${scenario}, ${seed}`],
  ];
}
