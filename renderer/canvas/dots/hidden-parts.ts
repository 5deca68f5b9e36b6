import { type Bezier, pointOn } from '../bezier.ts';
import type { RectGrid } from '../rect-grid.ts';

/** A curve is looked at in so many parts. */
const PARTS = 40;

/** Which parts of a curve lie below a card or a label: 1 is hidden. */
export type HiddenParts = Uint8Array;

export function hiddenParts(curve: Bezier, covers: RectGrid): HiddenParts {
  const hidden = new Uint8Array(PARTS);
  for (let part = 0; part < PARTS; part += 1) {
    const { x, y } = pointOn(curve, (part + 0.5) / PARTS);
    if (covers.covers(x, y)) hidden[part] = 1;
  }
  return hidden;
}

/** Whether what is so far along the curve, 0 to 1, is hidden. */
export const isHidden = (hidden: HiddenParts | undefined, progress: number): boolean =>
  hidden?.[Math.min(PARTS - 1, Math.floor(progress * PARTS))] === 1;

/** Of each edge, as it was when the canvas last came to rest. */
export const hiddenPartsOf = new Map<string, HiddenParts>();
