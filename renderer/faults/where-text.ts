import type { FaultTarget } from '../../engine/model/fault.ts';
import { targetName } from '../../engine/model/target-name.ts';
import { useDocument } from '../stores/document.ts';

/** Where a fault acts, with the names that people gave: "Orders, replica 1", "zone-a (50 %)", "everything (one)". */
export function whereText(target: FaultTarget): string {
  const { nodes, groups } = useDocument.getState().document;
  const place = targetName(target);
  if ('node' in target) {
    const name = nodes.find(({ id }) => id === target.node)?.name ?? target.node;
    return target.select === undefined ? `${name}, replica ${target.replica}` : place.replace(target.node, name);
  }
  if ('group' in target) {
    const name = groups.find(({ id }) => id === target.group)?.name ?? target.group;
    return place.replace(target.group, name);
  }
  return place;
}
