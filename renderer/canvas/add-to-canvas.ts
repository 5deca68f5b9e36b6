import type { ArchipelGroup } from '../../engine/model/groups.ts';
import { t } from '../i18n/t.ts';
import { places } from '../palette/places.ts';
import { edit, useDocument } from '../stores/document.ts';
import { addNode, connect } from '../stores/document-edits.ts';
import { addGroup, CARD, groupKey, groupOfKey } from '../stores/group-edits.ts';
import { addNote, noteKey } from '../stores/note-edits.ts';
import { boxOf, partKeys } from '../stores/parts.ts';
import { select, useSession } from '../stores/session.ts';
import { canvasViewport } from './viewport.ts';

/** Media type of what is dragged from the palette onto the canvas. */
export const KIND_MEDIA_TYPE = 'application/x-archipel-kind';

type Point = { x: number; y: number };

/** Adds a node of a kind where it was dropped, or in the middle beside what is there, and selects it. */
export function addToCanvas(kind: string, at?: Point): void {
  const { document } = useDocument.getState();
  const grown = addNode(document, kind, at ?? freePoint(canvasViewport().middle()));
  edit(() => grown.document);
  select({ nodes: [grown.id] });
}

/** Adds a host, zone or team: around the selected cards, or where it was dropped. */
export function addGroupToCanvas(kind: ArchipelGroup['kind'], at?: Point): void {
  const { document } = useDocument.getState();
  const around = at ? [] : useSession.getState().selectedNodes;
  const grown = addGroup(document, kind, at ?? canvasViewport().middle(), around, canvasViewport().sizes());
  edit(() => grown.document);
  select({ nodes: [groupKey(grown.id)] });
}

export function addNoteToCanvas(at?: Point): void {
  const { document } = useDocument.getState();
  const grown = addNote(document, at ?? freePoint(canvasViewport().middle()));
  edit(() => grown.document, { name: t('add a note') });
  select({ nodes: [noteKey(grown.id)] });
}

/** Adds what was dropped from the palette, under the pointer. */
export function addFromPalette(kind: string, { x, y }: Point): void {
  const place = places.find((candidate) => candidate.kind === kind);
  if (kind === 'note') addNoteToCanvas({ x: x - 40, y: y - 20 });
  else if (place) addGroupToCanvas(place.kind, { x: x - 60, y: y - 20 });
  else addToCanvas(kind, { x: x - CARD.width / 2, y: y - 40 });
}

export function connectOnCanvas(source: string, target: string): void {
  const grown = connect(useDocument.getState().document, source, target);
  edit(() => grown.document);
  select({ edges: [grown.id] });
}

/** Where a card around the point has room: to the right of cards that are in the way, then below. */
export function freePoint(wanted: Point): Point {
  const { document } = useDocument.getState();
  const sizes = canvasViewport().sizes();
  const boxes = partKeys(document)
    .filter((key) => groupOfKey(key) === null)
    .flatMap((key) => boxOf(document, key, sizes) ?? []);
  const taken = ({ x, y }: Point) =>
    boxes.some(
      (box) =>
        x < box.x + box.width + 20 &&
        box.x < x + CARD.width + 20 &&
        y < box.y + box.height + 20 &&
        box.y < y + CARD.height + 20,
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
