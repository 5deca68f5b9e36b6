import type { ArchipelDocument, ArchipelNode } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';

/* What a document asks of the runtime. */

export function nodeById(document: ArchipelDocument, nodeId: string): ArchipelNode {
  const node = document.nodes.find(({ id }) => id === nodeId);
  if (!node) throw new ArchipelError('not-found', `no node "${nodeId}"`, 'Name a node of the document.');
  return node;
}

/** Kinds without the setting run as one process. */
export const replicasOf = (node: ArchipelNode): number =>
  typeof node.config.replicas === 'number' ? node.config.replicas : 1;

export const sameConfig = (a: ArchipelNode, b: ArchipelNode): boolean =>
  JSON.stringify(a.config) === JSON.stringify(b.config);

/** The same but for the number of replicas. */
export const sameProgram = (a: ArchipelNode, b: ArchipelNode): boolean =>
  JSON.stringify({ ...a.config, replicas: null }) === JSON.stringify({ ...b.config, replicas: null });
