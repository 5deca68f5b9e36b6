import type { ArchipelDocument } from '../../engine/model/document.ts';
import { groupsWithin } from '../../engine/model/groups.ts';
import { groupOfKey, moveOnCanvas } from './group-edits.ts';
import { type Box, boxOf, isLocked } from './parts.ts';

type Document = ArchipelDocument;
export type Side = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom';
export type Sizes = ReadonlyMap<string, { width: number; height: number }>;

/** Those of a selection that are moved by themselves: not what a selected frame takes along. */
export function outermost(document: Document, keys: readonly string[]): string[] {
  const frames = keys.flatMap((key) => groupOfKey(key) ?? []);
  return keys.filter((key) => {
    const own = groupOfKey(key);
    const around =
      own === null
        ? document.nodes.find(({ id }) => id === key)?.group
        : document.groups.find(({ id }) => id === own)?.parent;
    return around == null || !frames.some((frame) => groupsWithin(document, frame).has(around));
  });
}

const boxes = (document: Document, keys: readonly string[], cards?: Sizes) =>
  outermost(document, keys).flatMap((key) => {
    const box = boxOf(document, key, cards);
    return box ? [{ key, box }] : [];
  });

/** Lines parts up along a side or a middle of all of them together. */
export function align(document: Document, keys: readonly string[], side: Side, cards?: Sizes): Document {
  const parts = boxes(document, keys, cards);
  if (parts.length < 2) return document;
  const left = Math.min(...parts.map(({ box }) => box.x));
  const right = Math.max(...parts.map(({ box }) => box.x + box.width));
  const top = Math.min(...parts.map(({ box }) => box.y));
  const bottom = Math.max(...parts.map(({ box }) => box.y + box.height));
  const placed = ({ x, y, width, height }: Box) => {
    switch (side) {
      case 'left':
        return { x: left, y };
      case 'centre':
        return { x: (left + right - width) / 2, y };
      case 'right':
        return { x: right - width, y };
      case 'top':
        return { x, y: top };
      case 'middle':
        return { x, y: (top + bottom - height) / 2 };
      case 'bottom':
        return { x, y: bottom - height };
    }
  };
  return moveOnCanvas(document, new Map(parts.map(({ key, box }) => [key, placed(box)])));
}

/** Makes the gaps between parts equal; the first and the last stay. */
export function distribute(document: Document, keys: readonly string[], axis: 'x' | 'y', cards?: Sizes): Document {
  const length = axis === 'x' ? 'width' : 'height';
  const parts = boxes(document, keys, cards).sort((a, b) => a.box[axis] - b.box[axis]);
  const [first, last] = [parts[0], parts.at(-1)];
  if (!first || !last || parts.length < 3) return document;
  const span = last.box[axis] + last.box[length] - first.box[axis];
  const gap = (span - parts.reduce((sum, { box }) => sum + box[length], 0)) / (parts.length - 1);
  let at = first.box[axis];
  const to = new Map<string, { x: number; y: number }>();
  for (const { key, box } of parts) {
    to.set(key, { x: box.x, y: box.y, [axis]: at });
    at += box[length] + gap;
  }
  return moveOnCanvas(document, to);
}

/** Moves parts by a few pixels, as the arrow keys do. */
export function nudge(document: Document, keys: readonly string[], by: { x: number; y: number }): Document {
  const parts = boxes(document, keys).filter(({ key }) => !isLocked(document, key));
  return moveOnCanvas(document, new Map(parts.map(({ key, box }) => [key, { x: box.x + by.x, y: box.y + by.y }])));
}

export interface SnapLine {
  axis: 'x' | 'y';
  /** Where the line runs: its x, or its y. */
  at: number;
  /** How far it reaches on the other axis. */
  from: number;
  to: number;
}

/** Which edges and middles of a dragged box fall on those of others within a distance, and where it snaps to. */
export function snap(box: Box, others: readonly Box[], within: number): { x: number; y: number; lines: SnapLine[] } {
  const x = nearest(box, others, within, 'x', 'width', 'y', 'height');
  const y = nearest(box, others, within, 'y', 'height', 'x', 'width');
  return {
    x: box.x + (x?.shift ?? 0),
    y: box.y + (y?.shift ?? 0),
    lines: [x?.line, y?.line].filter((line): line is SnapLine => line !== undefined),
  };
}

function nearest(
  box: Box,
  others: readonly Box[],
  within: number,
  axis: 'x' | 'y',
  length: 'width' | 'height',
  across: 'x' | 'y',
  acrossLength: 'width' | 'height',
): { shift: number; line: SnapLine } | null {
  const marks = (of: Box) => [of[axis], of[axis] + of[length] / 2, of[axis] + of[length]];
  let best: { shift: number; line: SnapLine } | null = null;
  for (const other of others)
    for (const [index, mark] of marks(other).entries())
      for (const [ownIndex, own] of marks(box).entries()) {
        // A middle goes with a middle, a side with a side.
        if ((index === 1) !== (ownIndex === 1)) continue;
        const shift = mark - own;
        if (Math.abs(shift) > within || (best && Math.abs(best.shift) <= Math.abs(shift))) continue;
        best = {
          shift,
          line: {
            axis,
            at: mark,
            from: Math.min(box[across], other[across]),
            to: Math.max(box[across] + box[acrossLength], other[across] + other[acrossLength]),
          },
        };
      }
  return best;
}
