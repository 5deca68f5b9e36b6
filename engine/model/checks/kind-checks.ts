import type { DocumentError, KindCheckContext, NeighbourEdge } from '../definition.ts';
import { delivers } from '../dialling.ts';
import type { ArchipelEdge } from '../document.ts';
import { defaultEdgeConfig, type Protocol, protocolSchema } from '../edge.ts';
import { joinPath } from '../json-path.ts';
import { edgesFrom, nodeById, type Outline, type OutlineEdge, type OutlineNode } from './outline.ts';

/** What the kinds themselves check, e.g. that a step's edge leaves its node. */
export function checkNodes(outline: Outline): DocumentError[] {
  return outline.nodes.flatMap((node) => {
    const { config, path, id } = node;
    // Without an id no edge is known to leave it, which would be blamed on its config.
    if (!config || id === null) return [];
    return errorsOf(node, outline).flatMap((error) => {
      const original = config.original(error.path);
      return original === null ? [] : [{ ...error, path: joinPath(`${path}.config`, original) }];
    });
  });
}

/** Where a target's kind is unknown, its protocol could be any: what counts is wrong whichever it is. */
function errorsOf(node: OutlineNode, outline: Outline): DocumentError[] {
  const check = (unknown: Protocol): DocumentError[] =>
    node.definition?.check?.({ config: node.config?.value ?? {} }, contextOf(node, outline, unknown)) ?? [];
  const [first = [], ...others] = protocolSchema.options.map(check);
  const same = (a: DocumentError) => (b: DocumentError) => a.path === b.path && a.message === b.message;
  return first.filter((error) => others.every((errors) => errors.some(same(error))));
}

/** A check sees the node's identity and config, and its edges; what is broken besides is reported elsewhere. */
function contextOf({ id, kind, config }: OutlineNode, outline: Outline, unknown: Protocol): KindCheckContext {
  const neighbour = (edge: OutlineEdge, end: string | null): NeighbourEdge[] => {
    const known = asEdge(edge);
    if (!known) return [];
    const other = nodeById(outline, end);
    const destinations = other?.config ? (other.definition?.destinations?.(other.config.value) ?? null) : null;
    return [{ edge: known, protocol: other?.definition ? other.definition.accepts : unknown, destinations }];
  };
  const outgoing = edgesFrom(outline, id).flatMap((edge) => neighbour(edge, edge.target));
  const deliveries = outline.edges.flatMap((edge) => {
    if (id === null || edge.target !== id) return [];
    const source = nodeById(outline, edge.source)?.definition;
    return source && !delivers(source) ? [] : neighbour(edge, edge.source);
  });
  return {
    node: { id: id ?? '', kind: kind ?? '', name: id ?? '', position: { x: 0, y: 0 }, config: config?.value ?? {} },
    outgoing,
    deliveries,
  };
}

const asEdge = ({ id, source, target }: OutlineEdge): ArchipelEdge | null =>
  id !== null && source !== null && target !== null ? { id, source, target, config: defaultEdgeConfig } : null;
