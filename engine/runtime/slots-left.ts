import type { ArchipelDocument } from '../model/document.ts';
import { nodesWithin } from '../model/groups.ts';

/**
 * How many replicas of a node fit into the hosts and zones that it stands in, and which of them holds no more; null where
 * none has a budget. What other nodes should have counts as taken, whether it runs already or not.
 */
export function slotsLeft(
  document: Pick<ArchipelDocument, 'groups' | 'nodes' | 'edges'>,
  nodeId: string,
  desiredOf: (nodeId: string) => number,
): { replicas: number; reason: string } | null {
  let least: { replicas: number; reason: string } | null = null;
  for (const { id, name, kind, budget } of document.groups) {
    if (budget.slots === null) continue;
    const within = nodesWithin(document, id);
    if (!within.includes(nodeId)) continue;
    const taken = within.reduce((sum, other) => sum + (other === nodeId ? 0 : desiredOf(other)), 0);
    const replicas = Math.max(0, budget.slots - taken);
    if (least && least.replicas <= replicas) continue;
    least = { replicas, reason: `the ${kind} "${name}" has ${budget.slots} slots, of which others take ${taken}` };
  }
  return least;
}
