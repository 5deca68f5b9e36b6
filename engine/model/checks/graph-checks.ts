import type { DocumentError } from '../definition.ts';
import { callProblem } from '../graph.ts';
import { nearest } from '../nearest.ts';
import { checkGroups } from './group-checks.ts';
import { nodeById, type Outline, oneOf } from './outline.ts';

/** Kinds that exist, ids that differ, and edges that lead from one node to another that it may call. */
export function checkGraph(outline: Outline): DocumentError[] {
  return [
    ...checkKinds(outline),
    ...checkDiffer(outline.nodes, 'node', 'id'),
    ...checkDiffer(outline.edges, 'edge', 'id'),
    ...checkDiffer(outline.groups, 'group', 'id'),
    ...checkDiffer(outline.notes, 'note', 'id'),
    ...checkGroups(outline),
    ...checkDiffer(outline.scenarios, 'scenario', 'name'),
    ...checkDiffer(outline.experiments, 'experiment', 'name'),
    ...checkEdges(outline),
  ];
}

function checkKinds({ nodes, catalogue }: Outline): DocumentError[] {
  const kinds = catalogue.kinds.map(({ kind }) => kind);
  return nodes.flatMap(({ kind, definition, path }) => {
    if (kind === null || kind === '' || definition) return [];
    const meant = nearest(kind, kinds);
    const nextStep = `${meant ? `Did you mean "${meant}"? ` : ''}Kinds of this Archipel: ${kinds.join(', ')}.`;
    return [{ path: `${path}.kind`, message: `unknown kind "${kind}"`, nextStep }];
  });
}

function checkDiffer<Field extends 'id' | 'name'>(
  items: readonly ({ path: string } & Record<Field, string | null>)[],
  what: string,
  field: Field,
): DocumentError[] {
  const first = new Map<string, string>();
  return items.flatMap((item) => {
    const name = item[field];
    if (name === null) return [];
    const taken = first.get(name);
    if (taken === undefined) {
      first.set(name, item.path);
      return [];
    }
    return [
      {
        path: `${item.path}.${field}`,
        message: `the ${field} "${name}" belongs to the ${what} at ${taken} already`,
        nextStep: `Give one of the two another ${field}.`,
      },
    ];
  });
}

function checkEdges(outline: Outline): DocumentError[] {
  const drawn = new Map<string, string>();
  return outline.edges.flatMap(({ path, source, target }) => {
    const errors: DocumentError[] = [];
    for (const [end, id] of [
      ['source', source],
      ['target', target],
    ] as const)
      if (id !== null && !nodeById(outline, id))
        errors.push({
          path: `${path}.${end}`,
          message: `the edge dangles: there is no node "${id}"`,
          nextStep: `Remove the edge. Or: ${oneOf(
            outline.nodes.map((node) => node.id),
            'add the node.',
          )}`,
        });
    if (source === null || target === null) return errors;

    if (source === target)
      errors.push({
        path: `${path}.target`,
        message: 'a node cannot call itself',
        nextStep: 'Lead the edge to another node, or remove it.',
      });
    const [from, to] = [nodeById(outline, source)?.definition, nodeById(outline, target)?.definition];
    const problem = from && to && source !== target ? callProblem(from, to) : null;
    if (problem)
      errors.push({
        path: `${path}.target`,
        message: `illegal connection: ${problem}`,
        nextStep: 'Lead the edge to another node, or remove it.',
      });

    const key = JSON.stringify([source, target]);
    const twin = drawn.get(key);
    if (twin)
      errors.push({
        path,
        message: `an edge from "${source}" to "${target}" exists already at ${twin}`,
        nextStep: 'Remove one of the two.',
      });
    else drawn.set(key, path);
    return errors;
  });
}
