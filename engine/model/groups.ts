import { z } from 'zod';
import { idSchema } from './id.ts';

/** Where nodes stand together: a machine, a part of a data centre with machines in it, or what one team answers for. */
const groupKindSchema = z.enum(['host', 'zone', 'team']);

/** Which groups a group of each kind may stand in. A host holds nodes only. */
const PARENTS: Record<z.infer<typeof groupKindSchema>, readonly z.infer<typeof groupKindSchema>[]> = {
  host: ['zone', 'team'],
  zone: ['team'],
  team: ['zone', 'team'],
};

/** Whether a group of the one kind may stand in one of the other. */
export const mayStandIn = (inner: ArchipelGroup['kind'], around: ArchipelGroup['kind']): boolean =>
  PARENTS[inner].includes(around);

export const budgetSchema = z.strictObject({
  slots: z.number().int().min(1).max(1000).nullable().default(null).meta({
    title: 'Slots',
    description: 'Processes that fit in here; each replica takes one. More are refused. Empty: as many as you like.',
  }),
  memoryMb: z.number().int().min(1).max(1_000_000).nullable().default(null).meta({
    title: 'Memory (MB)',
    description: 'Watched, not enforced: what the processes in here really hold is shown against it, and more is told.',
  }),
});

export const groupSchema = z.strictObject({
  id: idSchema,
  kind: groupKindSchema,
  name: z.string().min(1).max(80),
  /** Top left corner on the canvas, as nodes have it; not relative to the group around it. */
  position: z.strictObject({ x: z.number(), y: z.number() }),
  size: z.strictObject({ width: z.number().min(120), height: z.number().min(80) }),
  /** The group that it stands in. */
  parent: z.string().min(1).nullable().default(null),
  budget: budgetSchema.prefault({}),
  /** Drawn as one card that sums up what is in it. */
  collapsed: z.boolean().optional(),
  /** A group that is locked is not moved or deleted on the canvas. */
  locked: z.boolean().optional(),
});

export type ArchipelGroup = z.infer<typeof groupSchema>;

interface Grouped {
  groups: readonly Pick<ArchipelGroup, 'id' | 'parent'>[];
  nodes: readonly { id: string; group?: string }[];
  edges: readonly { id: string; source: string; target: string }[];
}

/** Ids of the groups in a group, itself included. Ends also where parents go round in a circle. */
export function groupsWithin({ groups }: Pick<Grouped, 'groups'>, groupId: string): Set<string> {
  const found = new Set([groupId]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { id, parent } of groups) if (parent !== null && found.has(parent)) found.add(id);
  }
  return found;
}

/** Ids of the nodes in a group and in the groups in it. */
export function nodesWithin(document: Pick<Grouped, 'groups' | 'nodes'>, groupId: string): string[] {
  const groups = groupsWithin(document, groupId);
  return document.nodes.filter(({ group }) => group !== undefined && groups.has(group)).map(({ id }) => id);
}

/** Ids of the edges that lead into a group or out of it. */
export function edgesAcross(document: Grouped, groupId: string): string[] {
  const inside = new Set(nodesWithin(document, groupId));
  return document.edges.filter(({ source, target }) => inside.has(source) !== inside.has(target)).map(({ id }) => id);
}
