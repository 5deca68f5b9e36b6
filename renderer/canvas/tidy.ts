import type { ElkNode } from 'elkjs';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { t } from '../i18n/t.ts';
import { edit, useDocument } from '../stores/document.ts';
import { CARD, groupKey, layOut } from '../stores/group-edits.ts';
import { noteKey } from '../stores/note-edits.ts';
import { type Box, boxOf, isLocked } from '../stores/parts.ts';
import { animateMoves } from './animate.ts';
import { canvasViewport } from './viewport.ts';

const GAP = { layers: 110, cards: 44 };

type Sizes = ReadonlyMap<string, { width: number; height: number }>;
type Point = { x: number; y: number };

/** Whether what was placed by hand may be moved too. */
export interface Tidying {
  alsoPlaced: boolean;
}

/**
 * Where nodes stand when each is to the right of those that call it and no edge crosses more than it must. Only the nodes
 * given are laid out, around where they are now; those that are locked, stand in a frame or were placed by hand stay, and the
 * others go around them.
 */
export async function tidied(
  document: ArchipelDocument,
  keys: readonly string[],
  sizes: Sizes,
  tidying: Tidying,
): Promise<ReadonlyMap<string, Point>> {
  // A large library that few need at the start.
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js');
  const ids = new Set(keys);
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.layered.spacing.nodeNodeBetweenLayers': String(GAP.layers),
      'elk.spacing.nodeNode': String(GAP.cards),
      'elk.spacing.componentComponent': String(GAP.cards),
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.layered.nodePlacement.favorStraightEdges': 'true',
    },
    children: keys.map((id) => ({ id, ...(sizes.get(id) ?? CARD) })),
    edges: document.edges
      .filter(({ source, target }) => ids.has(source) && ids.has(target))
      .map(({ id, source, target }) => ({ id, sources: [source], targets: [target] })),
  };
  const { children = [] } = await new Elk().layout(graph);
  const movable = new Set(tidyable(document, keys, tidying));
  const shift = shiftTo(document, children, sizes, movable);
  return around(
    standing(document, movable, sizes),
    children
      .filter(({ id }) => movable.has(id))
      .map(({ id, x = 0, y = 0, width = CARD.width, height = CARD.height }) => ({
        id,
        box: { x: Math.round(x + shift.x), y: Math.round(y + shift.y), width, height },
      })),
  );
}

/** What tidying leaves where it is: other cards outside of frames, frames, notes. */
function standing(document: ArchipelDocument, movable: ReadonlySet<string>, sizes: Sizes): Box[] {
  const keys = [
    ...document.nodes.filter(({ id, group }) => group === undefined && !movable.has(id)).map(({ id }) => id),
    ...document.groups.map(({ id }) => groupKey(id)),
    ...document.notes.map(({ id }) => noteKey(id)),
  ];
  return keys.flatMap((key) => boxOf(document, key, sizes) ?? []);
}

/** Each card in its column, pushed down below what stands in its way. */
function around(standing: readonly Box[], cards: readonly { id: string; box: Box }[]): Map<string, Point> {
  const taken = [...standing];
  const places = new Map<string, Point>();
  for (const { id, box } of [...cards].sort((a, b) => a.box.y - b.box.y)) {
    let at = box;
    for (let other = taken.find(overlapping(at)); other; other = taken.find(overlapping(at)))
      at = { ...at, y: Math.round(other.y + other.height + GAP.cards) };
    taken.push(at);
    places.set(id, { x: at.x, y: at.y });
  }
  return places;
}

const overlapping = (one: Box) => (other: Box) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

/** From where the layout has its cards to the document: on what stays where it is, else on the corner of what moves. */
function shiftTo(
  document: ArchipelDocument,
  cards: readonly ElkNode[],
  sizes: Sizes,
  movable: ReadonlySet<string>,
): Point {
  const placed = cards.flatMap(({ id, x = 0, y = 0 }) => {
    const box = boxOf(document, id, sizes);
    return box ? [{ id, x: box.x - x, y: box.y - y, box, at: { x, y } }] : [];
  });
  const fixed = placed.filter(({ id }) => !movable.has(id));
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  if (fixed.length > 0) return { x: mean(fixed.map(({ x }) => x)), y: mean(fixed.map(({ y }) => y)) };
  const least = (of: readonly number[]) => Math.min(...of);
  return {
    x: least(placed.map(({ box }) => box.x)) - least(placed.map(({ at }) => at.x)),
    y: least(placed.map(({ box }) => box.y)) - least(placed.map(({ at }) => at.y)),
  };
}

/**
 * Those of the keys that tidying moves: nodes that are not locked, in no frame, for a frame was drawn around where they are,
 * and not placed by hand unless that is asked for.
 */
export const tidyable = (document: ArchipelDocument, keys: readonly string[], { alsoPlaced }: Tidying): string[] =>
  document.nodes
    .filter(
      ({ id, group, placed }) =>
        keys.includes(id) && group === undefined && !isLocked(document, id) && (alsoPlaced || !placed),
    )
    .map(({ id }) => id);

/** Lays nodes out anew, so that one sees where each goes, as one edit. */
export async function tidyUp(keys: readonly string[], tidying: Tidying): Promise<void> {
  const { document } = useDocument.getState();
  const movable = tidyable(document, keys, tidying);
  const nodes = keys.filter((key) => document.nodes.some(({ id }) => id === key));
  const to = await tidied(document, nodes, canvasViewport().sizes(), tidying);
  // Somebody may have edited meanwhile: what was drawn last counts.
  if (useDocument.getState().document !== document) return;
  await animateMoves(to, new Map(document.nodes.map(({ id, position }) => [id, position])));
  if (useDocument.getState().document !== document) return;
  edit((before) => layOut(before, to), { name: t('tidy up {{count}} nodes', { count: movable.length }) });
  requestAnimationFrame(() => requestAnimationFrame(() => canvasViewport().fit(nodes)));
}
