import { catalogue } from '../catalogue.ts';
import type { ArchipelDocument, ArchipelNode } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { replicaCount, replicaCounting } from '../model/replica-count.ts';

/* What a document asks of the runtime. */

export function nodeById(document: ArchipelDocument, nodeId: string): ArchipelNode {
  const node = document.nodes.find(({ id }) => id === nodeId);
  if (!node) throw new ArchipelError('not-found', `no node "${nodeId}"`, 'Name a node of the document.');
  return node;
}

export const hasNode = (document: ArchipelDocument, nodeId: string): boolean =>
  document.nodes.some(({ id }) => id === nodeId);

const definitionOf = ({ kind }: ArchipelNode) => catalogue.kinds.find((definition) => definition.kind === kind);

export const replicasOf = (node: ArchipelNode): number => replicaCount(definitionOf(node), node.config);

/** Replicas that must be ready before the others of their node start. */
export const firstReplicasOf = (node: ArchipelNode): number => replicaCounting(definitionOf(node)).besides;

export const sameConfig = (a: ArchipelNode, b: ArchipelNode): boolean =>
  JSON.stringify(a.config) === JSON.stringify(b.config);

/** The same but for the number of replicas. */
export const sameProgram = (a: ArchipelNode, b: ArchipelNode): boolean => {
  const { field } = replicaCounting(definitionOf(b));
  return JSON.stringify({ ...a.config, [field]: null }) === JSON.stringify({ ...b.config, [field]: null });
};
