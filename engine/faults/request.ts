import type { z } from 'zod';
import { checkFaultCourse } from '../model/checks/fault-course-checks.ts';
import type { FaultDefinition } from '../model/definition.ts';
import type { Protocol } from '../model/edge.ts';
import { ArchipelError } from '../model/error.ts';
import type { FaultCourse, FaultTarget, Selector } from '../model/fault.ts';
import type { ArchipelGroup } from '../model/groups.ts';
import { schemaErrors } from '../model/issues.ts';
import { targetName } from '../model/target-name.ts';
import { type FaultId, faults } from './index.ts';
import type { EdgeTarget, MemberTarget, NodeTarget, ProcessTarget } from './inject.ts';
import type { PlannedPart } from './part.ts';
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
  resolveNode(node: string): NodeTarget | null;
  /** The processes in a group, and the edges that lead into it or out of it. Null when there is no such group. */
  resolveGroup(group: string): Members | null;
  /** Numbers of the replicas of a node; null when the document has no such node. */
  replicasOf(node: string): number[] | null;
  /** All that runs. */
  everything(): Members;
}

export interface Members {
  /** Of a group. */
  kind?: ArchipelGroup['kind'];
  nodes: string[];
  processes: { node: string; replica: number }[];
  edges: string[];
  /** Those that lead into a group. */
  incomingEdges?: string[];
}

/** `parts`: of a fault that is made of others, those; or those that it may draw from. */
type Resolved = MemberTarget | MemberTarget[] | { parts: PlannedPart[] };

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
  const fits =
    acts === 'any' || acts === 'group'
      ? acts === 'any' || ('group' in target && target.select === undefined)
      : 'node' in target
        ? acts === 'process' || acts === 'node'
        : 'edge' in target || 'edges' in target
          ? acts === 'edge'
          : true;
  if (!fits)
    throw new ArchipelError(
      'fault-impossible',
      `"${fault}" acts on ${actsOn[acts]}.`,
      acts === 'edge'
        ? 'Name an edge as the target, or a group.'
        : acts === 'process' || acts === 'node'
          ? 'Name a node and a replica as the target, or a group.'
          : 'Name a host or a zone as the target.',
    );
  if (acts === 'node' && 'node' in target && target.select !== undefined)
    throw new ArchipelError(
      'fault-impossible',
      `"${fault}" acts on the node as a whole, not on some of its replicas.`,
      'Leave "select" out.',
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
  const parsed = definition.parameters.parse(parameters) as z.output<z.ZodObject>;
  return {
    fault: definition.fault as FaultId,
    parameters: parsed,
    target: definition.composition
      ? { parts: partsOf(target as { group: string }, definition, parsed, targets) }
      : definition.hidden
        ? { parts: candidatesOf(target, parsed.families as string[], targets, seed) }
        : resolveTarget(target, definition, targets, seed),
  };
}

const actsOn: Record<FaultDefinition['target'], string> = {
  edge: 'an edge, not on a process',
  process: 'a process, not on an edge',
  node: 'a node, not on an edge',
  group: 'a whole host or zone',
  any: 'anything',
};

const definitionOf = (fault: string): FaultDefinition =>
  faults.find((candidate) => candidate.fault === fault) as unknown as FaultDefinition;

/** The faults that one on a group is made of, each with its members. A part that finds nobody is left out. */
function partsOf(
  target: { group: string },
  { fault, composition }: FaultDefinition,
  parameters: Record<string, unknown>,
  targets: Targets,
): PlannedPart[] {
  const group = targets.resolveGroup(target.group);
  if (!group) throw noSuchGroup(target.group);
  if (group.kind && !composition?.groups.some((kind) => kind === group.kind))
    throw new ArchipelError(
      'fault-impossible',
      `"${fault}" acts on a ${composition?.groups.join(' or a ')}, and "${target.group}" is a ${group.kind}.`,
      'Choose another group.',
    );
  const parts = (composition?.parts(parameters) ?? []).map((part) => {
    const definition = definitionOf(part.fault);
    const { processes, edges, incomingEdges = [] } = group;
    const all =
      part.on === 'processes' ? processes : (part.on === 'edges' ? edges : incomingEdges).map((edge) => ({ edge }));
    return {
      fault: part.fault as PlannedPart['fault'],
      parameters: definition.parameters.parse(part.parameters) as Record<string, unknown>,
      members: all.map((member) => resolve(member, definition, targets)),
    };
  });
  if (parts.some(({ members }) => members.length > 0)) return parts.filter(({ members }) => members.length > 0);
  throw new ArchipelError(
    'fault-impossible',
    `"${fault}" has nothing to act on in ${describeTarget(target)}.`,
    'Choose another group, or put nodes there.',
  );
}

/** Every fault of these families on each member that can bear it, with its defaults, in a fixed order. */
function candidatesOf(target: FaultTarget, families: readonly string[], targets: Targets, seed: number): PlannedPart[] {
  const members = everyMemberOf(target, targets);
  const chosen = 'select' in target && target.select !== undefined ? selectFrom(members, target.select, seed) : members;
  const fitting = (faults as unknown as readonly FaultDefinition[]).filter(
    ({ family, target: acts }) => families.includes(family) && (acts === 'process' || acts === 'edge'),
  );
  const candidates = chosen.flatMap((member) =>
    fitting
      .filter((definition) => canBear(member, definition))
      .map(
        (definition): PlannedPart => ({
          fault: definition.fault as PlannedPart['fault'],
          parameters: definition.parameters.parse(definition.defaults) as Record<string, unknown>,
          members: [member],
        }),
      ),
  );
  if (candidates.length > 0) return candidates;
  throw new ArchipelError(
    'fault-impossible',
    `Nothing in ${describeTarget(target)} can bear a fault of the families ${families.join(', ')}.`,
    'Choose more families, or another target.',
  );
}

function everyMemberOf(target: FaultTarget, targets: Targets): MemberTarget[] {
  if ('edge' in target || 'edges' in target)
    return ('edge' in target ? [target.edge] : target.edges).flatMap((edge) => targets.resolveEdge(edge) ?? []);
  if ('node' in target) {
    const replicas = target.select === undefined ? [target.replica] : (targets.replicasOf(target.node) ?? []);
    return replicas.flatMap((replica) => harmable(target.node, replica, targets));
  }
  const found = 'group' in target ? targets.resolveGroup(target.group) : targets.everything();
  if (!found && 'group' in target) throw noSuchGroup(target.group);
  const { processes, edges } = found as Members;
  return [
    ...processes.flatMap(({ node, replica }) => harmable(node, replica, targets)),
    ...edges.flatMap((edge) => targets.resolveEdge(edge) ?? []),
  ];
}

/** A server of the user's own is left alone. */
function harmable(node: string, replica: number, targets: Targets): ProcessTarget[] {
  try {
    const process = targets.resolveProcess(node, replica);
    return process ? [process.hidden?.() ?? process] : [];
  } catch {
    return [];
  }
}

/** Who sends the traffic measures all the others, and meets only faults of the traffic. */
function canBear(member: MemberTarget, { fault, family, target, protocols }: FaultDefinition): boolean {
  if ('edgeId' in member) return target === 'edge' && (protocols?.includes(member.protocol) ?? true);
  const sends = member.faults?.some((known) => definitionOf(known)?.family === 'traffic') ?? false;
  return target === 'process' && (member.faults?.includes(fault) ?? true) && (!sends || family === 'traffic');
}

const noSuchGroup = (group: string): ArchipelError =>
  new ArchipelError('not-found', `No group "${group}" is running.`, 'Name a group of the running document.');

function resolveTarget(target: FaultTarget, definition: FaultDefinition, targets: Targets, seed: number): Resolved {
  if ('edge' in target || ('node' in target && target.select === undefined))
    return resolve(target, definition, targets);
  const members = membersOf(target, definition, targets);
  const chosen = target.select === undefined ? members : selectFrom(members, target.select as Selector, seed);
  if (chosen.length > 0) return chosen;
  const isEdge = definition.target === 'edge';
  throw new ArchipelError(
    'fault-impossible',
    `"${definition.fault}" has nothing to act on in ${describeTarget(target)}: ${definition.target === 'node' ? 'no node in it can have it' : isEdge ? `no edge${definition.protocols ? ` that carries ${definition.protocols.join(' or ')}` : ''} leads into it or out of it` : 'no process runs in it'}.`,
    isEdge ? 'Name an edge as the target.' : 'Choose another target, or put nodes there.',
  );
}

/** All that a target with several members holds and the fault can act on. */
function membersOf(
  target: Exclude<FaultTarget, { edge: string }>,
  definition: FaultDefinition,
  targets: Targets,
): MemberTarget[] {
  const { fault, target: acts, protocols } = definition;
  if ('edges' in target) return target.edges.map((edge) => resolve({ edge }, definition, targets));
  if ('node' in target) {
    const replicas = targets.replicasOf(target.node);
    if (!replicas) throw noSuchReplica(target.node, target.replica);
    return replicas.map((replica) => resolve({ node: target.node, replica }, definition, targets));
  }
  const found = 'group' in target ? targets.resolveGroup(target.group) : targets.everything();
  if (!found && 'group' in target) throw noSuchGroup(target.group);
  const { nodes, processes, edges } = found as Members;
  // Edges of several protocols lead into a group; the fault is meant for those that it understands.
  const understands = (edge: string): boolean =>
    protocols?.includes(targets.resolveEdge(edge)?.protocol as Protocol) ?? true;
  if (acts === 'edge') return edges.filter(understands).map((edge) => resolve({ edge }, definition, targets));
  // Of nodes as a whole those are meant that can have it at all.
  if (acts === 'node') return nodes.flatMap((node) => ableNode(node, fault, targets) ?? []);
  // Who asks for a group by its name means all of it; a selection, or everything, is made of those that the fault can act on.
  const strict = 'group' in target && target.select === undefined;
  return processes.flatMap((process) => {
    const able = targets.resolveProcess(process.node, process.replica)?.faults?.includes(fault) ?? true;
    return able || strict ? [resolve(process, definition, targets)] : [];
  });
}

function resolve(
  target: { edge: string } | { node: string; replica: number },
  { fault, protocols, target: acts }: FaultDefinition,
  { resolveProcess, resolveEdge, resolveNode }: Targets,
): MemberTarget {
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
  const process = acts === 'node' ? resolveNode(target.node) : resolveProcess(target.node, target.replica);
  if (!process) throw noSuchReplica(target.node, target.replica);
  if (process.faults && !process.faults.includes(fault))
    throw new ArchipelError(
      'fault-impossible',
      `"${fault}" cannot act on "${target.node}".`,
      process.faults.length > 0 ? `Use one of ${process.faults.join(', ')}.` : 'Choose another node.',
    );
  return process;
}

const ableNode = (node: string, fault: string, { resolveNode }: Targets): NodeTarget | null => {
  const found = resolveNode(node);
  return found?.faults?.includes(fault) && found.autoscaler() ? found : null;
};

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
