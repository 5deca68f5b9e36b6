import type { Catalogue, KindDefinition } from './definition.ts';
import { delivers } from './dialling.ts';
import type { ArchipelDocument, ArchipelEdge } from './document.ts';

/** The parts of a document that make its graph. */
export type Graph = Pick<ArchipelDocument, 'nodes' | 'edges'>;

export const outgoingEdges = ({ edges }: Graph, nodeId: string): ArchipelEdge[] =>
  edges.filter((edge) => edge.source === nodeId);

export const incomingEdges = ({ edges }: Graph, nodeId: string): ArchipelEdge[] =>
  edges.filter((edge) => edge.target === nodeId);

/** Whether edges may leave nodes of a kind: it calls others, or delivers messages to them. */
export const mayHaveEdges = (source: KindDefinition): boolean => source.calls.length > 0 || delivers(source);

/** Whether nodes of the one kind have the client of a broker with which to publish to one of the other. */
export const publishesAlong = (source: KindDefinition | undefined, target: KindDefinition | undefined): boolean =>
  target !== undefined &&
  delivers(target) &&
  source?.consumes?.some((protocol) => protocol === target.accepts) === true;

/** Why a node of the one kind may not call a node of the other, or null when it may. */
export function callProblem(source: KindDefinition, target: KindDefinition): string | null {
  const from = source.title.toLowerCase();
  const to = target.title.toLowerCase();
  if (delivers(source))
    return target.consumes?.some((protocol) => protocol === source.accepts)
      ? null
      : `a ${from} delivers messages, and a ${to} consumes ${target.consumes?.length ? `only ${target.consumes.join(' and ')}` : 'none'}`;
  if (source.calls.length === 0) return `a ${from} calls nothing, so no edge can leave it`;
  if (target.accepts === null) return `a ${to} accepts no calls, so no edge can lead to it`;
  if (!source.calls.includes(target.accepts))
    return `a ${to} speaks ${target.accepts}, and a ${from} calls only ${source.calls.join(' and ')}`;
  return null;
}

/** Why an edge may not be drawn between two nodes, or null when it may. */
export function connectionProblem(
  graph: Graph,
  catalogue: Catalogue,
  { source, target }: { source: string; target: string },
): string | null {
  const definitionOf = (id: string): KindDefinition | undefined => {
    const kind = graph.nodes.find((node) => node.id === id)?.kind;
    return catalogue.kinds.find((definition) => definition.kind === kind);
  };
  if (source === target) return 'a node cannot call itself';
  const [from, to] = [definitionOf(source), definitionOf(target)];
  if (!from) return `there is no node "${source}"`;
  if (!to) return `there is no node "${target}"`;
  const problem = callProblem(from, to);
  if (problem) return problem;
  if (graph.edges.some((edge) => edge.source === source && edge.target === target))
    return `an edge from "${source}" to "${target}" exists already`;
  return null;
}

/**
 * Ids of all nodes in the order to start them: every node stands in a later layer than those it calls.
 * Nodes that call each other in a circle stand in one layer. Edges that lead nowhere are passed over.
 */
export function startLayers(graph: Graph): string[][] {
  const callees = new Map(graph.nodes.map(({ id }) => [id, [] as string[]]));
  for (const { source, target } of graph.edges) if (callees.has(target)) callees.get(source)?.push(target);
  const layerOf = new Map<string, number>();
  for (const circle of circles(callees)) {
    const called = circle.flatMap((id) => callees.get(id) as string[]);
    // Callees outside the circle have their layer already: circles come callees first.
    const below = called.flatMap((id) => (circle.includes(id) ? [] : (layerOf.get(id) ?? [])));
    const layer = Math.max(-1, ...below) + 1;
    for (const id of circle) layerOf.set(id, layer);
  }
  const layers: string[][] = [];
  for (const { id } of graph.nodes) {
    const layer = layerOf.get(id) as number;
    while (layers.length <= layer) layers.push([]);
    (layers[layer] as string[]).push(id);
  }
  return layers;
}

/** Strongly connected components, callees first (Tarjan, with a stack of its own so that a long chain cannot overflow). */
function circles(callees: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const lower = (id: string, value: number): void => void lowest.set(id, Math.min(lowest.get(id) as number, value));
  const enter = (id: string): { id: string; next: number } => {
    lowest.set(id, order.size);
    order.set(id, order.size);
    open.push(id);
    isOpen.add(id);
    return { id, next: 0 };
  };

  for (const root of callees.keys()) {
    if (order.has(root)) continue;
    const path = [enter(root)];
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const callee = callees.get(step.id)?.[step.next];
      if (callee !== undefined) {
        step.next += 1;
        if (!order.has(callee)) path.push(enter(callee));
        else if (isOpen.has(callee)) lower(step.id, order.get(callee) as number);
        continue;
      }
      path.pop();
      const caller = path.at(-1);
      if (caller) lower(caller.id, lowest.get(step.id) as number);
      if (lowest.get(step.id) !== order.get(step.id)) continue;
      const circle = open.splice(open.indexOf(step.id));
      for (const id of circle) isOpen.delete(id);
      found.push(circle);
    }
  }
  return found;
}
