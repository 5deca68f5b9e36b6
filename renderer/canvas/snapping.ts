import type { ArchipelDocument } from '../../engine/model/document.ts';
import { type SnapLine, snap } from '../stores/arrange.ts';
import { type Box, boxOf, partKeys, withContents } from '../stores/parts.ts';
import { hiddenBy } from './flow-nodes.ts';
import { canvasViewport } from './viewport.ts';

/** So many pixels of the screen away a card is drawn to the line of another. */
const WITHIN_PX = 6;

const NONE: readonly SnapLine[] = [];
let lines = NONE;

/** The lines that what is dragged now has snapped to. */
export const snapLines = (): readonly SnapLine[] => lines;

/** What does not move in this drag. All of it is looked up once: a thousand cards each time would take a third of a frame. */
let still: { document: ArchipelDocument; moved: string; boxes: readonly Box[] } | null = null;

/** The drag is over. */
export const clearSnapLines = (): void => {
  still = null;
  lines = NONE;
};

/**
 * How far parts that are dragged to these places go beyond them, to line up with one that is not dragged. Shows the lines.
 * Places are of the document.
 */
export function snapShift(
  document: ArchipelDocument,
  to: ReadonlyMap<string, { x: number; y: number }>,
): { x: number; y: number } {
  const keys = [...to.keys()];
  const moved = keys.join('\n');
  const sizes = canvasViewport().sizes();
  if (still?.document !== document || still.moved !== moved)
    still = { document, moved, boxes: stillBoxes(document, keys, sizes) };
  const boxes = [...to].flatMap(([key, { x, y }]) => {
    const box = boxOf(document, key, sizes);
    return box ? [{ ...box, x, y }] : [];
  });
  if (boxes.length === 0) return { x: 0, y: 0 };
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const dragged: Box = {
    x: left,
    y: top,
    width: Math.max(...boxes.map(({ x, width }) => x + width)) - left,
    height: Math.max(...boxes.map(({ y, height }) => y + height)) - top,
  };
  const snapped = snap(dragged, still.boxes, WITHIN_PX / canvasViewport().scale());
  lines = snapped.lines.length > 0 ? snapped.lines : NONE;
  return { x: snapped.x - dragged.x, y: snapped.y - dragged.y };
}

/** What is seen and stands still while these parts are moved. */
function stillBoxes(
  document: ArchipelDocument,
  moved: readonly string[],
  sizes: ReadonlyMap<string, { width: number; height: number }>,
): Box[] {
  const moving = new Set(withContents(document, moved));
  return partKeys(document)
    .filter((key) => !moving.has(key) && isSeen(document, key))
    .flatMap((key) => boxOf(document, key, sizes) ?? []);
}

function isSeen(document: ArchipelDocument, key: string): boolean {
  if (document.groups.every(({ collapsed }) => !collapsed)) return true;
  const around =
    document.nodes.find(({ id }) => id === key)?.group ??
    document.groups.find(({ id }) => `group/${id}` === key)?.parent;
  return hiddenBy(document, around) === null;
}
