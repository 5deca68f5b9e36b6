import { kinds } from '../../engine/kinds/index.ts';
import type { Destination } from '../../engine/model/broker.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import { carriedBetween } from '../../engine/model/dialling.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import type { Protocol } from '../../engine/model/edge.ts';
import { publishesAlong } from '../../engine/model/graph.ts';
import { routesOf } from '../../engine/model/hints/sight.ts';

type Parts = Pick<ArchipelDocument, 'nodes' | 'edges' | 'scenarios'>;
type Ends = { source: string; target: string };

const kindOf = ({ nodes }: Parts, nodeId: string | undefined): KindDefinition | undefined => {
  const kind = nodes.find(({ id }) => id === nodeId)?.kind;
  return (kinds as readonly KindDefinition[]).find((definition) => definition.kind === kind);
};

/** What is spoken at a node; null where nothing may call it. */
export const protocolAt = (document: Parts, nodeId: string): Protocol | null =>
  kindOf(document, nodeId)?.accepts ?? null;

/** What an edge carries. */
export const protocolAlong = (document: Parts, { source, target }: Ends): Protocol | null =>
  carriedBetween(kindOf(document, source), kindOf(document, target));

/** Along it a message can be published by hand. */
export const publishes = (document: Parts, { source, target }: Ends): boolean =>
  publishesAlong(kindOf(document, source), kindOf(document, target));

/** Edges along which a request can be sent, or a message published, by hand. */
export const edgesByHand = (document: Parts) =>
  document.edges.filter((edge) => publishes(document, edge) || protocolAlong(document, edge) === 'http');

/** What messages along an edge to a broker can go to; null: the edge publishes nothing. */
export function destinationsAlong(document: Parts, edgeId: string | null): readonly Destination[] | null {
  const edge = document.edges.find(({ id }) => id === edgeId);
  if (!edge || !publishes(document, edge)) return null;
  return destinationsOf(document, edge.target);
}

/** What a broker keeps messages in, or hands them on by. */
export function destinationsOf(document: Parts, nodeId: string): readonly Destination[] {
  const config = document.nodes.find(({ id }) => id === nodeId)?.config;
  const kind = kindOf(document, nodeId);
  const parsed = kind?.config.safeParse(config);
  return (parsed?.success && kind?.destinations?.(parsed.data as never)) || [];
}

/** "Callers → Shop" */
export function edgeTitle({ nodes, edges }: Parts, edgeId: string): string {
  const edge = edges.find(({ id }) => id === edgeId);
  const nameOf = (id: string | undefined) => nodes.find((node) => node.id === id)?.name ?? id;
  return edge ? `${nameOf(edge.source)} → ${nameOf(edge.target)}` : edgeId;
}

/** Paths that the target of an edge answers, as far as the document tells; parameters have the value 1. */
export function pathsAlong(document: Parts, edgeId: string | null): string[] {
  const target = document.nodes.find(({ id }) => id === document.edges.find((edge) => edge.id === edgeId)?.target);
  const own = target && routesOf(target);
  const routes = own ?? document.scenarios.flatMap(({ traffic }) => traffic.flatMap((source) => source.routes));
  return [...new Set(routes.map(({ path }) => path.replace(/:[^/]+/g, '1')))];
}
