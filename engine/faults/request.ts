import type { z } from 'zod';
import type { FaultDefinition } from '../model/definition.ts';
import { ArchipelError } from '../model/error.ts';
import type { FaultTarget } from '../model/experiment.ts';
import { schemaErrors } from '../model/issues.ts';
import { type FaultId, faults } from './index.ts';
import type { EdgeTarget, ProcessTarget } from './inject.ts';

export interface FaultRequest {
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
  resolveGroup(group: string): { processes: { node: string; replica: number }[]; edges: string[] } | null;
}

type Resolved = ProcessTarget | EdgeTarget | (ProcessTarget | EdgeTarget)[];

/** A request that may be carried out: known fault, valid parameters, existing target that allows it. */
export function checkRequest(
  { fault, target, parameters }: FaultRequest,
  targets: Targets,
): { fault: FaultId; parameters: Record<string, unknown>; target: Resolved } {
  const definition: FaultDefinition | undefined = faults.find((candidate) => candidate.fault === fault);
  if (!definition)
    throw new ArchipelError(
      'not-found',
      `There is no fault "${fault}".`,
      `Use one of ${faults.map((known) => known.fault).join(', ')}.`,
    );
  if (!('group' in target) && (definition.target === 'edge' ? !('edge' in target) : !('node' in target)))
    throw new ArchipelError(
      'fault-impossible',
      `"${fault}" acts on ${definition.target === 'edge' ? 'an edge, not on a process' : 'a process, not on an edge'}.`,
      definition.target === 'edge'
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
  return {
    fault: definition.fault as FaultId,
    parameters: definition.parameters.parse(parameters) as z.output<z.ZodObject>,
    target: 'group' in target ? resolveGroup(target, definition, targets) : resolve(target, fault, targets),
  };
}

function resolveGroup(
  { group }: { group: string },
  { fault, target: acts }: FaultDefinition,
  targets: Targets,
): (ProcessTarget | EdgeTarget)[] {
  const found = targets.resolveGroup(group);
  if (!found)
    throw new ArchipelError('not-found', `No group "${group}" is running.`, 'Name a group of the running document.');
  const members =
    acts === 'edge'
      ? found.edges.map((edge) => resolve({ edge }, fault, targets))
      : found.processes.map((process) => resolve(process, fault, targets));
  if (members.length > 0) return members;
  throw new ArchipelError(
    'fault-impossible',
    `"${fault}" has nothing to act on in "${group}": ${acts === 'edge' ? 'no edge leads into it or out of it' : 'no process runs in it'}.`,
    acts === 'edge' ? 'Name an edge as the target.' : 'Put nodes into the group.',
  );
}

function resolve(
  target: Exclude<FaultTarget, { group: string }>,
  fault: string,
  { resolveProcess, resolveEdge }: Targets,
): ProcessTarget | EdgeTarget {
  if ('edge' in target) {
    const edge = resolveEdge(target.edge);
    if (edge) return edge;
    throw new ArchipelError(
      'not-found',
      `No edge "${target.edge}" is running.`,
      'Name an edge of the running document.',
    );
  }
  const process = resolveProcess(target.node, target.replica);
  if (!process)
    throw new ArchipelError(
      'not-found',
      `No replica ${target.replica} of a node "${target.node}" is running.`,
      'Name a node of the running document and one of its replicas, counted from 0.',
    );
  if (process.faults && !process.faults.includes(fault))
    throw new ArchipelError(
      'fault-impossible',
      `"${fault}" cannot act on "${target.node}".`,
      process.faults.length > 0 ? `Use one of ${process.faults.join(', ')}.` : 'Choose another node.',
    );
  return process;
}

export const describeTarget = (target: FaultTarget): string =>
  'group' in target
    ? `group "${target.group}"`
    : 'edge' in target
      ? `edge "${target.edge}"`
      : `replica ${target.replica} of "${target.node}"`;
