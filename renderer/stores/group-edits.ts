import type { ArchipelDocument } from '../../engine/model/document.ts';
import { type ArchipelGroup, groupSchema, groupsWithin, nodesWithin } from '../../engine/model/groups.ts';
import { freeId } from './document-edits.ts';

type Document = ArchipelDocument;
type Point = { x: number; y: number };
type Size = { width: number; height: number };

/** What a card takes up, where it was not measured. */
export const CARD: Size = { width: 216, height: 106 };
const FRAME: Record<ArchipelGroup['kind'], Size> = {
  host: { width: 300, height: 220 },
  zone: { width: 420, height: 320 },
};
const TITLES: Record<ArchipelGroup['kind'], string> = { host: 'Host', zone: 'Zone' };
const MARGIN = 28;
const HEAD = 44;

/** Ids of groups as the canvas and the selection name them, beside those of nodes. */
export const groupKey = (id: string): string => `group/${id}`;
export const groupOfKey = (key: string): string | null => (key.startsWith('group/') ? key.slice(6) : null);

/** Adds a host or zone, around the nodes given or at the point. */
export function addGroup(
  document: Document,
  kind: ArchipelGroup['kind'],
  at: Point,
  around: readonly string[] = [],
): { document: Document; id: string } {
  const id = freeId(
    kind,
    document.groups.map((group) => group.id),
  );
  const number = id.slice(kind.length + 1);
  const members = document.nodes.filter((node) => around.includes(node.id));
  const box = members.length > 0 ? boxOf(members.map(({ position }) => position)) : { ...at, ...FRAME[kind] };
  const group = groupSchema.parse({
    id,
    kind,
    name: number ? `${TITLES[kind]} ${number}` : TITLES[kind],
    position: { x: Math.round(box.x), y: Math.round(box.y) },
    size: { width: Math.round(box.width), height: Math.round(box.height) },
  });
  const inside = new Set(members.map((node) => node.id));
  return {
    id,
    document: {
      ...document,
      groups: [...document.groups, group],
      nodes: document.nodes.map((node) => (inside.has(node.id) ? { ...node, group: id } : node)),
    },
  };
}

function boxOf(points: readonly Point[]): Point & Size {
  const left = Math.min(...points.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...points.map(({ y }) => y)) - MARGIN - HEAD;
  return {
    x: left,
    y: top,
    width: Math.max(...points.map(({ x }) => x)) + CARD.width + MARGIN - left,
    height: Math.max(...points.map(({ y }) => y)) + CARD.height + MARGIN - top,
  };
}

export const changeGroup = (
  document: Document,
  id: string,
  change: (group: ArchipelGroup) => ArchipelGroup,
): Document => ({
  ...document,
  groups: document.groups.map((group) => (group.id === id ? change(group) : group)),
});

/** Takes groups away. Their nodes stay where they are, unless they are to go too. */
export function removeGroups(document: Document, ids: readonly string[], withNodes = false): Document {
  if (!document.groups.some(({ id }) => ids.includes(id))) return document;
  const gone = new Set(withNodes ? ids.flatMap((id) => [...groupsWithin(document, id)]) : ids);
  const nodesGone = new Set(withNodes ? ids.flatMap((id) => nodesWithin(document, id)) : []);
  const parentOf = (id: string) => document.groups.find((group) => group.id === id)?.parent ?? undefined;
  return {
    ...document,
    groups: document.groups
      .filter(({ id }) => !gone.has(id))
      .map((group) => (group.parent !== null && gone.has(group.parent) ? { ...group, parent: null } : group)),
    nodes: document.nodes
      .filter(({ id }) => !nodesGone.has(id))
      .map((node) => (node.group !== undefined && gone.has(node.group) ? inGroup(node, parentOf(node.group)) : node)),
    edges: document.edges.filter(({ source, target }) => !nodesGone.has(source) && !nodesGone.has(target)),
  };
}

/**
 * Moves nodes and groups to where they were dropped. A group takes along what is in it; what was dropped belongs to the
 * frame under its middle from then on.
 */
export function moveOnCanvas(document: Document, to: ReadonlyMap<string, Point>): Document {
  const shifts = new Map<string, Point>();
  for (const group of document.groups) {
    const at = to.get(groupKey(group.id));
    if (!at) continue;
    const shift = { x: Math.round(at.x) - group.position.x, y: Math.round(at.y) - group.position.y };
    for (const id of groupsWithin(document, group.id)) if (!shifts.has(id)) shifts.set(id, shift);
  }
  const shifted = (position: Point, shift: Point | undefined): Point =>
    shift ? { x: position.x + shift.x, y: position.y + shift.y } : position;
  const groups = document.groups.map((group) => {
    const shift = shifts.get(group.id);
    return shift && (shift.x !== 0 || shift.y !== 0) ? { ...group, position: shifted(group.position, shift) } : group;
  });
  const reparented = groups.map((group) => {
    if (!to.has(groupKey(group.id)) || group.kind === 'zone') return group;
    const parent = groups.find((zone) => zone.kind === 'zone' && holds(zone, middleOf(group.position, group.size)));
    return (parent?.id ?? null) === group.parent ? group : { ...group, parent: parent?.id ?? null };
  });
  const nodes = document.nodes.map((node) => {
    const at = to.get(node.id);
    const shift = node.group === undefined ? undefined : shifts.get(node.group);
    if (!at)
      return shift && (shift.x !== 0 || shift.y !== 0) ? { ...node, position: shifted(node.position, shift) } : node;
    const position = { x: Math.round(at.x), y: Math.round(at.y) };
    const group = frameAt(reparented, middleOf(position, CARD))?.id;
    const same = position.x === node.position.x && position.y === node.position.y && group === node.group;
    return same ? node : inGroup({ ...node, position }, group);
  });
  const moved =
    nodes.some((node, index) => node !== document.nodes[index]) ||
    reparented.some((group, index) => group !== document.groups[index]);
  return moved ? { ...document, nodes, groups: reparented } : document;
}

/** The innermost frame at a point: a host before the zone around it. */
const frameAt = (groups: readonly ArchipelGroup[], point: Point): ArchipelGroup | undefined =>
  groups.find((group) => group.kind === 'host' && holds(group, point)) ?? groups.find((group) => holds(group, point));

const holds = ({ position, size }: ArchipelGroup, { x, y }: Point): boolean =>
  x >= position.x && x <= position.x + size.width && y >= position.y && y <= position.y + size.height;

const middleOf = ({ x, y }: Point, { width, height }: Size): Point => ({ x: x + width / 2, y: y + height / 2 });

function inGroup<Node extends { group?: string }>(node: Node, group: string | undefined): Node {
  const { group: _, ...rest } = node;
  return (group === undefined ? rest : { ...rest, group }) as Node;
}
