import { type Bezier, pointOn } from './bezier.ts';
import { createRectGrid, type Rect } from './rect-grid.ts';

export interface LabelledEdge {
  id: string;
  curve: Bezier;
  /** Of its label. */
  width: number;
  height: number;
}

/** Along the curve, the middle first. */
const PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.19, 0.81];
/** A label that covers a card hides more than one that covers another label. */
const OVER_CARD = 3;
/** What going to the end of the curve costs, in covered square units: only where it helps. */
const FAR_FROM_MIDDLE = 900;
const GAP = 4;

/** Where along its curve each label stands, 0 to 1: as near the middle as it can without covering cards or other labels. */
export function placeLabels(edges: readonly LabelledEdge[], cards: readonly Rect[]): Map<string, number> {
  const cardsNear = createRectGrid(cards);
  const labelsNear = createRectGrid([]);
  const places = new Map<string, number>();
  // Short curves have the fewest places to choose from.
  for (const edge of [...edges].sort((a, b) => lengthOf(a) - lengthOf(b))) {
    let best = { cost: Number.POSITIVE_INFINITY, place: 0.5, rect: rectAt(edge, 0.5) };
    for (const place of PLACES) {
      const rect = rectAt(edge, place);
      const cost =
        OVER_CARD * covered(rect, cardsNear.near(rect)) +
        covered(rect, labelsNear.near(rect)) +
        FAR_FROM_MIDDLE * (place - 0.5) ** 2;
      if (cost < best.cost) best = { cost, place, rect };
      if (cost === 0) break;
    }
    places.set(edge.id, best.place);
    labelsNear.add(best.rect);
  }
  return places;
}

const lengthOf = ({ curve: [x0 = 0, y0 = 0, , , , , x3 = 0, y3 = 0] }: LabelledEdge): number =>
  Math.hypot(x3 - x0, y3 - y0);

function rectAt({ curve, width, height }: LabelledEdge, place: number): Rect {
  const { x, y } = pointOn(curve, place);
  return { x: x - width / 2 - GAP, y: y - height / 2 - GAP, width: width + 2 * GAP, height: height + 2 * GAP };
}

const covered = (rect: Rect, others: Iterable<Rect>): number => {
  let area = 0;
  for (const other of others) {
    const width = Math.min(rect.x + rect.width, other.x + other.width) - Math.max(rect.x, other.x);
    const height = Math.min(rect.y + rect.height, other.y + other.height) - Math.max(rect.y, other.y);
    if (width > 0 && height > 0) area += width * height;
  }
  return area;
};
