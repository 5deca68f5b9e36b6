import type { ElkNode } from 'elkjs';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { t } from '../i18n/t.ts';
import { edit, useDocument } from '../stores/document.ts';
import { CARD, moveOnCanvas } from '../stores/group-edits.ts';
import { boxOf, isLocked } from '../stores/parts.ts';
import { animateMoves } from './animate.ts';
import { canvasViewport } from './viewport.ts';

const GAP = { layers: 110, cards: 44 };

type Sizes = ReadonlyMap<string, { width: number; height: number }>;

/**
 * Where nodes stand when each is to the right of those that call it and no edge crosses more than it must. Only the nodes
 * given are laid out, around where they are now; those that are locked or stand in a frame stay, and the others go around them.
 */
export async function tidied(
  document: ArchipelDocument,
  keys: readonly string[],
  sizes: Sizes,
): Promise<ReadonlyMap<string, { x: number; y: number }>> {
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
  const shift = shiftTo(document, children, sizes);
  const movable = new Set(tidyable(document, keys));
  return new Map(
    children
      .filter(({ id }) => movable.has(id))
      .map(({ id, x = 0, y = 0 }) => [id, { x: Math.round(x + shift.x), y: Math.round(y + shift.y) }]),
  );
}

/** From where the layout has its cards to the document: on what stays where it is, else on the corner of what moves. */
function shiftTo(document: ArchipelDocument, cards: readonly ElkNode[], sizes: Sizes): { x: number; y: number } {
  const movable = new Set(
    tidyable(
      document,
      cards.map(({ id }) => id),
    ),
  );
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

/** Those of the keys that tidying moves: nodes that are not locked, and in no frame, for a frame was drawn around where they are. */
export const tidyable = (document: ArchipelDocument, keys: readonly string[]): string[] =>
  document.nodes
    .filter(({ id, group }) => keys.includes(id) && group === undefined && !isLocked(document, id))
    .map(({ id }) => id);

/** Lays nodes out anew, so that one sees where each goes, as one edit. */
export async function tidyUp(keys: readonly string[]): Promise<void> {
  const { document } = useDocument.getState();
  const movable = tidyable(document, keys);
  const nodes = keys.filter((key) => document.nodes.some(({ id }) => id === key));
  const to = await tidied(document, nodes, canvasViewport().sizes());
  // Somebody may have edited meanwhile: what was drawn last counts.
  if (useDocument.getState().document !== document) return;
  await animateMoves(to, new Map(document.nodes.map(({ id, position }) => [id, position])));
  if (useDocument.getState().document !== document) return;
  edit((before) => moveOnCanvas(before, to), { name: t('tidy up {{count}} nodes', { count: movable.length }) });
  requestAnimationFrame(() => requestAnimationFrame(() => canvasViewport().fit(nodes)));
}
