import type { DocumentError } from '../definition.ts';
import { type ArchipelGroup, budgetSchema, groupSchema, mayStandIn, nodesWithin } from '../groups.ts';
import { replicaCount } from '../replica-count.ts';
import { nodeById, type Outline, type OutlineGroup, oneOf } from './outline.ts';

/** Groups that exist, each in one that may hold it, and no circles. */
export function checkGroups(outline: Outline): DocumentError[] {
  const { groups, nodes } = outline;
  const ids = groups.map(({ id }) => id);
  const errors: DocumentError[] = [];
  const unknown = (path: string, id: string): DocumentError => ({
    path,
    message: `there is no group "${id}"`,
    nextStep: oneOf(ids, 'Add the group, or leave it out.'),
  });
  for (const { path, group } of nodes)
    if (group !== null && !ids.includes(group)) errors.push(unknown(`${path}.group`, group));
  for (const { path, id, kind, parent } of groups) {
    if (parent === null) continue;
    const around = groups.find((candidate) => candidate.id === parent);
    if (!around) errors.push(unknown(`${path}.parent`, parent));
    else if (isKind(kind) && isKind(around.kind) && !mayStandIn(kind, around.kind))
      errors.push({
        path: `${path}.parent`,
        message: `a ${kind} cannot stand in a ${around.kind}`,
        nextStep:
          'Leave the parent out. A host stands in a zone or a team, a zone in a team, a team in a zone or a team.',
      });
    if (id !== null && isAround(groups, id, parent))
      errors.push({
        path: `${path}.parent`,
        message: 'a group cannot stand in itself',
        nextStep: 'Leave the parent out.',
      });
  }
  return errors;
}

const isKind = (kind: string | null): kind is ArchipelGroup['kind'] => groupSchema.shape.kind.safeParse(kind).success;

/** Whether the group is found again on the way outwards from its parent. */
function isAround(groups: readonly OutlineGroup[], id: string, parent: string): boolean {
  const seen = new Set<string>();
  for (let at: string | null = parent; at !== null && !seen.has(at); ) {
    if (at === id) return true;
    seen.add(at);
    const next: string | null = groups.find((group) => group.id === at)?.parent ?? null;
    at = next;
  }
  return false;
}

/** More processes than slots: such a document can be edited, not run. */
export function checkBudgets(outline: Outline): DocumentError[] {
  const groups = outline.groups.flatMap(({ id, parent }) => (id === null ? [] : [{ id, parent }]));
  const nodes = outline.nodes.flatMap(({ id, group }) => (id === null ? [] : [{ id, group: group ?? undefined }]));
  return outline.groups.flatMap(({ path, id, raw }) => {
    const budget = budgetSchema.safeParse(raw.budget ?? {});
    const slots = budget.data?.slots;
    if (id === null || slots == null) return [];
    const within = nodesWithin({ groups, nodes }, id);
    const processes = within.reduce((sum, nodeId) => {
      const node = nodeById(outline, nodeId);
      return sum + (node?.config ? replicaCount(node.definition ?? undefined, node.config.value) : 0);
    }, 0);
    if (processes <= slots) return [];
    return [
      {
        path: `${path}.budget.slots`,
        message: `${processes} processes are to run in "${id}", which has ${slots} ${slots === 1 ? 'slot' : 'slots'}`,
        nextStep: 'Give it more slots, take replicas away, or move a node elsewhere.',
      },
    ];
  });
}
