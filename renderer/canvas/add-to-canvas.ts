import type { ArchipelGroup } from '../../engine/model/groups.ts';
import { edit, useDocument } from '../stores/document.ts';
import { addNode, connect } from '../stores/document-edits.ts';
import { addGroup, CARD, groupKey } from '../stores/group-edits.ts';
import { select, useSession } from '../stores/session.ts';

/** Media type of what is dragged from the palette onto the canvas. */
export const KIND_MEDIA_TYPE = 'application/x-archipel-kind';

type Point = { x: number; y: number };

/** Set by the canvas: the document's point in the middle of what is seen. */
let middle: () => Point = () => ({ x: 0, y: 0 });
export const onMiddleAsked = (answer: () => Point): void => {
  middle = answer;
};

/** Adds a node of a kind where it was dropped, or in the middle beside what is there, and selects it. */
export function addToCanvas(kind: string, at?: Point): void {
  const { document } = useDocument.getState();
  const grown = addNode(document, kind, at ?? freePoint(middle()));
  edit(() => grown.document);
  select({ nodes: [grown.id] });
}

/** Adds a host or zone: around the selected cards, or where it was dropped. */
export function addGroupToCanvas(kind: ArchipelGroup['kind'], at?: Point): void {
  const { document } = useDocument.getState();
  const around = at ? [] : useSession.getState().selectedNodes;
  const grown = addGroup(document, kind, at ?? middle(), around);
  edit(() => grown.document);
  select({ nodes: [groupKey(grown.id)] });
}

export function connectOnCanvas(source: string, target: string): void {
  const grown = connect(useDocument.getState().document, source, target);
  edit(() => grown.document);
  select({ edges: [grown.id] });
}

/** To the right of cards that are in the way, then below. */
function freePoint(wanted: Point): Point {
  const { nodes } = useDocument.getState().document;
  const taken = ({ x, y }: Point) =>
    nodes.some(
      ({ position }) => Math.abs(position.x - x) < CARD.width + 20 && Math.abs(position.y - y) < CARD.height + 20,
    );
  for (let row = 0; row < 20; row++)
    for (let column = 0; column < 3; column++) {
      const point = {
        x: wanted.x - CARD.width / 2 + column * (CARD.width + 64),
        y: wanted.y - CARD.height / 2 + row * (CARD.height + 44),
      };
      if (!taken(point)) return point;
    }
  return wanted;
}
