import { nodeById, type Outline, oneOf, text } from '../checks/outline.ts';
import type { DocumentError } from '../definition.ts';

/** The node of a measure exists. */
export function nodeOf(measure: Record<string, unknown>, path: string, outline: Outline): DocumentError[] {
  const id = text(measure.node);
  if (id === null || id === '' || nodeById(outline, id)) return [];
  return [unknownNode(id, `${path}.node`, outline)];
}

export function edgeOf(measure: Record<string, unknown>, path: string, outline: Outline): DocumentError[] {
  const id = text(measure.edge);
  if (id === null || id === '' || outline.edges.some((edge) => edge.id === id)) return [];
  return [unknownEdge(id, `${path}.edge`, outline)];
}

export const unknownNode = (id: string, path: string, outline: Outline): DocumentError => ({
  path,
  message: `there is no node "${id}"`,
  nextStep: oneOf(
    outline.nodes.map((candidate) => candidate.id),
    'Add the node.',
  ),
});

export const unknownEdge = (id: string, path: string, outline: Outline): DocumentError => ({
  path,
  message: `there is no edge "${id}"`,
  nextStep: oneOf(
    outline.edges.map((candidate) => candidate.id),
    'Add the edge.',
  ),
});
