import { kinds } from '../../engine/kinds/index.ts';
import type { ArchipelDocument, ArchipelEdge, ArchipelNode } from '../../engine/model/document.ts';
import { edgeConfigSchema } from '../../engine/model/edge.ts';
import { scenarioSchema } from '../../engine/model/scenario.ts';
import { said } from '../i18n/said.ts';

type Document = ArchipelDocument;
type Point = { x: number; y: number };

/** `base`, or `base-2`, `base-3` … whichever is free; within the 63 characters of an id. */
export function freeId(base: string, taken: Iterable<string>): string {
  const ids = new Set(taken);
  const root = base.slice(0, 58).replace(/-+$/, '');
  for (let number = 1; ; number++) {
    const id = number === 1 ? root : `${root}-${number}`;
    if (!ids.has(id)) return id;
  }
}

const isTrafficKind = (kind: string): boolean =>
  kinds.some((definition) => definition.kind === kind && definition.family === 'traffic');

/** "Function (Lambda style)" is called "Function": its card says its style. */
const ofFamily = (title: string): string => title.replace(/ \(.*\)$/, '');

/** Adds a node of a kind. The first client brings a first scenario along, so that Run has something to send. */
export function addNode(document: Document, kind: string, position: Point): { document: Document; id: string } {
  const definition = kinds.find((candidate) => candidate.kind === kind);
  if (!definition) throw new Error(`There is no node kind "${kind}".`);
  const id = freeId(
    kind,
    document.nodes.map((node) => node.id),
  );
  const number = id.slice(kind.length + 1);
  const name = ofFamily(said(definition.title));
  const node: ArchipelNode = {
    id,
    kind,
    name: number ? `${name} ${number}` : name,
    position: { x: Math.round(position.x), y: Math.round(position.y) },
    config: structuredClone(definition.defaults) as Record<string, unknown>,
  };
  const grown = { ...document, nodes: [...document.nodes, node] };
  const isFirstClient = isTrafficKind(kind) && document.scenarios.length === 0;
  return { id, document: isFirstClient ? addScenario(grown, id) : grown };
}

export function addScenario(document: Document, client?: string): Document {
  const name = freeId(
    'steady',
    document.scenarios.map((scenario) => scenario.name),
  );
  const sender = client ?? document.nodes.find((node) => isTrafficKind(node.kind))?.id ?? 'client';
  const scenario = scenarioSchema.parse({
    name,
    traffic: [{ executor: 'constant-arrival-rate', client: sender, ratePerSec: 50, routes: [{ path: '/' }] }],
  });
  return { ...document, scenarios: [...document.scenarios, scenario] };
}

export function moveNodes(document: Document, positions: ReadonlyMap<string, Point>): Document {
  let moved = false;
  const nodes = document.nodes.map((node) => {
    const at = positions.get(node.id);
    if (!at || (at.x === node.position.x && at.y === node.position.y)) return node;
    moved = true;
    return { ...node, position: { x: Math.round(at.x), y: Math.round(at.y) } };
  });
  return moved ? { ...document, nodes } : document;
}

export function connect(document: Document, source: string, target: string): { document: Document; id: string } {
  const id = freeId(
    `${source}-${target}`,
    document.edges.map((edge) => edge.id),
  );
  const edge: ArchipelEdge = { id, source, target, config: edgeConfigSchema.parse({}) };
  return { id, document: { ...document, edges: [...document.edges, edge] } };
}

/** Removes nodes with the edges that touch them, and edges. */
export function remove(document: Document, ids: { nodes?: Iterable<string>; edges?: Iterable<string> }): Document {
  const nodes = new Set(ids.nodes);
  const edges = new Set(ids.edges);
  const keptNodes = document.nodes.filter((node) => !nodes.has(node.id));
  const keptEdges = document.edges.filter(
    (edge) => !edges.has(edge.id) && !nodes.has(edge.source) && !nodes.has(edge.target),
  );
  if (keptNodes.length === document.nodes.length && keptEdges.length === document.edges.length) return document;
  return { ...document, nodes: keptNodes, edges: keptEdges };
}

export const changeNode = (document: Document, id: string, change: (node: ArchipelNode) => ArchipelNode): Document => ({
  ...document,
  nodes: document.nodes.map((node) => (node.id === id ? change(node) : node)),
});

export const changeEdge = (document: Document, id: string, change: (edge: ArchipelEdge) => ArchipelEdge): Document => ({
  ...document,
  edges: document.edges.map((edge) => (edge.id === id ? change(edge) : edge)),
});
