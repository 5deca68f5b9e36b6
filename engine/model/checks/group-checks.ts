import type { DocumentError } from '../definition.ts';
import { budgetSchema, nodesWithin } from '../groups.ts';
import { replicaCount } from '../replica-count.ts';
import { nodeById, type Outline, oneOf } from './outline.ts';

/** Groups that exist, hosts in zones at most, and no circles. */
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
    else if (kind === 'zone' || around.kind === 'host')
      errors.push({
        path: `${path}.parent`,
        message: kind === 'zone' ? 'a zone stands in no other group' : `"${parent}" is a host, and holds nodes only`,
        nextStep: 'Leave the parent out, or put a host into a zone.',
      });
    if (parent === id)
      errors.push({
        path: `${path}.parent`,
        message: 'a group cannot stand in itself',
        nextStep: 'Leave the parent out.',
      });
  }
  return errors;
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
