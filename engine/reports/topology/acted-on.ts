import type { FaultStatus } from '../../api/types.ts';
import { faults } from '../../faults/index.ts';
import type { ArchipelDocument } from '../../model/document.ts';
import { edgesAcross, nodesWithin } from '../../model/groups.ts';

export const faultTitle = (id: string): string => faults.find(({ fault }) => fault === id)?.title ?? id;

/** Which faults acted on each node and edge, by its id: their titles, each once. */
export function actedOn(document: ArchipelDocument, statuses: readonly FaultStatus[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const status of statuses)
    for (const id of placesOf(document, status)) {
      const titles = found.get(id) ?? [];
      const title = faultTitle(status.fault);
      if (!titles.includes(title)) found.set(id, [...titles, title]);
    }
  return found;
}

function placesOf(document: ArchipelDocument, { fault, target, members }: FaultStatus): string[] {
  if (members) return [...new Set(members.map((member) => ('node' in member ? member.node : member.edge)))];
  if ('node' in target) return [target.node];
  if ('edge' in target) return [target.edge];
  if ('edges' in target) return target.edges;
  const onEdges = faults.find((definition) => definition.fault === fault)?.target === 'edge';
  if ('group' in target) return onEdges ? edgesAcross(document, target.group) : nodesWithin(document, target.group);
  return (onEdges ? document.edges : document.nodes).map(({ id }) => id);
}
