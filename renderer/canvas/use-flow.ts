import { useCallback, useEffect, useRef, useState } from 'react';
import { applyNodeChanges, type EdgeChange, type NodeChange, type OnNodeDrag } from 'reactflow';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { useLanguage } from '../i18n/language.ts';
import { edit, useDocument } from '../stores/document.ts';
import { moveOnCanvas } from '../stores/group-edits.ts';
import { partKeys } from '../stores/parts.ts';
import { select, useSession } from '../stores/session.ts';
import { onMovesShown } from './animate.ts';
import { type CanvasEdge, flowEdges } from './flow-edges.ts';
import { absolutePosition, type CanvasNode, flowNodes, flowParent } from './flow-nodes.ts';
import { clearSnapLines, snapShift } from './snapping.ts';

/**
 * The document's nodes and edges as React Flow wants them. Sizes and positions in mid-drag live here only; a finished
 * drag is one edit of the document.
 */
export function useFlow() {
  const documentNodes = useDocument(({ document }) => document.nodes);
  const groups = useDocument(({ document }) => document.groups);
  const notes = useDocument(({ document }) => document.notes);
  const documentEdges = useDocument(({ document }) => document.edges);
  const selectedNodes = useSession((state) => state.selectedNodes);
  const selectedEdges = useSession((state) => state.selectedEdges);
  const language = useLanguage((state) => state.language);
  const [nodes, setNodes] = useState<CanvasNode[]>([]);
  const [edges, setEdges] = useState<CanvasEdge[]>([]);
  /** The language of their labels. */
  const labelled = useRef({ nodes: language, edges: language }).current;
  const isDragging = useRef(false);
  /** Alt lets a dragged card stand where it is dropped. */
  const isFree = useRef(false);

  useEffect(() => {
    // Asked now: what is set may be made later.
    const { nodes: spoken } = labelled;
    setNodes((before) =>
      flowNodes({ nodes: documentNodes, groups, notes }, selectedNodes, knownIn(language, before, spoken)),
    );
    labelled.nodes = language;
  }, [documentNodes, groups, notes, selectedNodes, language, labelled]);

  useEffect(() => {
    const { edges: spoken } = labelled;
    setEdges((before) =>
      flowEdges(
        { nodes: documentNodes, groups, edges: documentEdges },
        selectedEdges,
        knownIn(language, before, spoken),
      ),
    );
    labelled.edges = language;
  }, [documentNodes, groups, documentEdges, selectedEdges, language, labelled]);

  // What an undo or a deletion took away is not selected any more.
  useEffect(() => {
    const nodeIds = new Set(partKeys({ ...useDocument.getState().document, nodes: documentNodes, groups, notes }));
    const edgeIds = new Set(documentEdges.map(({ id }) => id));
    const session = useSession.getState();
    select({
      nodes: session.selectedNodes.filter((id) => nodeIds.has(id)),
      edges: session.selectedEdges.filter((id) => edgeIds.has(id)),
    });
  }, [documentNodes, groups, notes, documentEdges]);

  const onNodesChange = useCallback((changes: NodeChange<CanvasNode>[]) => {
    const { document } = useDocument.getState();
    const snapped = isDragging.current && !isFree.current ? withSnap(document, changes) : changes;
    setNodes((before) =>
      applyNodeChanges(
        snapped.filter(({ type }) => type === 'position' || type === 'dimensions'),
        before,
      ),
    );
    const ended = placesIn(document, snapped, false);
    if (ended.size > 0) {
      clearSnapLines();
      edit((before) => moveOnCanvas(before, ended));
    }
    applySelection('selectedNodes', changes);
  }, []);

  // Only cards outside of frames glide, so their places are those of the document.
  useEffect(() => {
    onMovesShown((places) => {
      if (places) setNodes((before) => before.map((node) => withPlace(node, places.get(node.id))));
    });
    return () => onMovesShown(() => {});
  }, []);

  const onEdgesChange = useCallback(
    (changes: EdgeChange<CanvasEdge>[]) => applySelection('selectedEdges', changes),
    [],
  );

  const onNodeDragStart = useCallback(() => {
    isDragging.current = true;
  }, []);
  const onNodeDragStop = useCallback(() => {
    isDragging.current = false;
  }, []);

  const onNodeDrag = useCallback<OnNodeDrag<CanvasNode>>(({ altKey }) => {
    isFree.current = altKey;
    if (altKey) clearSnapLines();
  }, []);

  return { nodes, edges, onNodeDrag, onNodesChange, onEdgesChange, onNodeDragStart, onNodeDragStop };
}

/** What is drawn, by its id. In another language nothing of it stays as it is. */
const knownIn = <Part extends CanvasNode | CanvasEdge>(language: string, parts: readonly Part[], before: string) =>
  new Map(parts.map((part) => [part.id, language === before ? part : ({ ...part, data: {} } as unknown as Part)]));

const withPlace = (node: CanvasNode, position: { x: number; y: number } | undefined): CanvasNode =>
  position ? { ...node, position } : node;

/** Where parts are dragged to, or dropped, in the document. */
function placesIn(document: ArchipelDocument, changes: readonly NodeChange<CanvasNode>[], dragging: boolean) {
  return new Map(
    changes.flatMap((change) =>
      change.type === 'position' && change.dragging === dragging && change.position
        ? [[change.id, absolutePosition(document, flowParent(document, change.id), change.position)] as const]
        : [],
    ),
  );
}

function withSnap(document: ArchipelDocument, changes: NodeChange<CanvasNode>[]): NodeChange<CanvasNode>[] {
  const dragged = placesIn(document, changes, true);
  const to = dragged.size > 0 ? dragged : placesIn(document, changes, false);
  if (to.size === 0) return changes;
  const shift = snapShift(document, to);
  return changes.map((change) =>
    change.type === 'position' && change.position
      ? { ...change, position: { x: change.position.x + shift.x, y: change.position.y + shift.y } }
      : change,
  );
}

function applySelection(key: 'selectedNodes' | 'selectedEdges', changes: readonly { type: string }[]): void {
  const selections = changes.filter(
    (change): change is { type: 'select'; id: string; selected: boolean } => change.type === 'select',
  );
  if (selections.length === 0) return;
  const session = useSession.getState();
  const ids = new Set(session[key]);
  for (const { id, selected } of selections) {
    if (selected) ids.add(id);
    else ids.delete(id);
  }
  const next = { nodes: session.selectedNodes, edges: session.selectedEdges };
  select(key === 'selectedNodes' ? { ...next, nodes: [...ids] } : { ...next, edges: [...ids] });
}
