import type { ArchipelDocument } from '../../engine/model/document.ts';
import { groupKey } from '../stores/group-edits.ts';
import type { GroupNode } from './GroupFrame.tsx';
import type { FlowNode } from './NodeCard.tsx';

/** What React Flow draws: frames first, each after the one around it, then cards. */
export type CanvasNode = FlowNode | GroupNode;

type Point = { x: number; y: number };

/**
 * The document's groups and nodes as React Flow wants them. Positions in the document are absolute; in a frame they count
 * from its corner. What did not change keeps its identity.
 */
export function flowNodes(
  { nodes, groups }: Pick<ArchipelDocument, 'nodes' | 'groups'>,
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

  const frames = [...groups]
    .sort((a, b) => Number(a.kind === 'host') - Number(b.kind === 'host'))
    .map((group): CanvasNode => {
      const id = groupKey(group.id);
      const shown = known.get(id) as GroupNode | undefined;
      const position = within(group.position, group.parent);
      const isSelected = selected.includes(id);
      if (shown?.data.group === group && shown.selected === isSelected && samePlace(shown, position)) return shown;
      return {
        ...shown,
        id,
        type: 'frame',
        data: { group },
        position: shown?.dragging ? shown.position : position,
        parentId: parentOf(group.parent),
        width: group.size.width,
        height: group.size.height,
        zIndex: group.kind === 'zone' ? -2 : -1,
        selected: isSelected,
        ariaLabel: group.name,
      };
    });

  const cards = nodes.map((node): CanvasNode => {
    const shown = known.get(node.id) as FlowNode | undefined;
    const place = within(node.position, node.group);
    const parentId = parentOf(node.group);
    const isSelected = selected.includes(node.id);
    const still = shown?.parentId === parentId && shown !== undefined && samePlace(shown, place);
    if (shown?.data.node === node && shown.selected === isSelected && still) return shown;
    // A change of the config in mid-drag does not pull the card back.
    const position = shown?.dragging ? shown.position : place;
    return {
      ...shown,
      id: node.id,
      type: 'card',
      data: { node },
      position,
      parentId,
      selected: isSelected,
      ariaLabel: node.name,
    };
  });
  return [...frames, ...cards];
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
