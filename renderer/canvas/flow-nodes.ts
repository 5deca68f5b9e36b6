import type { ArchipelDocument } from '../../engine/model/document.ts';
import type { ArchipelGroup } from '../../engine/model/groups.ts';
import { type Key, key, t } from '../i18n/t.ts';
import { frameSize, groupKey } from '../stores/group-edits.ts';
import { noteKey } from '../stores/note-edits.ts';
import type { GroupNode } from './GroupFrame.tsx';
import type { FlowNode } from './NodeCard.tsx';
import type { NoteNode } from './NoteCard.tsx';

/** What React Flow draws: frames first, each after the one around it, then cards, then notes. */
export type CanvasNode = FlowNode | GroupNode | NoteNode;

const groupKinds: Record<ArchipelGroup['kind'], Key> = { host: key('host'), zone: key('zone'), team: key('team') };

type Parts = Pick<ArchipelDocument, 'nodes' | 'groups' | 'notes'>;
type Point = { x: number; y: number };

/** From the outermost group around a group to the group itself. Ends where parents go round in a circle. */
function groupPath({ groups }: Pick<ArchipelDocument, 'groups'>, id: string): string[] {
  const path: string[] = [];
  for (let at: string | null | undefined = id; at != null && !path.includes(at); ) {
    const current: string = at;
    if (!groups.some((group) => group.id === current)) break;
    path.unshift(current);
    at = groups.find((group) => group.id === current)?.parent;
  }
  return path;
}

/** The key of the outermost collapsed group that hides what stands in a group; null when it is seen. */
export function hiddenBy(document: Pick<ArchipelDocument, 'groups'>, group: string | null | undefined): string | null {
  if (group == null) return null;
  const outer = groupPath(document, group).find((id) => document.groups.find((other) => other.id === id)?.collapsed);
  return outer === undefined ? null : groupKey(outer);
}

/**
 * The document's groups, nodes and notes as React Flow wants them. Positions in the document are absolute; in a frame they
 * count from its corner. What did not change keeps its identity; what a collapsed group hides is left out.
 */
export function flowNodes(
  { nodes, groups, notes }: Parts,
  selected: readonly string[],
  known: ReadonlyMap<string, CanvasNode>,
): CanvasNode[] {
  const origins = new Map(groups.map((group) => [group.id, group.position]));
  const within = (position: Point, parent: string | null | undefined): Point => {
    const origin = parent == null ? undefined : origins.get(parent);
    return origin ? { x: position.x - origin.x, y: position.y - origin.y } : position;
  };
  const parentOf = (parent: string | null | undefined) =>
    parent != null && origins.has(parent) ? groupKey(parent) : undefined;
  const isSelected = (id: string) => selected.includes(id);

  const frames = groups
    .map((group) => ({ group, depth: groupPath({ groups }, group.id).length }))
    .filter(({ group }) => hiddenBy({ groups }, group.parent) === null)
    .sort((a, b) => a.depth - b.depth)
    .map(({ group, depth }): CanvasNode => {
      const id = groupKey(group.id);
      const shown = known.get(id) as GroupNode | undefined;
      const position = within(group.position, group.parent);
      const parentId = parentOf(group.parent);
      const still = shown?.parentId === parentId && shown !== undefined && samePlace(shown, position);
      if (shown?.data.group === group && shown.selected === isSelected(id) && still) return shown;
      const size = frameSize(group);
      return {
        ...shown,
        id,
        type: 'frame',
        data: { group },
        position: shown?.dragging ? shown.position : position,
        parentId,
        ...size,
        measured: size,
        zIndex: group.collapsed ? 0 : depth - 20,
        draggable: !group.locked,
        selected: isSelected(id),
        ariaLabel: `${group.name}, ${t(groupKinds[group.kind])}`,
        domAttributes: { 'aria-roledescription': t('group') },
      };
    });

  const cards = nodes
    .filter(({ group }) => hiddenBy({ groups }, group) === null)
    .map((node): CanvasNode => {
      const shown = known.get(node.id) as FlowNode | undefined;
      const place = within(node.position, node.group);
      const parentId = parentOf(node.group);
      const still = shown?.parentId === parentId && shown !== undefined && samePlace(shown, place);
      if (shown?.data.node === node && shown.selected === isSelected(node.id) && still) return shown;
      // A change of the config in mid-drag does not pull the card back.
      const position = shown?.dragging ? shown.position : place;
      return {
        ...shown,
        id: node.id,
        type: 'card',
        data: { node },
        position,
        parentId,
        draggable: !node.locked,
        selected: isSelected(node.id),
        ariaLabel: node.name,
        domAttributes: { 'aria-roledescription': t('card') },
      };
    });

  const written = notes.map((note): CanvasNode => {
    const id = noteKey(note.id);
    const shown = known.get(id) as NoteNode | undefined;
    const still = shown !== undefined && samePlace(shown, note.position);
    if (shown?.data.note === note && shown.selected === isSelected(id) && still) return shown;
    return {
      ...shown,
      id,
      type: 'note',
      data: { note },
      position: shown?.dragging ? shown.position : note.position,
      ...note.size,
      draggable: !note.locked,
      selected: isSelected(id),
      ariaLabel: note.text ? t('Note: {{text}}', { text: note.text }) : t('Note: empty'),
      domAttributes: { 'aria-roledescription': t('note') },
    };
  });
  return [...frames, ...cards, ...written];
}

const samePlace = (shown: CanvasNode, place: Point): boolean =>
  shown.dragging === true || (shown.position.x === place.x && shown.position.y === place.y);

/** Where a node stands in the document when React Flow has it at `position`. */
export function absolutePosition(
  { groups }: Pick<ArchipelDocument, 'groups'>,
  parentId: string | undefined,
  position: Point,
): Point {
  const parent = groups.find(({ id }) => groupKey(id) === parentId);
  return parent ? { x: position.x + parent.position.x, y: position.y + parent.position.y } : position;
}

/** The frame that a card or frame is drawn in. */
export function flowParent({ nodes, groups }: ArchipelDocument, id: string): string | undefined {
  const parent =
    nodes.find((node) => node.id === id)?.group ?? groups.find((group) => groupKey(group.id) === id)?.parent;
  return parent == null ? undefined : groupKey(parent);
}
