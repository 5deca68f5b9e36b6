import { useCallback, useEffect, useRef, useState } from 'react';
import { applyNodeChanges, type EdgeChange, type NodeChange } from 'reactflow';
import { edit, useDocument } from '../stores/document.ts';
import { groupKey, moveOnCanvas } from '../stores/group-edits.ts';
import { select, useSession } from '../stores/session.ts';
import type { FlowEdge } from './EdgeLine.tsx';
import { absolutePosition, type CanvasNode, flowNodes, flowParent } from './flow-nodes.ts';

/**
 * The document's nodes and edges as React Flow wants them. Sizes and positions in mid-drag live here only; a finished
 * drag is one edit of the document.
 */
export function useFlow() {
  const documentNodes = useDocument(({ document }) => document.nodes);
  const groups = useDocument(({ document }) => document.groups);
  const documentEdges = useDocument(({ document }) => document.edges);
  const selectedNodes = useSession((state) => state.selectedNodes);
  const selectedEdges = useSession((state) => state.selectedEdges);
  const [nodes, setNodes] = useState<CanvasNode[]>([]);
  const [edges, setEdges] = useState<FlowEdge[]>([]);
  const isDragging = useRef(false);

  useEffect(() => {
    setNodes((before) =>
      flowNodes({ nodes: documentNodes, groups }, selectedNodes, new Map(before.map((node) => [node.id, node]))),
    );
  }, [documentNodes, groups, selectedNodes]);

  useEffect(() => {
    setEdges((before) => {
      const known = new Map(before.map((edge) => [edge.id, edge]));
      return documentEdges.map((edge): FlowEdge => {
        const shown = known.get(edge.id);
        const selected = selectedEdges.includes(edge.id);
        if (shown?.data?.edge === edge && shown.selected === selected) return shown;
        return {
          id: edge.id,
          type: 'line',
          source: edge.source,
          target: edge.target,
          data: { edge },
          selected,
          ariaLabel: `Connection ${edge.id}`,
        };
      });
    });
  }, [documentEdges, selectedEdges]);

  // What an undo or a deletion took away is not selected any more.
  useEffect(() => {
    const nodeIds = new Set([...documentNodes.map(({ id }) => id), ...groups.map(({ id }) => groupKey(id))]);
    const edgeIds = new Set(documentEdges.map(({ id }) => id));
    const session = useSession.getState();
    select({
      nodes: session.selectedNodes.filter((id) => nodeIds.has(id)),
      edges: session.selectedEdges.filter((id) => edgeIds.has(id)),
    });
  }, [documentNodes, groups, documentEdges]);

  const onNodesChange = useCallback((changes: NodeChange<CanvasNode>[]) => {
    setNodes((before) =>
      applyNodeChanges(
        changes.filter(({ type }) => type === 'position' || type === 'dimensions'),
        before,
      ),
    );
    const { document } = useDocument.getState();
    const parentOf = (id: string) => flowParent(document, id);
    const ended = changes.flatMap((change) =>
      change.type === 'position' && change.dragging === false && change.position
        ? [[change.id, absolutePosition(document, parentOf(change.id), change.position)] as const]
        : [],
    );
    // Each drag is an edit of its own; the small steps of arrow keys in a row are one.
    const step = isDragging.current ? undefined : `move ${ended.map(([id]) => id).join(' ')}`;
    if (ended.length > 0) edit((before) => moveOnCanvas(before, new Map(ended)), { step });
    applySelection('selectedNodes', changes);
  }, []);

  const onEdgesChange = useCallback((changes: EdgeChange<FlowEdge>[]) => applySelection('selectedEdges', changes), []);

  const onNodeDragStart = useCallback(() => {
    isDragging.current = true;
  }, []);
  const onNodeDragStop = useCallback(() => {
    isDragging.current = false;
  }, []);

  return { nodes, edges, onNodesChange, onEdgesChange, onNodeDragStart, onNodeDragStop };
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
