import type { FaultTarget } from './experiment.ts';

/** Where a fault acts, short enough for a journal: `orders#0`, `orders-db`, `zone-a`. */
export function targetName(target: FaultTarget): string {
  if ('edge' in target) return target.edge;
  return 'group' in target ? target.group : `${target.node}#${target.replica}`;
}
