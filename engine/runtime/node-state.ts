import type { NodeState, TopologyState } from '../api/types.ts';
import type { Replica } from './replica.ts';
import type { RunningNode } from './running-node.ts';

/** From least to most worrying; a node shows its worst replica. */
const severity: NodeState[] = ['stopped', 'ready', 'starting', 'stopping', 'paused', 'degraded', 'dead'];

/** How a node is as a whole, and why. */
export function stateOf(
  { problem, processes, desired, wakeUp }: RunningNode,
  topology: TopologyState,
): { state: NodeState; reason: string | null } {
  if (problem !== null) return { state: 'dead', reason: problem };
  const worst = processes.reduce<Replica | null>(
    (found, process) => (!found || severity.indexOf(process.state) > severity.indexOf(found.state) ? process : found),
    null,
  );
  if (worst) return { state: worst.state, reason: worst.status().reason };
  if (topology === 'starting' && desired > 0)
    return { state: 'starting', reason: 'is being prepared, or waits for what it calls' };
  if (topology === 'running' && wakeUp)
    return { state: 'stopped', reason: 'scaled to zero; the next request wakes it up' };
  return { state: 'stopped', reason: null };
}
