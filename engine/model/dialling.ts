import type { KindDefinition } from './definition.ts';

interface Edge {
  source: string;
  target: string;
}

/** Whether brokers deliver along edges that leave nodes of this kind. */
export const delivers = (source: Pick<KindDefinition, 'destinations'> | undefined): boolean =>
  source?.destinations !== undefined;

/** What an edge between nodes of two kinds carries: what is spoken where it is dialled, or null where nothing may call. */
export const carriedBetween = (source: KindDefinition | undefined, target: KindDefinition | undefined) =>
  (source && delivers(source) ? source.accepts : target?.accepts) ?? null;

/**
 * The edges as they are dialled: each leads from who opens its connections to who takes them. That is its own way, but for a
 * delivery, whose consumer dials the broker.
 */
function dialledEdges<E extends Edge>(
  { nodes, edges }: { nodes: readonly { id: string; kind: string }[]; edges: readonly E[] },
  kinds: readonly Pick<KindDefinition, 'kind' | 'destinations'>[],
): E[] {
  const kindOf = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const delivering = new Set(kinds.filter(delivers).map(({ kind }) => kind));
  return edges.map((edge) =>
    delivering.has(kindOf.get(edge.source) ?? '') ? { ...edge, source: edge.target, target: edge.source } : edge,
  );
}

/** A document with its edges as they are dialled. */
export const dialled = <G extends { nodes: readonly { id: string; kind: string }[]; edges: readonly Edge[] }>(
  document: G,
  kinds: readonly Pick<KindDefinition, 'kind' | 'destinations'>[],
): G => ({ ...document, edges: dialledEdges(document, kinds) });
