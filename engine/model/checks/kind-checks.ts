import type { DocumentError, KindCheckContext } from '../definition.ts';
import type { ArchipelEdge } from '../document.ts';
import { edgeConfigSchema } from '../edge.ts';
import { joinPath } from '../json-path.ts';
import { edgesFrom, nodeById, type Outline, type OutlineEdge, type OutlineNode } from './outline.ts';

const defaultEdgeConfig = edgeConfigSchema.parse({});

/** What the kinds themselves check, e.g. that a step's edge leaves its node. */
export function checkNodes(outline: Outline): DocumentError[] {
  return outline.nodes.flatMap((node) => {
    const { definition, config, path } = node;
    if (!definition?.check || !config) return [];
    return definition.check({ config: config.value }, contextOf(node, outline)).flatMap((error) => {
      const original = config.original(error.path);
      return original === null ? [] : [{ ...error, path: joinPath(`${path}.config`, original) }];
    });
  });
}

/** A check sees the node's identity and config, and its edges; what is broken besides is reported elsewhere. */
function contextOf(node: OutlineNode, outline: Outline): KindCheckContext {
  const outgoing = edgesFrom(outline, node.id).flatMap((edge) => {
    const known = asEdge(edge);
    return known ? [{ edge: known, protocol: nodeById(outline, edge.target)?.definition?.accepts ?? null }] : [];
  });
  return {
    node: {
      id: node.id ?? '',
      kind: node.kind ?? '',
      name: node.id ?? '',
      position: { x: 0, y: 0 },
      config: node.config?.value ?? {},
    },
    outgoing,
  };
}

const asEdge = ({ id, source, target }: OutlineEdge): ArchipelEdge | null =>
  id !== null && source !== null && target !== null ? { id, source, target, config: defaultEdgeConfig } : null;
