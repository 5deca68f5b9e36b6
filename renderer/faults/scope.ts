import { kinds } from '../../engine/kinds/index.ts';
import type { FaultDefinition, KindDefinition } from '../../engine/model/definition.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import type { FaultTarget, Selector } from '../../engine/model/fault.ts';
import { nodesWithin } from '../../engine/model/groups.ts';
import { groupOfKey } from '../stores/group-edits.ts';
import { noteOfKey } from '../stores/note-edits.ts';

/** What a person chose to put a fault on. */
export type FaultScope =
  | { type: 'node'; node: string }
  | { type: 'edge'; edge: string }
  | { type: 'group'; group: string }
  | { type: 'several'; nodes: readonly string[]; edges: readonly string[] }
  | { type: 'document' };

/** Which members of a scope a fault acts on: a certain replica, or those that a selector draws. Null: all. */
export interface Where {
  replica: number;
  select: Selector | 'replica' | null;
}

/** The scope of what is selected on the canvas; of nothing: everything. */
export function scopeOf(selection: { nodes: readonly string[]; edges: readonly string[] }): FaultScope {
  const { edges } = selection;
  const nodes = selection.nodes.filter((key) => noteOfKey(key) === null);
  const [node, ...otherNodes] = nodes;
  const [edge, ...otherEdges] = edges;
  if (node === undefined && edge === undefined) return { type: 'document' };
  if (node !== undefined && edge === undefined && otherNodes.length === 0) {
    const group = groupOfKey(node);
    return group === null ? { type: 'node', node } : { type: 'group', group };
  }
  if (edge !== undefined && node === undefined && otherEdges.length === 0) return { type: 'edge', edge };
  return { type: 'several', nodes: nodes.filter((id) => groupOfKey(id) === null), edges };
}

export const scopeKey = (scope: FaultScope): string => JSON.stringify(Object.values(scope));

/** Edges with one end among the nodes: where a partition would cut them off. */
const edgesAround = ({ edges }: Pick<ArchipelDocument, 'edges'>, nodes: readonly string[]): string[] =>
  edges.filter(({ source, target }) => nodes.includes(source) !== nodes.includes(target)).map(({ id }) => id);

/** The edges of a selection: those that were selected, else those that lead into the selected nodes or out of them. */
export const edgesOf = (
  { nodes, edges }: Extract<FaultScope, { type: 'several' }>,
  document: Pick<ArchipelDocument, 'edges'>,
): readonly string[] => (edges.length > 0 ? edges : edgesAround(document, nodes));

/** Whether the kind of a node lists a fault. */
export function canHave(document: ArchipelDocument, node: string, fault: string): boolean {
  const kind = document.nodes.find(({ id }) => id === node)?.kind;
  return (
    (kinds as readonly KindDefinition[]).find((definition) => definition.kind === kind)?.faults.includes(fault) ?? false
  );
}

/** The targets of one request each that put the fault on everything in the scope; of several nodes each has its own. */
export function targetsOf(
  scope: FaultScope,
  { fault, target }: Pick<FaultDefinition, 'fault' | 'target'>,
  { replica, select }: Where,
  document: ArchipelDocument,
): FaultTarget[] {
  // What is made of other faults draws by itself, or means all of it.
  if (target === 'group' || target === 'any') return wholeOf(scope, document);
  const drawn = select === null || select === 'replica' ? {} : { select };
  switch (scope.type) {
    case 'node':
      return [
        select === 'replica' || target === 'node'
          ? { node: scope.node, replica: target === 'node' ? 0 : replica }
          : { node: scope.node, replica: 0, select: select ?? 'all' },
      ];
    case 'edge':
      return [{ edge: scope.edge }];
    case 'group': {
      // By its name alone a group means all of it, which is refused where one of them cannot have the fault.
      const mixed = target !== 'edge' && nodesWithin(document, scope.group).some((id) => !canHave(document, id, fault));
      return [{ group: scope.group, ...(mixed && { select: 'all' as const }), ...drawn }];
    }
    case 'document':
      return [{ topology: true, ...drawn }];
    case 'several': {
      if (target === 'node') return scope.nodes.map((node) => ({ node, replica: 0 }));
      if (target !== 'edge') return scope.nodes.map((node) => ({ node, replica: 0, select: drawn.select ?? 'all' }));
      const edges = [...edgesOf(scope, document)];
      return edges.length === 0 ? [] : [{ edges, ...drawn }];
    }
  }
}

function wholeOf(scope: FaultScope, document: ArchipelDocument): FaultTarget[] {
  switch (scope.type) {
    case 'node':
      return [{ node: scope.node, replica: 0, select: 'all' }];
    case 'edge':
      return [{ edge: scope.edge }];
    case 'group':
      return [{ group: scope.group }];
    case 'document':
      return [{ topology: true }];
    case 'several': {
      const edges = [...edgesOf(scope, document)];
      const nodes = scope.nodes.map((node): FaultTarget => ({ node, replica: 0, select: 'all' }));
      return edges.length > 0 && scope.edges.length > 0 ? [...nodes, { edges }] : nodes;
    }
  }
}
