import type { ElkNode } from 'elkjs';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { edit, useDocument } from '../stores/document.ts';
import { CARD, moveOnCanvas } from '../stores/group-edits.ts';
import { boxOf, isLocked } from '../stores/parts.ts';
import { animateMoves } from './animate.ts';
import { canvasViewport } from './viewport.ts';

const GAP = { layers: 110, cards: 44 };

type Sizes = ReadonlyMap<string, { width: number; height: number }>;

/**
 * Where nodes stand when each is to the right of those that call it and no edge crosses more than it must. Only the nodes
 * given are laid out, around where they are now; those that are locked or stand in a frame with others stay.
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
  const boxes = keys.flatMap((key) => boxOf(document, key, sizes) ?? []);
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const [fromX, fromY] = [Math.min(...children.map(({ x = 0 }) => x)), Math.min(...children.map(({ y = 0 }) => y))];
  return new Map(
    children.map(({ id, x = 0, y = 0 }) => [id, { x: Math.round(left + x - fromX), y: Math.round(top + y - fromY) }]),
  );
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
  const to = await tidied(document, movable, canvasViewport().sizes());
  // Somebody may have edited meanwhile: what was drawn last counts.
  if (useDocument.getState().document !== document) return;
  await animateMoves(to, new Map(document.nodes.map(({ id, position }) => [id, position])));
  if (useDocument.getState().document !== document) return;
  edit((before) => moveOnCanvas(before, to), { name: `tidy up ${movable.length} nodes` });
}
