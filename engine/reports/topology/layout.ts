import type { ArchipelDocument } from '../../model/document.ts';

/** Of a card, as on the canvas. */
export const CARD = { width: 216, height: 96 } as const;
/** What a card has below its figures: why it is limited, what acted on it. */
export const STRIP = 22;
const MARGIN = 24;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  size: { width: number; height: number };
  nodes: ReadonlyMap<string, Box>;
  groups: ReadonlyMap<string, Box>;
  notes: ReadonlyMap<string, Box>;
  edges: ReadonlyMap<string, { path: string; middle: { x: number; y: number } }>;
}

/** Where everything stands in the picture: as on the canvas, moved to its corner. `strips` is how many a node's card has. */
export function layOut(document: ArchipelDocument, strips: (nodeId: string) => number): Layout {
  const nodes = document.nodes.map(({ id, position }) => ({
    id,
    box: { ...position, width: CARD.width, height: CARD.height + STRIP * strips(id) },
  }));
  const groups = document.groups.map(({ id, position, size }) => ({ id, box: { ...position, ...size } }));
  const notes = document.notes.map(({ id, position, size }) => ({ id, box: { ...position, ...size } }));
  const all = [...nodes, ...groups, ...notes].map(({ box }) => box);
  const left = all.length === 0 ? 0 : Math.min(...all.map(({ x }) => x));
  const top = all.length === 0 ? 0 : Math.min(...all.map(({ y }) => y));
  const moved = ({ x, y, width, height }: Box): Box => ({ x: x - left + MARGIN, y: y - top + MARGIN, width, height });
  const placed = new Map(nodes.map(({ id, box }) => [id, moved(box)]));
  const framed = new Map(groups.map(({ id, box }) => [id, moved(box)]));
  const written = new Map(notes.map(({ id, box }) => [id, moved(box)]));
  const ends = [...placed.values(), ...framed.values(), ...written.values()];
  return {
    size: {
      width: Math.max(CARD.width, ...ends.map(({ x, width }) => x + width)) + MARGIN,
      height: Math.max(CARD.height, ...ends.map(({ y, height }) => y + height)) + MARGIN,
    },
    nodes: placed,
    groups: framed,
    notes: written,
    edges: new Map(
      document.edges.flatMap(({ id, source, target }) => {
        const [from, to] = [placed.get(source), placed.get(target)];
        return from && to ? [[id, curve(from, to)] as const] : [];
      }),
    ),
  };
}

/** From the right side of the caller to the left side of the callee, as the canvas draws it. */
function curve(from: Box, to: Box): { path: string; middle: { x: number; y: number } } {
  const [x1, y1] = [from.x + from.width, from.y + CARD.height / 2];
  const [x2, y2] = [to.x - 7, to.y + CARD.height / 2];
  // A callee to the left is reached by a loop.
  const reach = x2 > x1 ? (x2 - x1) / 2 : 60 + (x1 - x2) / 4;
  const round = (value: number): number => Math.round(value * 10) / 10;
  return {
    path: `M${round(x1)} ${round(y1)}C${round(x1 + reach)} ${round(y1)} ${round(x2 - reach)} ${round(y2)} ${round(x2)} ${round(y2)}`,
    middle: { x: round((x1 + x2) / 2), y: round((y1 + y2) / 2) },
  };
}
