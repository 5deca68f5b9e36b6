import { kinds } from '../../engine/kinds/index.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import type { Protocol } from '../../engine/model/edge.ts';
import { routesOf } from '../../engine/model/hints/sight.ts';

type Parts = Pick<ArchipelDocument, 'nodes' | 'edges' | 'scenarios'>;

const kindOf = ({ nodes }: Parts, nodeId: string | undefined): KindDefinition | undefined => {
  const kind = nodes.find(({ id }) => id === nodeId)?.kind;
  return (kinds as readonly KindDefinition[]).find((definition) => definition.kind === kind);
};

/** What is spoken at a node; null where nothing may call it. */
export const protocolAt = (document: Parts, nodeId: string): Protocol | null =>
  kindOf(document, nodeId)?.accepts ?? null;

/** Edges along which a request can be sent by hand. */
export const httpEdges = (document: Parts) =>
  document.edges.filter(({ target }) => protocolAt(document, target) === 'http');

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
