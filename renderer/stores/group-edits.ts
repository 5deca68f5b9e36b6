import type { ArchipelDocument } from '../../engine/model/document.ts';
import { type ArchipelGroup, groupSchema, groupsWithin, mayStandIn, nodesWithin } from '../../engine/model/groups.ts';
import { type Key, key, t } from '../i18n/t.ts';
import { freeId } from './document-edits.ts';
import { noteKey } from './note-edits.ts';

type Document = ArchipelDocument;
type Point = { x: number; y: number };
type Size = { width: number; height: number };

/** What a card takes up, where it was not measured. */
export const CARD: Size = { width: 216, height: 106 };
const FRAME: Record<ArchipelGroup['kind'], Size> = {
  host: { width: 300, height: 220 },
  zone: { width: 420, height: 320 },
  team: { width: 420, height: 320 },
};
const TITLES: Record<ArchipelGroup['kind'], Key> = { host: key('Host'), zone: key('Zone'), team: key('Team') };
const MARGIN = 28;
const HEAD = 44;

/** Ids of groups as the canvas and the selection name them, beside those of nodes. */
export const groupKey = (id: string): string => `group/${id}`;
export const groupOfKey = (key: string): string | null => (key.startsWith('group/') ? key.slice(6) : null);

/** Adds a group, around the nodes and groups given by their keys where it may hold them, or at the point. `cards` are sizes that were measured. */
export function addGroup(
  document: Document,
  kind: ArchipelGroup['kind'],
  at: Point,
  around: readonly string[] = [],
  cards?: ReadonlyMap<string, Size>,
): { document: Document; id: string } {
  const id = freeId(
    kind,
    document.groups.map((group) => group.id),
  );
  const number = id.slice(kind.length + 1);
  const inner = document.groups.filter((group) => around.includes(groupKey(group.id)) && mayStandIn(group.kind, kind));
  const held = new Set(inner.flatMap((group) => [...groupsWithin(document, group.id)]));
  const members = document.nodes.filter(
    (node) => around.includes(node.id) && (node.group === undefined || !held.has(node.group)),
  );
  const boxes = [
    ...members.map((node) => ({ ...node.position, ...(cards?.get(node.id) ?? CARD) })),
    ...inner.map((group) => ({ ...group.position, ...frameSize(group) })),
  ];
  const box = boxes.length > 0 ? boxAround(boxes) : { ...at, ...FRAME[kind] };
  const inside = new Set(members.map((node) => node.id));
  const parents = new Set([...members.map((node) => node.group ?? null), ...inner.map(({ parent }) => parent)]);
  const [outer] = parents.size === 1 ? [...parents] : [null];
  const parent = document.groups.find((group) => group.id === outer);
  const group = groupSchema.parse({
    id,
    kind,
    name: number ? `${t(TITLES[kind])} ${number}` : t(TITLES[kind]),
    position: { x: Math.round(box.x), y: Math.round(box.y) },
    size: { width: Math.round(box.width), height: Math.round(box.height) },
    parent: parent && mayStandIn(kind, parent.kind) ? parent.id : null,
  });
  return {
    id,
    document: {
      ...document,
      groups: [...document.groups.map((other) => (inner.includes(other) ? { ...other, parent: id } : other)), group],
      nodes: document.nodes.map((node) => (inside.has(node.id) ? { ...node, group: id } : node)),
    },
  };
}

function boxAround(boxes: readonly (Point & Size)[]): Point & Size {
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN - HEAD;
  return {
    x: left,
    y: top,
    width: Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN - left,
    height: Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN - top,
  };
}

/** What a group takes up on the canvas now: a collapsed one is as large as a card. */
export const frameSize = ({ collapsed, size }: Pick<ArchipelGroup, 'collapsed' | 'size'>): Size =>
  collapsed ? CARD : size;

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
  /** The nearest group around that stays. */
  const parentOf = (id: string): string | undefined => {
    const parent = document.groups.find((group) => group.id === id)?.parent ?? undefined;
    return parent !== undefined && gone.has(parent) ? parentOf(parent) : parent;
  };
  const outer = (group: ArchipelGroup): string | null => {
    const parent = document.groups.find(({ id }) => id === parentOf(group.id));
    return parent && mayStandIn(group.kind, parent.kind) ? parent.id : null;
  };
  return {
    ...document,
    groups: document.groups
      .filter(({ id }) => !gone.has(id))
      .map((group) => (group.parent !== null && gone.has(group.parent) ? { ...group, parent: outer(group) } : group)),
    nodes: document.nodes
      .filter(({ id }) => !nodesGone.has(id))
      .map((node) => (node.group !== undefined && gone.has(node.group) ? inGroup(node, parentOf(node.group)) : node)),
    edges: document.edges.filter(({ source, target }) => !nodesGone.has(source) && !nodesGone.has(target)),
  };
}

/** Unfolds the groups around nodes and groups, given by their keys, so that they are seen. */
export function unfoldAround(document: Document, keys: readonly string[]): Document {
  const around = new Set<string>();
  for (const key of keys) {
    const group = document.groups.find(({ id }) => groupKey(id) === key);
    let at = group ? group.parent : document.nodes.find(({ id }) => id === key)?.group;
    while (at != null && !around.has(at)) {
      around.add(at);
      const outer: string = at;
      at = document.groups.find(({ id }) => id === outer)?.parent;
    }
  }
  if (!document.groups.some(({ id, collapsed }) => collapsed && around.has(id))) return document;
  return {
    ...document,
    groups: document.groups.map((group) => {
      if (!group.collapsed || !around.has(group.id)) return group;
      const { collapsed: _, ...rest } = group;
      return rest;
    }),
  };
}

/**
 * Moves nodes, groups and notes, by their keys, to where they were dropped. A group takes along what is in it; what was
 * dropped belongs to the frame under its middle from then on, and a node counts as placed by hand. What is locked stays.
 */
export function moveOnCanvas(document: Document, to: ReadonlyMap<string, Point>): Document {
  const shifts = new Map<string, Point>();
  for (const group of document.groups) {
    const at = to.get(groupKey(group.id));
    if (!at || group.locked) continue;
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
    if (!to.has(groupKey(group.id)) || group.locked) return group;
    // One that moves together with the frame around it stays in that.
    if (group.parent !== null && to.has(groupKey(group.parent))) return group;
    const inside = groupsWithin(document, group.id);
    const around = groups.filter(({ id, kind }) => !inside.has(id) && mayStandIn(group.kind, kind));
    const parent = frameAt(around, middleOf(group.position, frameSize(group)))?.id ?? null;
    return parent === group.parent ? group : { ...group, parent };
  });
  const nodes = document.nodes.map((node) => {
    const at = to.get(node.id);
    const shift = node.group === undefined ? undefined : shifts.get(node.group);
    if (!at || node.locked)
      return shift && (shift.x !== 0 || shift.y !== 0) ? { ...node, position: shifted(node.position, shift) } : node;
    const position = { x: Math.round(at.x), y: Math.round(at.y) };
    const group = frameAt(reparented, middleOf(position, CARD))?.id;
    const same = position.x === node.position.x && position.y === node.position.y && group === node.group;
    return same ? node : inGroup({ ...node, position, placed: true }, group);
  });
  const notes = document.notes.map((note) => {
    const at = to.get(noteKey(note.id));
    if (!at || note.locked || (at.x === note.position.x && at.y === note.position.y)) return note;
    return { ...note, position: { x: Math.round(at.x), y: Math.round(at.y) } };
  });
  const moved =
    nodes.some((node, index) => node !== document.nodes[index]) ||
    notes.some((note, index) => note !== document.notes[index]) ||
    reparented.some((group, index) => group !== document.groups[index]);
  return moved ? { ...document, nodes, notes, groups: reparented } : document;
}

/** Moves nodes to where a layout has them. None of them counts as placed by hand any more. */
export function layOut(document: Document, to: ReadonlyMap<string, Point>): Document {
  const moved = moveOnCanvas(document, to);
  if (!moved.nodes.some(({ id, placed }) => placed && to.has(id))) return moved;
  const nodes = moved.nodes.map((node) => {
    if (!node.placed || !to.has(node.id)) return node;
    const { placed: _, ...rest } = node;
    return rest;
  });
  return { ...moved, nodes };
}

/** The innermost frame at a point: the smallest of those that hold it. A collapsed one shows nothing to drop into. */
export const frameAt = (groups: readonly ArchipelGroup[], point: Point): ArchipelGroup | undefined =>
  groups
    .filter((group) => !group.collapsed && holds(group, point))
    .sort((a, b) => a.size.width * a.size.height - b.size.width * b.size.height)[0];

const holds = ({ position, size }: ArchipelGroup, { x, y }: Point): boolean =>
  x >= position.x && x <= position.x + size.width && y >= position.y && y <= position.y + size.height;

export const middleOf = ({ x, y }: Point, { width, height }: Size): Point => ({ x: x + width / 2, y: y + height / 2 });

export function inGroup<Node extends { group?: string }>(node: Node, group: string | undefined): Node {
  const { group: _, ...rest } = node;
  return (group === undefined ? rest : { ...rest, group }) as Node;
}
