import type { DocumentError, FaultDefinition } from '../definition.ts';
import type { Protocol } from '../edge.ts';
import { faultCourseSchema } from '../fault.ts';
import { schemaErrors } from '../issues.ts';
import { nearest } from '../nearest.ts';
import { replicaCount, replicaCounting } from '../replica-count.ts';
import { checkFaultCourse } from './fault-course-checks.ts';
import { carriedAlong, type Loose, nodeById, type Outline, type OutlineNode, object, oneOf, text } from './outline.ts';

/** The fault of a method's step exists, its parameters parse, and it can act on its target. */
export function checkFault(step: Loose, path: string, outline: Outline): DocumentError[] {
  const { faults } = outline.catalogue;
  const id = text(step.fault);
  const fault = faults.find((candidate) => candidate.fault === id);
  const errors: DocumentError[] = [];
  if (id !== null && id !== '' && !fault) {
    const known = faults.map((candidate) => candidate.fault);
    const meant = nearest(id, known);
    errors.push({
      path: `${path}.fault`,
      message: `unknown fault "${id}"`,
      nextStep: `${meant ? `Did you mean "${meant}"? ` : ''}Faults of this Archipel: ${known.join(', ')}.`,
    });
  }
  const parameters = step.parameters ?? {};
  if (fault && typeof parameters === 'object' && !Array.isArray(parameters))
    errors.push(...schemaErrors(fault.parameters, parameters, `${path}.parameters`));
  const course = faultCourseSchema.safeParse({
    probability: step.probability,
    schedule: step.schedule,
    rampMs: step.rampMs,
  });
  if (fault && course.success) errors.push(...checkFaultCourse(fault, course.data, path));

  const target = object(step.target);
  const [node, edge, group] = [text(target.node), text(target.edge), text(target.group)];
  if (group !== null && !outline.groups.some(({ id }) => id === group))
    errors.push({
      path: `${path}.target.group`,
      message: `there is no group "${group}"`,
      nextStep: oneOf(
        outline.groups.map(({ id }) => id),
        'Add the group.',
      ),
    });
  if (fault?.target === 'group') return [...errors, ...checkGroupTarget(fault, target, path, outline)];
  for (const [index, id] of (Array.isArray(target.edges) ? target.edges : []).entries())
    if (typeof id === 'string' && !outline.edges.some((candidate) => candidate.id === id))
      errors.push({
        path: `${path}.target.edges[${index}]`,
        message: `there is no edge "${id}"`,
        nextStep: oneOf(
          outline.edges.map((candidate) => candidate.id),
          'Add the edge.',
        ),
      });
  const named = [
    ...(edge === null || node !== null ? [] : [{ id: edge, path: `${path}.target.edge` }]),
    ...(Array.isArray(target.edges) ? target.edges : []).map((id, index) => ({
      id: text(id),
      path: `${path}.target.edges[${index}]`,
    })),
  ];
  if (fault?.target === 'edge')
    for (const { id, path: at } of named) errors.push(...checkProtocol(fault, id, at, outline));
  if (Array.isArray(target.edges) && fault && fault.target !== 'edge')
    errors.push({
      path: `${path}.target`,
      message: `fault "${fault.fault}" acts on ${fault.target === 'node' ? 'nodes' : 'processes'}, not on edges`,
      nextStep: 'Write { "node": … } with the id of a node, or { "group": … }.',
    });
  if (node !== null && edge === null) {
    if (fault?.target === 'edge')
      errors.push({
        path: `${path}.target`,
        message: `fault "${fault.fault}" acts on an edge, not on a node`,
        nextStep: 'Write { "edge": … } with the id of an edge.',
      });
    if (fault?.target === 'node' && target.select !== undefined)
      errors.push({
        path: `${path}.target.select`,
        message: `fault "${fault.fault}" acts on the node as a whole, not on some of its replicas`,
        nextStep: 'Leave "select" out.',
      });
    errors.push(
      ...checkNodeTarget(
        node,
        fault?.target === 'node' ? null : target.select === undefined ? target.replica : undefined,
        fault && fault.target !== 'edge' ? fault.fault : null,
        `${path}.target`,
        outline,
      ),
    );
  }
  if (edge !== null && node === null) {
    if (fault && fault.target !== 'edge')
      errors.push({
        path: `${path}.target`,
        message: `fault "${fault.fault}" acts on a ${fault.target}, not on an edge`,
        nextStep: 'Write { "node": … } with the id of a node.',
      });
    if (!outline.edges.some((candidate) => candidate.id === edge))
      errors.push({
        path: `${path}.target.edge`,
        message: `there is no edge "${edge}"`,
        nextStep: oneOf(
          outline.edges.map((candidate) => candidate.id),
          'Add the edge.',
        ),
      });
  }
  return errors;
}

/** A fault that understands one protocol cannot act where another is spoken. */
function checkProtocol(
  { fault, protocols }: FaultDefinition,
  id: string | null,
  path: string,
  outline: Outline,
): DocumentError[] {
  const edge = outline.edges.find((candidate) => candidate.id === id);
  const protocol = edge ? carriedAlong(outline, edge) : null;
  if (!protocols || !protocol || protocols.includes(protocol)) return [];
  const able = outline.edges.filter((candidate) => protocols.includes(carriedAlong(outline, candidate) as Protocol));
  return [
    {
      path,
      message: `fault "${fault}" understands ${protocols.join(', ')}, and edge "${id}" carries ${protocol}`,
      nextStep: oneOf(
        able.map((candidate) => candidate.id),
        `Add an edge that carries ${protocols[0]}.`,
      ),
    },
  ];
}

/** A fault that is made of others acts on a whole group of a certain kind. */
function checkGroupTarget(
  { fault, composition }: FaultDefinition,
  target: Loose,
  path: string,
  outline: Outline,
): DocumentError[] {
  const able = outline.groups.filter(({ kind }) => composition?.groups.some((wanted) => wanted === kind));
  const kinds = composition?.groups.join(' or a ');
  const nextStep = oneOf(
    able.map(({ id }) => id),
    `Add a ${kinds}.`,
  );
  if (typeof target.group !== 'string' || target.select !== undefined)
    return [{ path: `${path}.target`, message: `fault "${fault}" acts on a whole ${kinds}`, nextStep }];
  const group = outline.groups.find(({ id }) => id === target.group);
  if (!group || able.includes(group)) return [];
  return [
    {
      path: `${path}.target.group`,
      message: `fault "${fault}" acts on a ${kinds}, and "${target.group}" is a ${group.kind}`,
      nextStep,
    },
  ];
}

function checkNodeTarget(
  id: string,
  replica: unknown,
  fault: string | null,
  path: string,
  outline: Outline,
): DocumentError[] {
  const node = nodeById(outline, id);
  if (!node)
    return [
      {
        path: `${path}.node`,
        message: `there is no node "${id}"`,
        nextStep: oneOf(
          outline.nodes.map((candidate) => candidate.id),
          'Add the node.',
        ),
      },
    ];
  const errors: DocumentError[] = [];
  if (fault && node.definition && !node.definition.faults.includes(fault))
    errors.push({
      path: `${path}.node`,
      message: `fault "${fault}" cannot act on a ${node.kind}`,
      nextStep: `Faults for a ${node.kind}: ${node.definition.faults.join(', ') || 'none'}.`,
    });

  // A node as a whole may have no replica just now.
  if (replica === null) return errors;
  const count = replicasOf(node);
  const least = outline.catalogue.faults.find((definition) => definition.fault === fault)?.leastReplicas ?? 1;
  const wanted = replica ?? 0;
  if (count !== null && typeof wanted === 'number' && Number.isInteger(wanted) && wanted >= count)
    errors.push({
      path: replica === undefined ? `${path}.node` : `${path}.replica`,
      message: `node "${id}" has ${count === 1 ? 'one replica, number 0' : count === 0 ? 'no replica' : `${count} replicas, numbers 0 to ${count - 1}`}`,
      nextStep: count === 0 ? 'Give the node a replica, or choose another.' : 'Name one of them.',
    });
  else if (count !== null && count < least)
    errors.push({
      path: `${path}.node`,
      message: `fault "${fault}" needs ${least} replicas of a node, and "${id}" has ${count}`,
      nextStep: 'Give the node more of them, or choose another.',
    });
  return errors;
}

/** How many processes the node has. Null when the field that counts them is broken. */
function replicasOf({ definition, config }: OutlineNode): number | null {
  if (!config || config.original(replicaCounting(definition ?? undefined).field) === null) return null;
  return replicaCount(definition ?? undefined, config.value);
}
