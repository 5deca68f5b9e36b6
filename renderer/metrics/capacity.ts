import { shownDocument } from '../stores/document.ts';
import type { Capacity } from './load.ts';

let known: { document: unknown; byNode: Map<string, Capacity> } | null = null;

/** What limits the work of a node by its config; undefined for one that is not in the document. */
export function capacityOf(nodeId: string): Capacity | undefined {
  const document = shownDocument();
  if (known?.document !== document)
    known = { document, byNode: new Map(document.nodes.map(({ id, config }) => [id, config as Capacity])) };
  return known.byNode.get(nodeId);
}
