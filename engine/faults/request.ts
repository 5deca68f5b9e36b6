import type { z } from 'zod';
import { checkFaultCourse } from '../model/checks/fault-course-checks.ts';
import type { FaultDefinition } from '../model/definition.ts';
import type { Protocol } from '../model/edge.ts';
import { ArchipelError } from '../model/error.ts';
import type { FaultCourse, FaultTarget, Selector } from '../model/fault.ts';
import { schemaErrors } from '../model/issues.ts';
import { targetName } from '../model/target-name.ts';
import { type FaultId, faults } from './index.ts';
import type { EdgeTarget, ProcessTarget } from './inject.ts';
import { selectFrom } from './select.ts';

export interface FaultRequest extends Partial<FaultCourse> {
  fault: string;
  target: FaultTarget;
  parameters: Record<string, unknown>;
  leaseMs: number;
  /** Same seed, same random choices. */
  seed?: number;
}

export interface Targets {
  /** Null when the document has no such node, or the node no such replica. */
  resolveProcess(node: string, replica: number): ProcessTarget | null;
  resolveEdge(edge: string): EdgeTarget | null;
  /** The processes in a group, and the edges that lead into it or out of it. Null when there is no such group. */
  resolveGroup(group: string): Members | null;
  /** Numbers of the replicas of a node; null when the document has no such node. */
  replicasOf(node: string): number[] | null;
  /** All that runs. */
  everything(): Members;
}

interface Members {
  processes: { node: string; replica: number }[];
  edges: string[];
}

type Resolved = ProcessTarget | EdgeTarget | (ProcessTarget | EdgeTarget)[];

/** A request that may be carried out: known fault, valid parameters, existing target that allows it. */
export function checkRequest(
  { fault, target, parameters, seed = 0, ...course }: FaultRequest,
  targets: Targets,
): { fault: FaultId; parameters: Record<string, unknown>; target: Resolved } {
  const definition: FaultDefinition | undefined = faults.find((candidate) => candidate.fault === fault);
  if (!definition)
    throw new ArchipelError(
      'not-found',
      `There is no fault "${fault}".`,
      `Use one of ${faults.map((known) => known.fault).join(', ')}.`,
    );
  const acts = definition.target;
  const fits = 'node' in target ? acts === 'process' : 'edge' in target || 'edges' in target ? acts === 'edge' : true;
  if (!fits)
    throw new ArchipelError(
      'fault-impossible',
      `"${fault}" acts on ${acts === 'edge' ? 'an edge, not on a process' : 'a process, not on an edge'}.`,
      acts === 'edge'
        ? 'Name an edge as the target, or a group.'
        : 'Name a node and a replica as the target, or a group.',
    );
  const errors = schemaErrors(definition.parameters, parameters, '$.parameters');
  if (errors.length > 0)
    throw new ArchipelError(
      'document-invalid',
      `The parameters of "${fault}" are not valid: ${errors.map(({ path, message }) => `${path} ${message}`).join('; ')}.`,
      errors.map(({ nextStep }) => nextStep).join(' '),
      { errors },
    );
  const [misplaced] = checkFaultCourse(definition, course, '$');
  if (misplaced)
    throw new ArchipelError(
      'fault-impossible',
      `${misplaced.path.slice(2)}: ${misplaced.message}.`,
      misplaced.nextStep,
    );
  return {
    fault: definition.fault as FaultId,
    parameters: definition.parameters.parse(parameters) as z.output<z.ZodObject>,
    target: resolveTarget(target, definition, targets, seed),
  };
}

function resolveTarget(target: FaultTarget, definition: FaultDefinition, targets: Targets, seed: number): Resolved {
  if ('edge' in target || ('node' in target && target.select === undefined))
    return resolve(target, definition, targets);
  const members = membersOf(target, definition, targets);
  const chosen = target.select === undefined ? members : selectFrom(members, target.select as Selector, seed);
  if (chosen.length > 0) return chosen;
  const isEdge = definition.target === 'edge';
  throw new ArchipelError(
    'fault-impossible',
    `"${definition.fault}" has nothing to act on in ${describeTarget(target)}: ${isEdge ? `no edge${definition.protocols ? ` that carries ${definition.protocols.join(' or ')}` : ''} leads into it or out of it` : 'no process runs in it'}.`,
    isEdge ? 'Name an edge as the target.' : 'Choose another target, or put nodes there.',
  );
}

/** All that a target with several members holds and the fault can act on. */
function membersOf(
  target: Exclude<FaultTarget, { edge: string }>,
  definition: FaultDefinition,
  targets: Targets,
): (ProcessTarget | EdgeTarget)[] {
  const { fault, target: acts, protocols } = definition;
  if ('edges' in target) return target.edges.map((edge) => resolve({ edge }, definition, targets));
  if ('node' in target) {
    const replicas = targets.replicasOf(target.node);
    if (!replicas) throw noSuchReplica(target.node, target.replica);
    return replicas.map((replica) => resolve({ node: target.node, replica }, definition, targets));
  }
  const found = 'group' in target ? targets.resolveGroup(target.group) : targets.everything();
  if (!found && 'group' in target)
    throw new ArchipelError(
      'not-found',
      `No group "${target.group}" is running.`,
      'Name a group of the running document.',
    );
  const { processes, edges } = found as Members;
  // Edges of several protocols lead into a group; the fault is meant for those that it understands.
  const understands = (edge: string): boolean =>
    protocols?.includes(targets.resolveEdge(edge)?.protocol as Protocol) ?? true;
  if (acts === 'edge') return edges.filter(understands).map((edge) => resolve({ edge }, definition, targets));
  // Who asks for a group by its name means all of it; a selection, or everything, is made of those that the fault can act on.
  const strict = 'group' in target && target.select === undefined;
  return processes.flatMap((process) => {
    const able = targets.resolveProcess(process.node, process.replica)?.faults?.includes(fault) ?? true;
    return able || strict ? [resolve(process, definition, targets)] : [];
  });
}

function resolve(
  target: { edge: string } | { node: string; replica: number },
  { fault, protocols }: FaultDefinition,
  { resolveProcess, resolveEdge }: Targets,
): ProcessTarget | EdgeTarget {
  if ('edge' in target) {
    const edge = resolveEdge(target.edge);
    if (edge && protocols && !protocols.includes(edge.protocol))
      throw new ArchipelError(
        'fault-impossible',
        `"${fault}" understands ${protocols.join(', ')}, and edge "${target.edge}" carries ${edge.protocol}.`,
        'Choose another edge, or a fault that acts on bytes, such as "latency".',
      );
    if (edge) return edge;
    throw new ArchipelError(
      'not-found',
      `No edge "${target.edge}" is running.`,
      'Name an edge of the running document.',
    );
  }
  const process = resolveProcess(target.node, target.replica);
  if (!process) throw noSuchReplica(target.node, target.replica);
  if (process.faults && !process.faults.includes(fault))
    throw new ArchipelError(
      'fault-impossible',
      `"${fault}" cannot act on "${target.node}".`,
      process.faults.length > 0 ? `Use one of ${process.faults.join(', ')}.` : 'Choose another node.',
    );
  return process;
}

const noSuchReplica = (node: string, replica: number): ArchipelError =>
  new ArchipelError(
    'not-found',
    `No replica ${replica} of a node "${node}" is running.`,
    'Name a node of the running document and one of its replicas, counted from 0.',
  );

export function describeTarget(target: FaultTarget): string {
  if ('edge' in target) return `edge "${target.edge}"`;
  if ('node' in target && target.select === undefined) return `replica ${target.replica} of "${target.node}"`;
  if ('group' in target && target.select === undefined) return `group "${target.group}"`;
  return targetName(target);
}
